"""The shared exercises: a solution in each language gets every case right on the Engine."""

import pytest

from core.workloads.code.engine import emulation, machine
from core.workloads.code.engine.cards import Program
from core.workloads.code.frontends import languages
from core.workloads.code.frontends.translation import translate
from tests.unit.workloads.code.exercism.posing import FOLDER, Case, cases, exercises

SUFFIXES = {"c": ".c", "python": ".python"}
"""Of the languages that all exercises are solved in; each has a folder of its name."""
FURTHER = {"haskell": ".hs", "idris": ".idr", "java": ".java", "lisp": ".scm"}
"""Of those that some are solved in."""
IN_SIX_LANGUAGES = ("collatz-conjecture", "leap", "raindrops")
SOLVED = [
    *((language, exercise) for language in SUFFIXES for exercise in exercises()),
    *((language, exercise) for language in FURTHER for exercise in IN_SIX_LANGUAGES),
]
MOST = {"python": 2}
"""Cases of each exercise that the suite looks at, where all of them take long; the deep one has the others."""
STEPS = 100_000_000


def translated(language: str, exercise: str) -> Program:
    source = (FOLDER / language / exercise).with_suffix((SUFFIXES | FURTHER)[language]).read_text()
    found = translate(languages.find(language), source)
    assert found.program is not None, found.diagnostics
    return found.program


def printed(program: Program, case: Case) -> str:
    ended = emulation.emulate(machine.start(program, stdin=case.stdin.encode()), STEPS, lambda _: True)
    assert ended.report is None, (case, ended.report)
    return ended.machine.printer.rolls[0].decode().strip()


def test_there_are_twenty_exercises() -> None:
    assert len(exercises()) == 20


@pytest.mark.parametrize(("language", "exercise"), SOLVED)
def test_a_solution_gets_the_cases_right(language: str, exercise: str) -> None:
    program = translated(language, exercise)
    wrong = [case for case in cases(exercise)[: MOST.get(language)] if printed(program, case) != case.expected]
    assert wrong == []


@pytest.mark.deep
@pytest.mark.parametrize(("language", "exercise"), [one for one in SOLVED if one[0] in MOST])
def test_a_solution_gets_the_other_cases_right_too(language: str, exercise: str) -> None:
    program = translated(language, exercise)
    wrong = [case for case in cases(exercise)[MOST[language] :] if printed(program, case) != case.expected]
    assert wrong == []
