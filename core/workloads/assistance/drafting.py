"""Drafting segments: words become a definition, checked as one that is to be kept would be, and counted; never kept."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import Invalid, PenstockError
from core.jobs.context import JobContext
from core.workloads.assistance.asking import Asker
from core.workloads.assistance.providers import segments
from core.workloads.assistance.repairing import AnswerMisshapen, asked_again

_FORM = 'Answer with nothing but JSON of this form: {"definition": {...}, "not_understood": ["phrase", ...]}.'
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEAST_COUNTED = 10
"""Numbers below this one are often written in words: `twice`."""
MOST_PHRASES, LONGEST_PHRASE = 50, 500


@dataclass(frozen=True, slots=True)
class Grammar:
    """What segments are written in, as the workload says that keeps them."""

    words: Mapping[str, Any]
    """Fields and what they may be compared by, purposes and channels of consent."""
    read: Callable[[Any], object]
    """Reads a definition; raises `Invalid`, which names each flaw by its place."""
    check: Callable[[Session, UUID, Any], object]
    """Reads a tenant's definition; segments that it names have to be there."""
    count: Callable[[Session, UUID, Any], dict[str, Any]]
    """Counts a tenant's people, and whom each clause of a definition chooses."""


def draft_segment(grammar: Grammar, params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Write a description as a definition; what a model writes that cannot be read is withheld, and rules draft."""
    context.checkpoint()
    description, asker = params["description"], Asker(params, context)

    def ask(asked: str) -> dict[str, Any]:
        return asker.ask(
            asked, description, lambda: _ruled(grammar, description), lambda said: _written(_read(grammar, said))
        )

    told = asked_again(ask, _instruction(grammar), _FORM)
    drafted = _read(grammar, told["text"])
    assumed = [] if drafted["definition"] is None else _assumed(drafted["definition"], description)
    return {**told, **drafted, "assumed": assumed, **_looked_at(grammar, drafted["definition"], context)}


def _looked_at(grammar: Grammar, definition: Any, context: JobContext) -> dict[str, Any]:
    """Say what stands in the way of a definition among the tenant's own, and whom it would choose; nothing is kept."""
    if definition is None:
        return {"flaws": [], "preview": None}
    with context.transaction() as session:
        try:
            grammar.check(session, context.tenant_id, definition)
        except Invalid as error:
            return {"flaws": [{"place": one.pointer, "why": one.detail} for one in error.errors], "preview": None}
        return {"flaws": [], "preview": grammar.count(session, context.tenant_id, definition)}


def _read(grammar: Grammar, said: str) -> dict[str, Any]:
    """Read an answer: a definition that its own reader takes; raises `AnswerMisshapen`."""
    begins, ends = said.find("{"), said.rfind("}")
    try:
        told = json.loads(said[begins : ends + 1])
        definition, phrases = told["definition"], told.get("not_understood", [])
    except (ValueError, LookupError, AttributeError, RecursionError) as error:
        raise AnswerMisshapen(_FORM) from error
    if not isinstance(phrases, list) or not all(isinstance(one, str) for one in phrases):
        raise AnswerMisshapen("what was not understood is no list of phrases")
    try:
        if definition is not None:
            grammar.read(definition)
    except PenstockError as error:
        raise AnswerMisshapen("; ".join(f"{one.pointer} {one.detail}" for one in error.errors)) from error
    return {"definition": definition, "not_understood": [one[:LONGEST_PHRASE] for one in phrases[:MOST_PHRASES]]}


def _ruled(grammar: Grammar, description: str) -> str:
    """Have rules draft; what would be too long or too large for a definition, they do not understand."""
    try:
        return _written(_read(grammar, _written(segments.draft(description)._asdict())))
    except AnswerMisshapen:
        return _written({"definition": None, "not_understood": [description]})


def _written(drafted: Mapping[str, Any]) -> str:
    return json.dumps(drafted, ensure_ascii=False)


def _instruction(grammar: Grammar) -> str:
    return (
        "The text describes a group of customers. Write it as the definition of a segment. A definition is one clause: "
        '{"all": [...]}, {"any": [...]}, {"not": ...}, {"field": f, "op": o, "value": v}, '
        '{"event": name, "at_least": n, "at_most": n, "within_days": d}, {"did_not": name, "within_days": d}, '
        '{"sequence": [name, name], "within_days": d}, {"in_segment": name}, {"consent": purpose, "channel": c}. '
        f"The words are these: {json.dumps(grammar.words)}. A purchase is the event Order Completed. "
        f"List each phrase that no clause says; definition is null where none can be written. {_FORM}"
    )


def _assumed(definition: Any, description: str) -> Sequence[str]:
    """Return the numbers of a definition that its description does not say, as days that a month was taken for."""
    said = {float(one) for one in _NUMBER.findall(description)}
    unsaid = {one for one in _numbers(definition) if one >= _LEAST_COUNTED and one not in said}
    return [f"{one:g}" for one in sorted(unsaid)]


def _numbers(definition: Any) -> Iterator[float]:
    if isinstance(definition, Mapping | list):
        for one in definition.values() if isinstance(definition, Mapping) else definition:
            yield from _numbers(one)
    elif isinstance(definition, int | float) and not isinstance(definition, bool):
        yield float(definition)
