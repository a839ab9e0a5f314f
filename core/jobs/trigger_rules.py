"""What triggers say of events: which they fire for, and how params are made of one."""

from collections.abc import Callable, Mapping
from typing import Any

from core.jobs.references import ReferenceMalformed, filled, parse_pointer

_ABSENT = object()


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(value: Any, wanted: Any) -> bool:
        numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (value, wanted))
        texts = isinstance(value, str) and isinstance(wanted, str)
        return (numbers or texts) and test(value, wanted)

    return compared


def _is_multiple(value: Any, wanted: Any) -> bool:
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in (value, wanted))
    return bool(whole and wanted and value % wanted == 0)


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: bool(value == wanted),
    "ne": lambda value, wanted: bool(value != wanted),
    "in": lambda value, wanted: isinstance(wanted, list) and value in wanted,
    "gt": _compare(lambda value, wanted: value > wanted),
    "gte": _compare(lambda value, wanted: value >= wanted),
    "lt": _compare(lambda value, wanted: value < wanted),
    "lte": _compare(lambda value, wanted: value <= wanted),
    "multiple_of": _is_multiple,
}


def passes(rule: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Tell whether an event (as a document) is what each pointer of a filter says: a value, or tests of it by name."""
    return all(_is(found(event, pointer), wanted) for pointer, wanted in rule.items())


def made_params(params: Mapping[str, Any], params_from: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Return params with what is taken from an event; raises `ReferenceMalformed` for what the event does not have.

    A place in the event is a pointer, or `{"from": pointer, "plus": whole number}`.
    """
    values = {place: _taken(event, source) for place, source in params_from.items()}
    made: dict[str, Any] = filled(params, values)
    return made


def found(event: Mapping[str, Any], pointer: str) -> Any:
    """Return what an event has at a pointer, or a thing that equals nothing."""
    place: Any = event
    for step in parse_pointer(pointer):
        place = place.get(step, _ABSENT) if isinstance(place, dict) else _ABSENT
    return place


def flaws_in_filter(rule: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong with a filter, by its pointers."""
    flaws = {}
    for pointer, wanted in rule.items():
        try:
            parse_pointer(pointer)
        except ReferenceMalformed as error:
            flaws[pointer] = str(error)
        strange = set(wanted) - set(TESTS) if isinstance(wanted, dict) else set()
        if strange:
            flaws[pointer] = f"{min(strange)!r} is no test; known are {', '.join(TESTS)}"
    return flaws


def flaw_in_source(source: Any) -> str | None:
    """Say what is wrong with a place in an event."""
    if isinstance(source, dict):
        if set(source) != {"from", "plus"} or type(source["plus"]) is not int:
            return 'Write {"from": pointer, "plus": whole number}.'
        source = source["from"]
    if not isinstance(source, str):
        return "Write a JSON pointer into the event."
    try:
        parse_pointer(source)
    except ReferenceMalformed as error:
        return str(error)
    return None


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(TESTS[name](value, operand) for name, operand in wanted.items())
    return bool(value == wanted)


def _taken(event: Mapping[str, Any], source: Any) -> Any:
    pointer, plus = (source["from"], source["plus"]) if isinstance(source, dict) else (source, 0)
    value = found(event, pointer)
    if value is _ABSENT:
        raise ReferenceMalformed(f"the event has nothing at {pointer}")
    if plus and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise ReferenceMalformed(f"what the event has at {pointer} is no number")
    return value + plus if plus else value
