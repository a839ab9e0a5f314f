"""The shared exercises as programs are given them: lines in, text out, the same for every language.

The cases are those of the public Exercism problem specifications (MIT licence, see `cases/LICENSE`). A program reads
the property asked for in the first line, then each input in a line of its own: lists as their length and their items,
nothing as an empty line. It prints what is expected: `true`, `false`, items with spaces between them, lists of lists
row by row, fractions to two places, an error as `error: ` and what is wrong.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One case of an exercise."""

    description: str
    stdin: str
    expected: str


def exercises() -> list[str]:
    """Name all exercises."""
    return sorted(path.stem for path in (FOLDER / "cases").glob("*.json"))


def cases(exercise: str) -> list[Case]:
    """Return an exercise's cases, without those that a later one corrects."""
    listed = list(_leaves(json.loads((FOLDER / "cases" / f"{exercise}.json").read_text())["cases"]))
    corrected = {one.get("reimplements") for one in listed}
    return [
        Case(
            one["description"],
            "".join(f"{line}\n" for line in (one["property"], *map(_written, one["input"].values()))),
            _answer(one["expected"]),
        )
        for one in listed
        if one["uuid"] not in corrected
    ]


def _leaves(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in listed:
        if "cases" in one:
            yield from _leaves(one["cases"])
        else:
            yield one


def _written(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, (len(value), *value)))
    return "" if value is None else str(value)


def _answer(expected: Any) -> str:
    if isinstance(expected, bool):
        return str(expected).lower()
    if isinstance(expected, float):
        return f"{expected:.2f}"
    if isinstance(expected, dict):
        return f"error: {expected['error']}"
    if isinstance(expected, list):
        nested = any(isinstance(one, list) for one in expected)
        return ("\n" if nested else " ").join(map(_answer, expected))
    return str(expected)
