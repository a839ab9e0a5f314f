"""What instructions show and the text does not: ways to an end without a result, variables without a value."""

from collections.abc import Mapping

from core.workloads.code.backend.liveness import live_at_entry
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.instructions import Instruction, Position, Register
from core.workloads.code.ir.module import Function


def warn_of_no_result(
    function: Function, name: str, implicit: Instruction | None, end: Position, report: Reporter
) -> None:
    """Warn where the return that the compiler wrote itself can be reached, and so gives back what nobody chose."""
    if implicit is None or implicit not in _reachable(function):
        return
    hint = "write a return with a value on every way through the function"
    report.warn("semantic", end, f"{name} may end here without returning a value", hint)


def warn_of_no_value(function: Function, variables: Mapping[Symbol, Register], report: Reporter) -> None:
    """Warn of variables that are read on some way on which nothing was assigned to them."""
    params = {one.number for one in function.params}
    live = live_at_entry(function)
    for symbol, register in variables.items():
        if live >> register.number & 1 and register.number not in params:
            hint = f"give it one where it is declared: {symbol.name} = 0"
            message = f"'{symbol.name}' may be read before it has a value"
            report.warn("semantic", symbol.at, message, hint, len(symbol.name))


def _reachable(function: Function) -> list[Instruction]:
    found: list[Instruction] = []
    seen, waiting = {function.entry.label}, [function.entry]
    while waiting:
        block = waiting.pop()
        found += block.instructions
        for target in block.targets:
            if target not in seen:
                seen.add(target)
                waiting.append(function.blocks[target])
    return found
