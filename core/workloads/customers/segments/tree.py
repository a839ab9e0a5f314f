"""The tree of a segment's definition: what each clause says; every clause knows its place in the JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Union


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison of one value; what is not known passes none."""

    name: str
    """A field of the profile (`revenue`, `traits.plan`, `rfm.label`), or a property of an event."""
    kind: str
    """`text`, `number`, `instant`, or `json` where anything may be kept."""
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Step:
    """Which events: of a name, with properties that pass all of these tests."""

    event: str
    where: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All of some clauses; of none, everybody."""

    place: str
    of: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of some clauses; of none, nobody."""

    place: str
    of: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody whom a clause leaves out."""

    place: str
    of: "Clause"


@dataclass(frozen=True, slots=True)
class Field:
    """Those whose field passes a test."""

    place: str
    test: Test


@dataclass(frozen=True, slots=True)
class Happened:
    """Those with so many events in the last days; at most none of them is what `did_not` says."""

    place: str
    step: Step
    within_days: float | None
    at_least: int
    at_most: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Those who did one thing after another, each later than the one before, all of it within some days."""

    place: str
    steps: tuple[Step, ...]
    within_days: float | None


@dataclass(frozen=True, slots=True)
class InSegment:
    """Members of another segment, as it was last refreshed."""

    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Consent:
    """Those whose consent holds, or does not."""

    place: str
    purpose: str
    channel: str
    granted: bool


Clause = Union[Every, Some, Not, Field, Happened, Sequence, InSegment, Consent]  # noqa: UP007 - names itself


def clauses(clause: Clause) -> Iterator[Clause]:
    """Yield a clause and all below it, in the order in which they are written."""
    yield clause
    below = clause.of if isinstance(clause, Every | Some) else (clause.of,) if isinstance(clause, Not) else ()
    for one in below:
        yield from clauses(one)


def segments_named(clause: Clause) -> set[str]:
    """Return the names of the segments that a definition is made of."""
    return {one.name for one in clauses(clause) if isinstance(one, InSegment)}
