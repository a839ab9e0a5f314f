"""This file is about what a course is made of."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """A program in a lesson's text, and what the text claims that it does."""

    language: str
    source: str
    stdin: str
    claimed: str
    refused: bool
    """Whether it is the refusal that is claimed: a part of a diagnostic's message, rather than an output."""
    line: int
    """Where in the lesson it begins, from 1."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something to read, with programs in it."""

    name: str
    title: str
    text: str
    """Markdown."""
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What a solution is given to read, and what it has to print."""

    name: str
    stdin: str
    expected: str
    points: float
    hidden: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """A program that passes every case."""

    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """What students get wrong; with a program that does, it is shown that the cases notice."""

    told: str
    language: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something to be solved in any of its languages."""

    name: str
    module: str
    title: str
    difficulty: int
    statement: str
    """Markdown."""
    input: str
    output: str
    comparison: str
    languages: tuple[str, ...]
    cases: tuple[Case, ...]
    solutions: tuple[Solution, ...]
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def points(self) -> float:
        """Return what passing all cases is worth."""
        return sum(case.points for case in self.cases)

    def solution(self, language: str) -> Solution | None:
        """Return the reference solution in a language, None where there is none."""
        return next((one for one in self.solutions if one.language == language), None)

    def grading(self) -> list[dict[str, Any]]:
        """Return the cases as `code.grade` takes them."""
        return [
            {"name": one.name, "stdin": one.stdin, "expected": one.expected, "points": one.points, "hidden": one.hidden}
            for one in self.cases
        ]


@dataclass(frozen=True, slots=True)
class Module:
    """A stretch of the course."""

    name: str
    title: str
    period: str
    summary: str
    language: str
    """That its lessons are about."""
    sources: tuple[str, ...]
    """Where its facts are from."""
    lessons: tuple[Lesson, ...]
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The whole course."""

    modules: tuple[Module, ...]
    exercises: dict[str, Exercise] = field(default_factory=dict)
    lessons: dict[str, tuple[Module, Lesson]] = field(default_factory=dict)
