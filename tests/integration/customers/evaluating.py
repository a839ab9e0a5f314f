"""A definition evaluated on plain Python objects: written from the documentation, sharing no code with SQL."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.integration.customers.people import Happening, Person

Definition = Mapping[str, Any]
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "less_than": lambda known, value: known < value,
    "at_most": lambda known, value: known <= value,
    "greater_than": lambda known, value: known > value,
    "at_least": lambda known, value: known >= value,
    "between": lambda known, value: value[0] <= known <= value[1],
}


def chosen(definition: Definition, person: Person, now: datetime) -> bool:
    """Tell whether a definition chooses a person."""
    (head,) = FORMS.keys() & definition.keys()
    return FORMS[head](definition, person, now)


def _happened(definition: Definition, person: Person, now: datetime) -> bool:
    times = len(_events(definition["event"], definition, person, now))
    least = definition.get("at_least", 0 if "at_most" in definition else 1)
    return bool(least <= times <= definition.get("at_most", times))


def _sequence(definition: Definition, person: Person, now: datetime) -> bool:
    steps = [{"event": one} if isinstance(one, str) else one for one in definition["sequence"]]
    return _follows([_events(one["event"], one, person, now) for one in steps], definition.get("within_days"))


def _field(definition: Definition, person: Person, now: datetime) -> bool:
    name, op, value = definition["field"], definition.get("op", "equals"), definition.get("value", 0)
    if name.startswith("traits."):
        return _json(person.traits.get(name.removeprefix("traits.")), op, value)
    known = getattr(person, name)
    if op == "before":
        return bool(known < datetime.fromisoformat(value))
    if op == "after":
        return bool(known > datetime.fromisoformat(value))
    if op == "within_last":
        return bool(now - timedelta(days=value) < known <= now)
    return _json(known, op, value)


def _json(known: Any, op: str, value: Any) -> bool:
    if known is None:
        return False
    if op in ORDERS:
        bound = [_exact(one) for one in value] if isinstance(value, list) else _exact(value)
        return _is_number(known) and ORDERS[op](_exact(known), bound)
    return TESTS[op](known, value)


def _contains(known: Any, value: Any) -> bool:
    if isinstance(known, list):
        return any(_same(one, value) for one in known)
    return isinstance(known, str) and isinstance(value, str) and value in known


def _is_number(known: Any) -> bool:
    return isinstance(known, int | float) and not isinstance(known, bool)


def _same(one: Any, other: Any) -> bool:
    """Compare as JSON does: numbers with numbers, booleans with booleans."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if _is_number(one) and _is_number(other):
        return _exact(one) == _exact(other)
    return type(one) is type(other) and one == other


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))


def _events(name: str, asked: Definition, person: Person, now: datetime) -> list[Happening]:
    within = asked.get("within_days")
    return [
        one
        for one in person.happened
        if one.name == name
        and one.at <= now
        and (within is None or one.at > now - timedelta(days=within))
        and all(
            _json(one.properties.get(each["property"]), each.get("op", "equals"), each.get("value"))
            for each in asked.get("where", [])
        )
    ]


def _follows(steps: Sequence[Sequence[Happening]], within: float | None) -> bool:
    """Try every choice of one event for each step."""

    def go_on(number: int, begun: datetime, latest: datetime) -> bool:
        if number == len(steps):
            return within is None or latest - begun <= timedelta(days=within)
        return any(go_on(number + 1, begun, one.at) for one in steps[number] if one.at > latest)

    return any(go_on(1, one.at, one.at) for one in steps[0])


def _consents(definition: Definition, person: Person) -> bool:
    channel = definition.get("channel", "any")
    standing: dict[str, bool] = {}
    for word in sorted(person.words, key=lambda one: (one.at, not one.granted)):
        if word.purpose == definition["consent"]:
            standing[word.channel] = word.granted
    if channel != "any":
        standing = {name: granted for name, granted in standing.items() if name in {channel, "any"}}
    return any(name in {channel, "any"} for name in standing) and all(standing.values())


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "exists": lambda _known, _value: True,
    "equals": _same,
    "not_equals": lambda known, value: not _same(known, value),
    "in": lambda known, value: any(_same(known, one) for one in value),
    "contains": _contains,
}
FORMS: dict[str, Callable[[Definition, Person, datetime], bool]] = {
    "all": lambda definition, person, now: all(chosen(one, person, now) for one in definition["all"]),
    "any": lambda definition, person, now: any(chosen(one, person, now) for one in definition["any"]),
    "not": lambda definition, person, now: not chosen(definition["not"], person, now),
    "field": _field,
    "event": _happened,
    "did_not": lambda definition, person, now: not _events(definition["did_not"], definition, person, now),
    "sequence": _sequence,
    "in_segment": lambda definition, person, _now: definition["in_segment"] in person.segments,
    "consent": lambda definition, person, _now: _consents(definition, person) == definition.get("granted", True),
}
