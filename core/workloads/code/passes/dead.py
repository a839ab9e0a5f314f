"""Results that nothing reads, and functions that nothing mentions."""

from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.layout import STORE_WORDS
from core.workloads.code.ir.module import Function, Module, Reference

_SAFE_WHEN_WRAPPING = frozenset({"add", "sub", "mul", "neg", "and", "or", "xor", "not"})


def drop_results(function: Function) -> None:
    """Drop instructions whose only effect is a result that nothing reads."""
    while True:
        read = {one.number for block in function.blocks.values() for i in block.instructions for one in i.reads()}
        found = False
        for block in function.blocks.values():
            kept = [one for one in block.instructions if not _is_dead(one, read)]
            found = found or len(kept) < len(block.instructions)
            block.instructions = kept
        if not found:
            return


def _is_dead(one: Instruction, read: set[int]) -> bool:
    dest = one.dest
    if dest is None or dest.number in read:
        return False
    return cannot_trap(one)


def cannot_trap(one: Instruction) -> bool:
    """Whether an instruction does nothing but give a result."""
    if one.operation.pure:
        return True
    if one.op in _SAFE_WHEN_WRAPPING:
        return one.type.wraps
    if one.op == "peek":
        address = one.args[0]
        return not isinstance(address, Register) and 0 <= address + one.offset < STORE_WORDS
    return one.op == "stack_top"


def drop_functions(module: Module, entries: tuple[str, ...]) -> None:
    """Drop functions and globals that cannot be reached from where the program begins."""
    functions = set(entries)
    variables = functions & module.globals.keys()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        for mentioned in _mentions(module, name):
            known = functions if mentioned in module.functions else variables
            if mentioned not in known and (mentioned in module.functions or mentioned in module.globals):
                known.add(mentioned)
                waiting.append(mentioned)
    module.functions = {name: one for name, one in module.functions.items() if name in functions}
    module.globals = {name: one for name, one in module.globals.items() if name in variables}


def _mentions(module: Module, name: str) -> list[str]:
    if name in module.functions:
        blocks = module.functions[name].blocks.values()
        return [one.symbol for block in blocks for one in block.instructions if one.symbol]
    return [value.symbol for value in module.globals[name].initial.values() if isinstance(value, Reference)]
