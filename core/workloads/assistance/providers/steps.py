"""What rules do in the place of each persona: plain, and right by the text."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.workloads.assistance.providers import rules

LONGEST_SENTENCE = 40
"""Words."""
_NOT_SAID = "The text does not say: "
_TOO_LONG = "Too long to be read at once: "


def answer(persona: str, instruction: str, material: Mapping[str, Any]) -> str:
    """Do a persona's step."""
    return _STEPS[persona](instruction, material)


def _draft(instruction: str, material: Mapping[str, Any]) -> str:
    return rules.answer(instruction, material["text"]) or rules.summarize(material["text"], 3)


def _facts(_instruction: str, material: Mapping[str, Any]) -> str:
    said = {_plain(one) for one in rules.sentences(material["text"])}
    unsaid = [one for one in rules.sentences(material.get("draft", "")) if _plain(one) not in said]
    return _findings([f"{_NOT_SAID}{one}" for one in unsaid])


def _clarity(_instruction: str, material: Mapping[str, Any]) -> str:
    drafted = rules.sentences(material.get("draft", ""))
    return _findings([f"{_TOO_LONG}{one}" for one in drafted if len(one.split()) > LONGEST_SENTENCE])


def _revise(_instruction: str, material: Mapping[str, Any]) -> str:
    """Leave out each sentence that the text does not say; of a draft with none left, say the text's summary."""
    wrong = {one.removeprefix(_NOT_SAID) for one in material.get("findings", ()) if one.startswith(_NOT_SAID)}
    kept = [one for one in rules.sentences(material.get("draft", "")) if one not in wrong]
    return " ".join(kept) or rules.summarize(material["text"], 3)


def _findings(found: Sequence[str]) -> str:
    return json.dumps({"findings": list(found)}, ensure_ascii=False)


def _plain(sentence: str) -> str:
    return " ".join(sentence.lower().split())


_STEPS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "drafter": _draft,
    "critic": _facts,
    "reviser": _revise,
    "facts": _facts,
    "clarity": _clarity,
    "merger": _revise,
}
