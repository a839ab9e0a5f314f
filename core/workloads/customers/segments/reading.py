"""This file is about reading a definition: JSON into a tree, each flaw told by its place."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.errors import FieldError, Invalid, escape
from core.workloads.customers.segments.tree import (
    Clause,
    Consent,
    Every,
    Field,
    Happened,
    InSegment,
    Not,
    Sequence,
    Some,
    Step,
    Test,
)
from core.workloads.customers.words import CHANNELS, PURPOSES

DEEPEST = 10
MOST_CLAUSES = 100
MOST_VALUES = 1_000
FEWEST_STEPS, MOST_STEPS = 2, 10
MOST_TESTS = 20
MOST_COUNT = 1_000_000
LONGEST_TEXT = 500
LONGEST_DAYS = 36_500.0
FIELDS = {
    "lifecycle": "text",
    "first_seen": "instant",
    "last_seen": "instant",
    "events": "number",
    "purchases": "number",
    "revenue": "number",
    "rfm.recency": "number",
    "rfm.frequency": "number",
    "rfm.monetary": "number",
    "rfm.label": "text",
}
"""Fields of a profile, and of what kind each is; `traits.<name>` may be anything."""
OPS = {
    "text": ("equals", "not_equals", "in", "contains", "exists"),
    "number": ("equals", "not_equals", "in", "less_than", "at_most", "greater_than", "at_least", "between", "exists"),
    "instant": ("before", "after", "within_last", "exists"),
    "json": (
        *("equals", "not_equals", "in", "contains", "less_than", "at_most", "greater_than", "at_least", "between"),
        "exists",
    ),
}
ORDER = ("less_than", "at_most", "greater_than", "at_least")
_TRAIT = "traits."
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


class SegmentInvalid(Invalid):
    """The definition of the segment is wrong."""

    code = "segment_invalid"


class _Flawed(Exception):
    """One place is wrong; what stands beside it is read all the same."""


def read_definition(given: Any, place: str = "/definition") -> Clause:
    """Read a definition; raises `SegmentInvalid`, which names each flaw by its place."""
    reader = _Reader()
    try:
        clause = reader.clause(given, place, 1)
    except _Flawed:
        clause = None
    if reader.flaws or clause is None:
        raise SegmentInvalid(errors=reader.flaws)
    return clause


class _Reader:
    """Reads one definition, and gathers its flaws."""

    def __init__(self) -> None:
        self.flaws: list[FieldError] = []
        self._count = 0
        self._forms: dict[str, Callable[[Mapping[str, Any], str, int], Clause]] = {
            "all": lambda given, place, depth: Every(place, self._many(given, "all", place, depth)),
            "any": lambda given, place, depth: Some(place, self._many(given, "any", place, depth)),
            "not": lambda given, place, depth: Not(place, self.clause(given["not"], f"{place}/not", depth + 1)),
            "field": self._field,
            "event": self._event,
            "did_not": self._did_not,
            "sequence": self._sequence,
            "in_segment": self._in_segment,
            "consent": self._consent,
        }

    def clause(self, given: Any, place: str, depth: int) -> Clause:
        """Read one clause with all below it."""
        if not isinstance(given, Mapping):
            raise self._flaw(place, "must be an object")
        self._count += 1
        if depth > DEEPEST or self._count > MOST_CLAUSES:
            raise self._flaw(place, f"at most {MOST_CLAUSES} clauses, {DEEPEST} deep")
        heads = [name for name in self._forms if name in given]
        if len(heads) != 1:
            raise self._flaw(place, f"must have exactly one of {', '.join(self._forms)}")
        return self._forms[heads[0]](given, place, depth)

    def _many(self, given: Mapping[str, Any], head: str, place: str, depth: int) -> tuple[Clause, ...]:
        self._only(given, place, head)
        if not isinstance(given[head], list):
            raise self._flaw(f"{place}/{head}", "must be a list of clauses")
        return self._each(given[head], f"{place}/{head}", lambda one, there: self.clause(one, there, depth + 1))

    def _each(self, given: list[Any], place: str, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
        """Read every item, and fail only when all of them have been looked at."""
        found, flawed = [], False
        for number, one in enumerate(given):
            try:
                found.append(read(one, f"{place}/{number}"))
            except _Flawed:
                flawed = True
        if flawed:
            raise _Flawed
        return tuple(found)

    def _field(self, given: Mapping[str, Any], place: str, _depth: int) -> Field:
        self._only(given, place, "field", "op", "value")
        name = self._text(given["field"], f"{place}/field")
        if name.startswith(_TRAIT) and len(name) > len(_TRAIT):
            return Field(place, self._test(given, place, name, "json"))
        if name not in FIELDS:
            raise self._flaw(f"{place}/field", f"must be traits.<name> or one of {', '.join(FIELDS)}")
        return Field(place, self._test(given, place, name, FIELDS[name]))

    def _event(self, given: Mapping[str, Any], place: str, _depth: int) -> Happened:
        self._only(given, place, "event", "where", "within_days", "at_least", "at_most")
        step = self._step({name: given[name] for name in ("event", "where") if name in given}, place)
        within = self._days(given, place)
        at_least = self._whole(given.get("at_least", 0 if "at_most" in given else 1), f"{place}/at_least")
        at_most = self._whole(given["at_most"], f"{place}/at_most") if "at_most" in given else None
        if at_most is not None and at_most < at_least:
            raise self._flaw(f"{place}/at_most", "must not be less than at_least")
        return Happened(place, step, within, at_least, at_most)

    def _did_not(self, given: Mapping[str, Any], place: str, _depth: int) -> Happened:
        self._only(given, place, "did_not", "where", "within_days")
        event = self._text(given["did_not"], f"{place}/did_not")
        step = Step(event, self._where(given, place))
        return Happened(place, step, self._days(given, place), 0, 0)

    def _sequence(self, given: Mapping[str, Any], place: str, _depth: int) -> Sequence:
        self._only(given, place, "sequence", "within_days")
        steps, there = given["sequence"], f"{place}/sequence"
        if not isinstance(steps, list) or not FEWEST_STEPS <= len(steps) <= MOST_STEPS:
            raise self._flaw(there, f"must be a list of {FEWEST_STEPS} to {MOST_STEPS} events")
        return Sequence(place, self._each(steps, there, self._step), self._days(given, place))

    def _step(self, given: Any, place: str) -> Step:
        if isinstance(given, str):
            return Step(self._text(given, place))
        if not isinstance(given, Mapping) or "event" not in given:
            raise self._flaw(place, "must be an event's name, or an object with event and where")
        self._only(given, place, "event", "where")
        return Step(self._text(given["event"], f"{place}/event"), self._where(given, place))

    def _where(self, given: Mapping[str, Any], place: str) -> tuple[Test, ...]:
        tests, there = given.get("where", []), f"{place}/where"
        if not isinstance(tests, list) or len(tests) > MOST_TESTS:
            raise self._flaw(there, f"must be a list of at most {MOST_TESTS} tests of properties")
        return self._each(tests, there, self._property)

    def _property(self, given: Any, place: str) -> Test:
        if not isinstance(given, Mapping) or "property" not in given:
            raise self._flaw(place, "must be an object with property, op and value")
        self._only(given, place, "property", "op", "value")
        return self._test(given, place, self._text(given["property"], f"{place}/property"), "json")

    def _in_segment(self, given: Mapping[str, Any], place: str, _depth: int) -> InSegment:
        self._only(given, place, "in_segment")
        return InSegment(place, self._text(given["in_segment"], f"{place}/in_segment"))

    def _consent(self, given: Mapping[str, Any], place: str, _depth: int) -> Consent:
        self._only(given, place, "consent", "channel", "granted")
        purpose = self._one_of(given["consent"], f"{place}/consent", PURPOSES)
        channel = self._one_of(given.get("channel", "any"), f"{place}/channel", CHANNELS)
        granted = given.get("granted", True)
        if not isinstance(granted, bool):
            raise self._flaw(f"{place}/granted", "must be true or false")
        return Consent(place, purpose, channel, granted)

    def _test(self, given: Mapping[str, Any], place: str, name: str, kind: str) -> Test:
        op = self._one_of(given.get("op", "equals"), f"{place}/op", OPS[kind])
        if op == "exists":
            if "value" in given:
                raise self._flaw(f"{place}/value", "must be left out: exists compares with nothing")
            return Test(name, kind, op, None)
        if "value" not in given:
            raise self._flaw(f"{place}/value", "is missing")
        return Test(name, kind, op, self._value(given["value"], f"{place}/value", kind, op))

    def _value(self, given: Any, place: str, kind: str, op: str) -> Any:
        readers: dict[str, Callable[[Any, str], Any]] = {
            "between": self._range,
            "in": lambda many, there: self._values(many, there, kind),
            "within_last": self._positive,
            "before": self._instant,
            "after": self._instant,
            **dict.fromkeys(ORDER, self._number),
        }
        if op == "contains" and kind == "text":
            return self._text(given, place)
        return readers[op](given, place) if op in readers else self._scalar(given, place, kind)

    def _range(self, given: Any, place: str) -> tuple[float, ...]:
        if not isinstance(given, list) or len(given) != 2:  # noqa: PLR2004 - two ends
            raise self._flaw(place, "must be a list of two numbers")
        ends = self._each(given, place, self._number)
        if ends[0] > ends[1]:
            raise self._flaw(place, "the first number must not be greater than the second")
        return ends

    def _values(self, given: Any, place: str, kind: str) -> tuple[Any, ...]:
        if not isinstance(given, list) or not 1 <= len(given) <= MOST_VALUES:
            raise self._flaw(place, f"must be a list of 1 to {MOST_VALUES} values")
        return self._each(given, place, lambda one, there: self._scalar(one, there, kind))

    def _scalar(self, given: Any, place: str, kind: str) -> Any:
        if kind == "number" or (kind == "json" and isinstance(given, int | float) and not isinstance(given, bool)):
            return self._number(given, place)
        if kind == "json" and isinstance(given, bool):
            return given
        return self._text(given, place)

    def _text(self, given: Any, place: str) -> str:
        if not isinstance(given, str) or not 1 <= len(given) <= LONGEST_TEXT or "\x00" in given or _half(given):
            raise self._flaw(place, f"must be text of 1 to {LONGEST_TEXT} characters")
        return given

    def _number(self, given: Any, place: str) -> float:
        """Read a number, as the double that JSON's readers make of it."""
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise self._flaw(place, "must be a number")
        try:
            number = float(given)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self._flaw(place, "must be a finite number")
        return number

    def _positive(self, given: Any, place: str) -> float:
        days = self._number(given, place)
        if not 0 < days <= LONGEST_DAYS:
            raise self._flaw(place, f"must be a number of days above 0, at most {LONGEST_DAYS:g}")
        return days

    def _days(self, given: Mapping[str, Any], place: str) -> float | None:
        return self._positive(given["within_days"], f"{place}/within_days") if "within_days" in given else None

    def _whole(self, given: Any, place: str) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_COUNT:
            raise self._flaw(place, f"must be a whole number from 0 to {MOST_COUNT}")
        return given

    def _instant(self, given: Any, place: str) -> datetime:
        try:
            if isinstance(given, str) and _INSTANT.fullmatch(given):
                return datetime.fromisoformat(given.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise self._flaw(place, "must be an instant with its offset (RFC 3339)")

    def _one_of(self, given: Any, place: str, choices: tuple[str, ...]) -> str:
        if given not in choices:
            raise self._flaw(place, f"must be one of {', '.join(choices)}")
        return str(given)

    def _only(self, given: Mapping[str, Any], place: str, *names: str) -> None:
        unknown = [name for name in given if name not in names]
        for name in unknown:
            self._flaw(f"{place}/{escape(name)}", f"is not known here; there are {', '.join(names)}")
        if unknown:
            raise _Flawed

    def _flaw(self, place: str, why: str) -> _Flawed:
        self.flaws.append(FieldError(place, why))
        return _Flawed()


def _half(text: str) -> bool:
    """Tell whether half of a surrogate pair is in a text, which no database keeps."""
    return any("\ud800" <= one <= "\udfff" for one in text)
