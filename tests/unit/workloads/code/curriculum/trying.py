"""Programs of the course tried on the Engine."""

from functools import cache

from core.workloads.code import outputs
from core.workloads.code.curriculum.parts import Case, Exercise
from core.workloads.code.engine import emulation, machine
from core.workloads.code.engine.cards import Program
from core.workloads.code.frontends import languages
from core.workloads.code.frontends.translation import translate

STEPS = 20_000_000


@cache
def translated(language: str, source: str) -> tuple[Program | None, str]:
    """Return the program, None where it is refused, and what is said of it."""
    found = translate(languages.find(language), source)
    return found.program, "; ".join(f"line {one.line}: {one.message}" for one in found.diagnostics)


def tried(language: str, source: str, stdin: str, steps: int = STEPS) -> tuple[str, str]:
    """Return what a program prints, and what was said of it or stopped it: nothing where all went well."""
    program, told = translated(language, source)
    if program is None:
        return "", told
    ended = emulation.emulate(machine.start(program, stdin=stdin.encode()), steps, lambda _: True)
    stopped = "" if ended.report is None else f"{ended.report.trap.value}: {ended.report.message}"
    return ended.machine.printer.rolls[0].decode(), "; ".join(filter(None, [told, stopped]))


def fails(exercise: Exercise, language: str, source: str, case: Case, steps: int = STEPS) -> str:
    """Say how a program fails a case; nothing where it passes without as much as a warning."""
    printed, told = tried(language, source, case.stdin, steps)
    if told:
        return f"{case.name}: {told}"
    differs = outputs.difference(case.expected, printed, exercise.comparison)
    return f"{case.name}: {differs}" if differs else ""
