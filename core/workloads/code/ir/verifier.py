"""What every module must keep to, checked after each front end and each pass in the tests."""

from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Block, Function, Global, Module, Reference
from core.workloads.code.ir.operations import COMPARISONS, FLOAT_COMPARISONS, OPERATIONS, SERVICES, TRAPS
from core.workloads.code.ir.types import LARGEST_WORD

ENTRY = "main"
_CALLS = frozenset({"call", "tail"})
_SLOTS = frozenset({"slot", "slot_bytes"})
_GLOBALS = frozenset({"global", "global_bytes"})


def verify(module: Module, *, entry: str = ENTRY) -> list[str]:
    """List all that is wrong, each with its place; nothing for a sound module.

    Reading a register on a path that never assigned it is not looked for: C lets a program do it.
    """
    problems = [] if entry in module.functions else [f"there is no function {entry}"]
    for one in module.globals.values():
        problems += _check_global(one, module)
    for function in module.functions.values():
        problems += [f"{function.name}: {problem}" for problem in _check_function(function, module)]
    return problems


def _check_global(one: Global, module: Module) -> list[str]:
    problems = [f"global {one.name}: no word {place}" for place in one.initial if not 0 <= place < one.words]
    for value in one.initial.values():
        if isinstance(value, Reference):
            if value.symbol not in module.globals and value.symbol not in module.functions:
                problems.append(f"global {one.name}: nothing is called {value.symbol}")
        elif abs(value) > LARGEST_WORD:
            problems.append(f"global {one.name}: {value} is no word")
    return problems


def _check_function(function: Function, module: Module) -> list[str]:
    problems = [f"slot {name} has no words" for name, words in function.slots.items() if words < 1]
    if not function.blocks:
        return [*problems, "no block"]
    owners: dict[int, Register] = {one.number: one for one in function.params}
    for block in function.blocks.values():
        problems += [f"{block.label}: {problem}" for problem in _check_block(block, function)]
        for place, one in enumerate(block.instructions):
            where = f"{block.label}[{place}] {one.op}"
            found = [*_check_shape(one, function), *_check_names(one, function, module), *_check_registers(one, owners)]
            problems += [f"{where}: {problem}" for problem in found]
    return problems


def _check_block(block: Block, function: Function) -> list[str]:
    if not block.instructions or not block.instructions[-1].operation.ends:
        return ["does not end"]
    problems = ["goes on after its end"] if any(one.operation.ends for one in block.instructions[:-1]) else []
    named = [label for one in block.instructions for label in one.targets]
    return problems + [f"there is no block {label}" for label in named if label not in function.blocks]


def _check_shape(one: Instruction, function: Function) -> list[str]:
    shape = OPERATIONS[one.op]
    problems = []
    if shape.arguments is not None and len(one.args) != shape.arguments:
        problems.append(f"takes {shape.arguments} arguments, has {len(one.args)}")
    if shape.gives and one.dest is None:
        problems.append("gives a result that goes nowhere")
    if shape.targets is not None and len(one.targets) != shape.targets:
        problems.append(f"continues in {shape.targets} blocks, names {len(one.targets)}")
    if one.op == "switch" and len(one.cases) + 1 != len(one.targets):
        problems.append("has not one target for each case and one besides")
    if one.op == "return" and len(one.args) != (function.returns is not None):
        problems.append("does not return what the function does")
    if one.op == "callp" and not one.args:
        problems.append("calls nothing")
    return problems


def _check_names(one: Instruction, function: Function, module: Module) -> list[str]:
    name = one.symbol
    if one.op in _CALLS:
        return _check_call(one, module)
    if one.op == "service":
        service = SERVICES.get(name)
        if service is None:
            return [f"there is no service {name}"]
        fits = len(one.args) == service.arguments and (one.dest is None or service.gives)
        return [] if fits else [f"the service {name} takes {service.arguments} arguments"]
    known = {
        "branch": COMPARISONS.keys() | set(FLOAT_COMPARISONS),
        "trap": TRAPS.keys(),
        "function": module.functions.keys(),
        **dict.fromkeys(_SLOTS, function.slots.keys()),
        **dict.fromkeys(_GLOBALS, module.globals.keys()),
    }.get(one.op)
    return [f"nothing is called {name!r} here"] if known is not None and name not in known else []


def _check_call(one: Instruction, module: Module) -> list[str]:
    callee = module.functions.get(one.symbol)
    if callee is None:
        return [f"there is no function {one.symbol}"]
    if len(one.args) != len(callee.params):
        return [f"{one.symbol} takes {len(callee.params)} arguments, gets {len(one.args)}"]
    return [f"{one.symbol} returns nothing"] if one.dest is not None and callee.returns is None else []


def _check_registers(one: Instruction, owners: dict[int, Register]) -> list[str]:
    registers = [*one.reads(), *([one.dest] if one.dest is not None else [])]
    twice = [one.number for one in registers if owners.setdefault(one.number, one) is not one]
    large = [arg for arg in one.args if isinstance(arg, int) and abs(arg) > LARGEST_WORD]
    return [*(f"two registers have the number {number}" for number in twice), *(f"{arg} is no word" for arg in large)]
