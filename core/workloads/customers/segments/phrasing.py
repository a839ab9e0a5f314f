"""Clauses in words, one line each, for people who look at a segment and not at its JSON."""

import json
from typing import Any

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


def phrase(clause: Clause) -> str:
    """Say what a clause chooses; those that hold others say how they hold them."""
    if isinstance(clause, Every):
        return "all of" if clause.of else "everybody"
    if isinstance(clause, Some):
        return "any of" if clause.of else "nobody"
    return "not" if isinstance(clause, Not) else _choice(clause)


def _choice(clause: Field | Happened | Sequence | InSegment | Consent) -> str:
    match clause:
        case Field(test=test):
            return _test(test)
        case Happened():
            return f"{_times(clause)} {_step(clause.step)}{_within(clause.within_days)}"
        case Sequence(steps=steps, within_days=days):
            return ", then ".join(map(_step, steps)) + _within(days)
        case InSegment(name=name):
            return f"in the segment {name}"
        case Consent(purpose=purpose, channel=channel, granted=granted):
            return f"consent to {purpose} by {channel} {'holds' if granted else 'does not hold'}"


def _times(clause: Happened) -> str:
    least, most = clause.at_least, clause.at_most
    if most is None:
        return f"at least {least} ×"
    if most == 0:
        return "did not"
    return f"{least} ×" if least == most else f"{least} to {most} ×"


def _step(step: Step) -> str:
    where = " and ".join(map(_test, step.where))
    return f"{step.event} where {where}" if where else step.event


def _test(test: Test) -> str:
    if test.op == "exists":
        return f"{test.name} is known"
    words = "is" if test.op == "equals" else test.op.replace("_", " ")
    days = " days" if test.op == "within_last" else ""
    return f"{test.name} {words} {_value(test.value)}{days}"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return json.dumps(value, ensure_ascii=False, default=str)


def _within(days: float | None) -> str:
    return "" if days is None else f" within {days:g} days"
