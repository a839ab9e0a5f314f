"""The course that comes with the platform: programs do what the text says, solutions pass, mistakes do not."""

from typing import Any

import pytest

from core.workloads.code import outputs
from core.workloads.code.curriculum.parts import Case, Exercise, Lesson, Mistake, Module, Solution
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.frontends import languages
from tests.unit.workloads.code.curriculum.trying import fails, tried
from tests.unit.workloads.code.exercism.posing import cases

COURSE = curriculum()
SPOKEN = languages.spoken()
QUICK = {"c", "python", "assembly", "lisp"}
SHARED = ("leap", "collatz-conjecture", "raindrops")
"""Exercises that are solved in many languages, and have public cases; of languages that take long to translate the
suite looks at these, the deep one at the others."""


def solved(*, soon: bool = False) -> list[Any]:
    """Return every solution in a language that is spoken here with its exercise; `soon`: those that the suite tries."""
    return [
        pytest.param(exercise, solution, id=f"{exercise.name}-{solution.language}")
        for exercise in COURSE.exercises.values()
        for solution in exercise.solutions
        if solution.language in SPOKEN
        if not soon or solution.language in QUICK or exercise.name in SHARED
    ]


MISTAKEN = [
    pytest.param(exercise, mistake, id=exercise.name)
    for exercise in COURSE.exercises.values()
    for mistake in exercise.mistakes
    if mistake.language in SPOKEN
]


def test_there_is_a_course_to_teach() -> None:
    assert len(COURSE.modules) >= 10
    assert len(COURSE.exercises) >= 60
    assert len(solved()) >= 140
    assert {module.language for module in COURSE.modules} == set(languages.NAMES)


@pytest.mark.parametrize("module", COURSE.modules, ids=lambda module: module.name)
def test_a_module_has_something_to_read_and_to_do(module: Module) -> None:
    assert len(module.exercises) >= 5
    assert all(len(lesson.text.split()) > 350 and len(lesson.samples) >= 2 for lesson in module.lessons)


@pytest.mark.parametrize("lesson", [lesson for _, lesson in COURSE.lessons.values()], ids=lambda lesson: lesson.name)
def test_the_programs_of_a_lesson_do_what_the_text_claims(lesson: Lesson) -> None:
    for sample in lesson.samples:
        if sample.language not in SPOKEN:
            continue
        printed, told = tried(sample.language, sample.source, sample.stdin)
        if sample.refused:
            assert sample.claimed.strip() in told, f"line {sample.line}"
        else:
            assert told == "", f"line {sample.line}"
            assert outputs.difference(sample.claimed, printed, "lines") is None, f"line {sample.line}"


@pytest.mark.parametrize(("exercise", "solution"), solved(soon=True))
def test_a_solution_passes_the_first_hidden_case(exercise: Exercise, solution: Solution) -> None:
    hidden = next(case for case in exercise.cases if case.hidden)
    assert fails(exercise, solution.language, solution.source, hidden) == ""


@pytest.mark.parametrize("name", SHARED)
def test_one_exercise_in_every_language_gives_the_same_outputs(name: str) -> None:
    shared = [
        Case(one.description, one.stdin.partition("\n")[2], one.expected, 1, hidden=False)
        for one in cases(name)
        if not one.expected.startswith("error")
    ]
    exercise = COURSE.exercises[name]
    solutions = [one for one in exercise.solutions if one.language in SPOKEN]
    assert len(solutions) >= 3
    told = [fails(exercise, one.language, one.source, case) for one in solutions for case in shared]
    assert [one for one in told if one] == []


@pytest.mark.deep
@pytest.mark.parametrize(("exercise", "solution"), solved())
def test_a_solution_passes_every_case(exercise: Exercise, solution: Solution) -> None:
    assert [fails(exercise, solution.language, solution.source, case) for case in exercise.cases] == [""] * len(
        exercise.cases
    )


@pytest.mark.deep
@pytest.mark.parametrize(("exercise", "mistake"), MISTAKEN)
def test_a_mistake_is_noticed_by_a_case(exercise: Exercise, mistake: Mistake) -> None:
    assert mistake.language is not None
    assert mistake.source is not None
    found = [fails(exercise, mistake.language, mistake.source, case, steps=3_000_000) for case in exercise.cases]
    assert any(found)
    assert not all("error" in one for one in found), found
