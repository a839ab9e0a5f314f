"""What the variables that stay in the store begin as."""

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.constants import constant
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.initializers import Element
from core.workloads.code.frontends.c.lowering.places import takes_a_word
from core.workloads.code.frontends.c.lowering.strings import Strings
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.module import Module, Reference
from core.workloads.code.ir.types import float_image

WORD_BYTES = 8


def place_variables(
    module: Module, stored: list[Symbol], initial: dict[Symbol, list[Element]], strings: Strings, report: Reporter
) -> None:
    """Place all of them, in the order of their declaration."""
    for symbol in stored:
        elements = initial.get(symbol, [])
        if takes_a_word(symbol):
            value = _scalar(elements[0], strings, report) if elements else 0
            module.place(symbol.unique, 1, {0: value} if value else {})
        else:
            words = max(1, -(-symbol.type.size // WORD_BYTES))
            module.place(symbol.unique, words, _words(elements, words, strings, report))


def _scalar(element: Element, strings: Strings, report: Reporter) -> int | Reference:
    assert not isinstance(element.value, bytes)
    value = constant(element.value)
    if value is not None:
        return float_image(float(value)) if element.type is ctypes.DOUBLE else int(value)
    reference = static_address(element.value, strings)
    if reference is None:
        hint = "compute it in a function, or write a constant"
        report.error(
            "semantic", element.value.at, "a variable that is there from the start must begin as a constant", hint
        )
        return 0
    return reference


def _words(elements: list[Element], words: int, strings: Strings, report: Reporter) -> dict[int, int | Reference]:
    data = bytearray(words * WORD_BYTES)
    found: dict[int, int | Reference] = {}
    for element in elements:
        if isinstance(element.value, bytes):
            data[element.offset : element.offset + len(element.value)] = element.value
            continue
        value = _scalar(element, strings, report)
        if isinstance(value, Reference):
            found[element.offset // WORD_BYTES] = value
        else:
            size = element.type.size
            data[element.offset : element.offset + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    return found | packed(bytes(data), found)


def packed(data: bytes, taken: dict[int, int | Reference] | None = None) -> dict[int, int | Reference]:
    """Pack bytes into words, those that are not zero."""
    found: dict[int, int | Reference] = {}
    for place in range(0, len(data), WORD_BYTES):
        word = int.from_bytes(data[place : place + WORD_BYTES], "little", signed=True)
        if word and place // WORD_BYTES not in (taken or {}):
            found[place // WORD_BYTES] = word
    return found


def static_address(node: nodes.Expression, strings: Strings) -> Reference | None:
    """Give the address that an expression is known to be, if it is one."""
    if isinstance(node, tree.Cast):
        inner = node.operand
        if isinstance(inner.type, ctypes.ArrayType | ctypes.FunctionType):
            return _place(inner, strings)
        return static_address(inner, strings) if node.type.size == WORD_BYTES else None
    if isinstance(node, tree.Unary) and node.op == "&":
        return _place(node.operand, strings)
    if isinstance(node, tree.Binary) and node.op in "+-" and isinstance(node.type, ctypes.PointerType):
        base, count = static_address(node.left, strings), constant(node.right)
        if base is None or not isinstance(count, int):
            return None
        moved = count * node.type.target.size
        return Reference(base.symbol, base.offset + (moved if node.op == "+" else -moved), base.in_bytes)
    return None


def _place(node: nodes.Expression, strings: Strings) -> Reference | None:
    if isinstance(node, tree.Text):
        return Reference(strings.name(node.data), 0, in_bytes=True)
    if isinstance(node, tree.Name | tree.Compound):
        return _named(node.symbol)
    base, offset = None, None
    if isinstance(node, tree.Member):
        base = static_address(node.operand, strings) if node.arrow else _place(node.operand, strings)
        offset = node.offset
    elif isinstance(node, tree.Index):
        count = constant(node.index)
        base = static_address(node.base, strings)
        offset = count * node.type.size if isinstance(count, int) else None
    return None if base is None or offset is None else Reference(base.symbol, base.offset + offset, base.in_bytes)


def _named(symbol: Symbol | None) -> Reference | None:
    if symbol is None or isinstance(symbol.type, ctypes.FunctionType):
        return None if symbol is None else Reference(symbol.unique)
    return Reference(symbol.unique, 0, in_bytes=True) if symbol.in_store else None
