"""Calls: arguments, structs handed over and given back, and library functions that are a card or two."""

from collections.abc import Callable

from core.workloads.code.frontends.c import calling, nodes, tree
from core.workloads.code.frontends.c.ctypes import VOID, FunctionType, PointerType, RecordType
from core.workloads.code.frontends.c.intrinsics import INTRINSICS
from core.workloads.code.frontends.c.lowering import copying, printing
from core.workloads.code.frontends.c.lowering.locating import Locator
from core.workloads.code.frontends.c.lowering.places import InMemory
from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.types import F64, I32, WORD

WORD_BYTES = 8


def words(size: int) -> int:
    """Count the words that so many bytes take."""
    return max(1, -(-size // WORD_BYTES))


def lower_call(lowerer: Locator, node: tree.Call, *, used: bool) -> Operand:
    """Write a call; gives its result, of a struct the address."""
    name = calling.called(node)
    if name in INTRINSICS:
        return INTRINSICS[name](lowerer.build, [lowerer.value(one) for one in node.args])
    if name == "printf" and not used and printing.lower_printf(lowerer, node):
        return 0
    if name in _INLINE:
        return _INLINE[name](lowerer, node)
    if name in calling.FORMATS:
        return _formatted(lowerer, node, name)
    return _plain(lowerer, node)


def _plain(lowerer: Locator, node: tree.Call) -> Operand:
    build = lowerer.build
    callee = node.callee.type
    assert isinstance(callee, PointerType)
    function = callee.target
    assert isinstance(function, FunctionType)
    args: list[Operand] = []
    result = None
    if isinstance(function.returns, RecordType):
        slot = build.slot("result", words(function.returns.size))
        result = build.compute("slot_bytes", WORD, symbol=slot)
        args.append(result)
    direct = _direct(node)
    pointer = None if direct else lowerer.value(node.callee)
    fixed = len(function.params) if function.params is not None else len(node.args)
    # From the last to the first, as gcc has it on x86-64 where C leaves it open.
    further = [variadic_area(lowerer, node.args[fixed:])] if function.variadic else []
    args += [argument(lowerer, one) for one in node.args[fixed - 1 :: -1]][::-1] if fixed else []
    args += further
    build.here = node.at
    returns = None if function.returns is VOID or result is not None else function.returns.ir
    given = build.call(direct, args, returns) if direct else build.call_pointer(pointer or 0, args, returns)
    return result if result is not None else given if given is not None else 0


def _direct(node: tree.Call) -> str:
    callee = node.callee.operand if isinstance(node.callee, tree.Cast) else node.callee
    if isinstance(callee, tree.Name) and callee.symbol is not None and isinstance(callee.symbol.type, FunctionType):
        return callee.symbol.unique
    return ""


def argument(lowerer: Locator, node: nodes.Expression) -> Operand:
    """Write an argument; a struct is copied, and the copy's address handed over."""
    value = lowerer.value(node)
    if not isinstance(node.type, RecordType):
        return value
    slot = lowerer.build.slot("copy", words(node.type.size))
    address = lowerer.build.compute("slot_bytes", WORD, symbol=slot)
    copying.copy(lowerer, InMemory(address), InMemory(value), node.type)
    return address


def variadic_area(lowerer: Locator, nodes: list[nodes.Expression]) -> Operand:
    """Lay arguments that no parameter names into words one after another; gives their byte address."""
    if not nodes:
        return 0
    build = lowerer.build
    values = [lowerer.value(one) for one in nodes[::-1]][::-1]
    slot = build.slot("arguments", len(nodes))
    base = build.compute("slot", WORD, symbol=slot)
    for place, value in enumerate(values):
        build.poke(base, value, place)
    return build.compute("slot_bytes", WORD, symbol=slot)


def _formatted(lowerer: Locator, node: tree.Call, name: str) -> Operand:
    """Write a call of the printf or scanf family: what the format governs goes as one area of words."""
    fixed = calling.FORMATS[name] + 1
    further = variadic_area(lowerer, node.args[fixed:])
    args = [*[lowerer.value(one) for one in node.args[fixed - 1 :: -1]][::-1], further]
    lowerer.build.here = node.at
    return lowerer.build.call(f"lib.{name}", args, I32) or 0


# Library functions that need no call.


def _putchar(lowerer: Locator, node: tree.Call) -> Operand:
    byte = lowerer.build.compute("and", I32, lowerer.value(node.args[0]), 0xFF)
    lowerer.build.service("put_byte", [byte])
    return byte


def _exit(lowerer: Locator, node: tree.Call) -> Operand:
    code = lowerer.build.compute("and", I32, lowerer.value(node.args[0]), 0xFF)
    lowerer.build.service("exit", [code])
    lowerer.build.trap("raised")  # ends the block, since nothing comes back from there
    return 0


def _abort(lowerer: Locator, node: tree.Call) -> Operand:
    lowerer.build.here = node.at
    lowerer.build.trap("raised", "the program called abort()")
    return 0


def _float_unary(op: str) -> Callable[[Locator, tree.Call], Operand]:
    return lambda lowerer, node: lowerer.build.compute(op, F64, lowerer.value(node.args[0]))


def _float_binary(op: str) -> Callable[[Locator, tree.Call], Operand]:
    def lower(lowerer: Locator, node: tree.Call) -> Operand:
        right, left = (lowerer.value(one) for one in node.args[::-1])
        return lowerer.build.compute(op, F64, left, right)

    return lower


def _fabs(lowerer: Locator, node: tree.Call) -> Operand:
    return lowerer.build.compute("and", F64, lowerer.value(node.args[0]), (1 << 63) - 1)


def _va_args(lowerer: Locator, node: tree.Call) -> Operand:
    if lowerer.variadic is None:
        lowerer.build.emit(Instruction("trap", symbol="raised", note="va_start in a function without ...", at=node.at))
        return 0
    return lowerer.variadic


def _fflush(lowerer: Locator, node: tree.Call) -> Operand:
    lowerer.value(node.args[0])
    return 0


_INLINE: dict[str, Callable[[Locator, tree.Call], Operand]] = {
    "putchar": _putchar,
    "exit": _exit,
    "abort": _abort,
    "sqrt": _float_unary("fsqrt"),
    "fabs": _fabs,
    "fmod": _float_binary("frem"),
    "pow": _float_binary("fpow"),
    "fflush": _fflush,
    "__va_args": _va_args,
}
