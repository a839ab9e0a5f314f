"""What rules draft of a segment: plain phrases read into clauses, and those that they do not understand told."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

Clause = dict[str, Any]

_QUOTED = re.compile(r'"([^"]{1,200})"')
_MARK = "\x01"
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_TIMES = {"once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_EVENTS = {
    **dict.fromkeys(("bought", "buy", "ordered", "order", "purchased", "purchase"), "Order Completed"),
    **dict.fromkeys(("viewed a product", "viewed products"), "Product Viewed"),
    **dict.fromkeys(("unsubscribed", "unsubscribe"), "Unsubscribed"),
}
_LABELS = ("champions", "potential loyal", "loyal", "at risk", "hibernating")
_PURPOSES = {"advertising": "ads", "ads": "ads", "email": "email", "sms": "sms"} | {
    word: word for word in ("analytics", "profiling")
}
_EVERYBODY = re.compile(
    r"\b(?:all|every|everyone|everybody|anybody|people|persons?|visitors?|users?|profiles?|those|them|the|our|find|give|"
    r"show|select|target|something|anything|me|us|who|whose|which|that|with|have|has|had|are|is|were|was|of|at|to|a|an|did|do|does|please)\b"
)

_DID, _MARKED_NAME = rf"(?:{'|'.join(_EVENTS)})\b", rf"{_MARK}\d+{_MARK}"
_EVENT = rf"(?P<event>{_DID}|(?:did|do|performed) {_MARKED_NAME})"
_LATER = rf"(?P<later>{_DID}|(?:did )?{_MARKED_NAME})"
_WITHIN = (
    r"(?: (?:with)?in(?: the)?(?: last| past)?| for| during(?: the)? last)?"
    r" ?(?P<many>\d{1,4}|an?)? ?(?P<unit>day|week|month|year)s?\b"
)
_NEVER = r"(?P<never>(?:have |has |did |do |does )?(?:not|never|no longer) (?:been )?)?"
_LEAST = r"at least|more than|over|above|at most|less than|fewer than|under|below|exactly"
_FIGURE = r"\d{1,12}(?:\.\d{1,6})?"
_AMOUNT = rf"(?P<op>{_LEAST}) (?P<number>{_FIGURE})"
_BETWEEN = rf"between (?P<low>{_FIGURE})\.\.(?P<high>{_FIGURE})"
_OPS = {
    **dict.fromkeys(("more than", "over", "above"), "greater_than"),
    **dict.fromkeys(("less than", "fewer than", "under", "below"), "less_than"),
    "at least": "at_least",
    "at most": "at_most",
    "exactly": "equals",
}


class Draft(NamedTuple):
    """A definition, None where nothing was understood, and the phrases that are not in it."""

    definition: Clause | None
    not_understood: Sequence[str]


def draft(description: str) -> Draft:
    """Read a description: phrases are joined by `and`, which binds closer than `or`."""
    quoted: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        quoted.append(found.group(1))
        return f"{_MARK}{len(quoted) - 1}{_MARK}"

    plain = _QUOTED.sub(put_away, description.replace(_MARK, " ")).lower()
    plain = re.sub(r"\bbetween (\S+) and (\S+)", r"between \1..\2", plain)
    unread: list[str] = []
    ways = [_every(one, quoted, unread) for one in re.split(r"\bor\b", plain)]
    known = [one for one in ways if one is not None]
    told = [_MARKED.sub(lambda found: f'"{quoted[int(found.group(1))]}"', one) for one in unread]
    if len(known) < len(ways):
        return Draft(None, told or [description.strip()])  # a way that is left out would leave people out unseen
    return Draft(known[0] if len(known) == 1 else {"any": known}, told)


def _every(words: str, quoted: Sequence[str], unread: list[str]) -> Clause | None:
    """Read phrases that all have to hold; None where none of them is understood."""
    found = []
    for phrase in re.split(r"[,;.](?=\s|$)|\b(?:and|but|who|whose|which|that)\b", words):
        rest = " ".join(phrase.split())
        while (read := _read(rest, quoted)) is not None:
            clause, rest = read
            found.append(clause)
        if left := _EVERYBODY.sub(" ", rest).strip(" .,;:!?"):
            unread.append(" ".join(left.split()))
    if not found:
        return None
    return found[0] if len(found) == 1 else {"all": found}


def _read(phrase: str, quoted: Sequence[str]) -> tuple[Clause, str] | None:
    """Return the first clause of a phrase and what of the phrase is not in it; None where there is none."""
    for pattern, make in _PHRASES:
        found = pattern.search(phrase)
        if found is None:
            continue
        groups = found.groupdict()
        clause = make(groups, quoted)
        if groups.get("never") and "did_not" not in clause:
            clause = {"not": clause}
        return clause, f"{phrase[: found.start()]} {phrase[found.end() :]}"
    return None


def _happened(found: dict[str, Any], quoted: Sequence[str]) -> Clause:
    within = {} if found["unit"] is None else {"within_days": _days(found)}
    event = _event(found["event"], quoted)
    count = _count(found)
    return {"did_not": event, **within} if found["never"] and not count else {"event": event, **count, **within}


def _count(found: dict[str, Any]) -> Clause:
    """Say how often: `at least` unless something else is said."""
    if not found["often"]:
        return {}
    number = _TIMES.get(found["often"]) or int(found["often"])
    op = _OPS[found["op"] or "at least"]
    bounds = {"greater_than": (number + 1, None), "at_least": (number, None), "equals": (number, number)}
    least, most = bounds.get(op, (0, number - (op == "less_than")))
    return {"at_least": least} if most is None else {"at_least": least, "at_most": max(0, most)}


def _followed(found: dict[str, Any], quoted: Sequence[str]) -> Clause:
    within = {} if found["unit"] is None else {"within_days": _days(found)}
    return {"sequence": [_event(found[name], quoted) for name in ("event", "later")], **within}


def _revenue(found: dict[str, Any], _quoted: Sequence[str]) -> Clause:
    if found["low"] is not None:
        return {"field": "revenue", "op": "between", "value": sorted([_number(found["low"]), _number(found["high"])])}
    return {"field": "revenue", "op": _OPS[found["op"]], "value": _number(found["number"])}


def _figure(found: dict[str, Any], _quoted: Sequence[str]) -> Clause:
    return {"field": found["field"], "op": _OPS[found["op"]], "value": _number(found["number"])}


def _trait(found: dict[str, Any], quoted: Sequence[str]) -> Clause:
    said = _MARKED.fullmatch(found["value"])
    value = found["value"] if said is None else quoted[int(said.group(1))]
    return {"field": f"traits.{found['name']}", "op": "equals", "value": value}


def _agreed(found: dict[str, Any], _quoted: Sequence[str]) -> Clause:
    return {"consent": _PURPOSES[found["purpose"]]}


def _member(found: dict[str, Any], quoted: Sequence[str]) -> Clause:
    said = _MARKED.fullmatch(found["name"])
    return {"in_segment": found["name"] if said is None else quoted[int(said.group(1))]}


def _seen(field: str) -> Callable[[dict[str, Any], Sequence[str]], Clause]:
    return lambda found, _quoted: {"field": field, "op": "within_last", "value": _days(found)}


def _being(field: str, value: str) -> Callable[[dict[str, Any], Sequence[str]], Clause]:
    return lambda _found, _quoted: {"field": field, "op": "equals", "value": value}


def _event(said: str, quoted: Sequence[str]) -> str:
    marked = _MARKED.search(said)
    return _EVENTS[said] if marked is None else quoted[int(marked.group(1))]


def _days(found: dict[str, Any]) -> int:
    many = found["many"]
    return (int(many) if many and many.isdecimal() else 1) * _DAYS[found["unit"]]


def _number(said: str) -> float | int:
    return float(said) if "." in said else int(said)


_MARKED = re.compile(rf"{_MARK}(\d+){_MARK}")
_COUNTED = rf"(?:(?: (?P<op>{_LEAST}))? (?P<often>once|twice|(?:two|three|four|five|\d{{1,6}})(?= times))(?: times)?)?"
_NAMED = rf"(?P<name>[\w-]+|{_MARKED_NAME})"


def _phrases() -> Iterator[tuple[str, Callable[[dict[str, Any], Sequence[str]], Clause]]]:
    """Yield what is looked for, in this order, and the clause that comes of it."""
    yield rf"{_EVENT} (?:and )?then {_LATER}(?:{_WITHIN})?", _followed
    yield rf"{_NEVER}{_EVENT}{_COUNTED}(?:{_WITHIN})?", _happened
    yield rf"(?:spent|paid|revenue) (?:{_AMOUNT}|{_BETWEEN})(?: (?:eur|euros?|usd|dollars?))?", _revenue
    yield rf"{_AMOUNT} (?P<field>purchases|events)", _figure
    yield rf"{_NEVER}(?:first seen|joined|signed up){_WITHIN}", _seen("first_seen")
    yield rf"(?P<never>inactive|(?:not|never) (?:seen|active)){_WITHIN}", _seen("last_seen")
    yield rf"(?:seen|active){_WITHIN}", _seen("last_seen")
    yield rf"{_NEVER}(?:agreed?|consent(?:ed)?|opted in)(?: to)? (?P<purpose>{'|'.join(_PURPOSES)})", _agreed
    yield rf"{_NEVER}(?:in|members? of)(?: the)? segment {_NAMED}", _member
    yield rf"trait (?P<name>\w+) (?:is|equals) (?P<value>[\w-]+|{_MARKED_NAME})", _trait
    for label in _LABELS:
        yield rf"{_NEVER}\b{label}\b(?: customers)?", _being("rfm.label", label.replace(" ", "_"))
    for word, lifecycle in (("customers", "customer"), ("buyers", "customer"), ("anonymous", "anonymous")):
        yield rf"{_NEVER}\b{word}\b", _being("lifecycle", lifecycle)


_PHRASES = [(re.compile(pattern), make) for pattern, make in _phrases()]
