"""This file is about what the reference solutions cost, which is the same each time and so counted once a process."""

from functools import cache

from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends import languages
from core.workloads.code.frontends.translation import translate

_STEPS = 20_000_000


@cache
def reference_cards(exercise: str, language: str) -> int | None:
    """Return how many cards a solution takes for all cases; None where there is none, or no front end for it."""
    asked = curriculum().exercises[exercise]
    solution = asked.solution(language)
    if solution is None or language not in languages.spoken():
        return None
    program = translate(languages.find(language), solution.source).program
    assert program is not None, f"the solution of {exercise} in {language} is refused"
    started = (machine.start(program, stdin=case.stdin.encode()) for case in asked.cases)
    return sum(emulation.emulate(one, _STEPS, lambda _: True).machine.steps for one in started)
