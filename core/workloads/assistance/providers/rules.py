"""Rules: answers that say nothing but what is there, the same for the same words, without any provider."""

import math
import re
from collections import Counter

_BETWEEN = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\w{3,}")
_COMMON = frozenset(
    _WORD.findall(
        "the and for are was were with that this from not but has have had its would which their they been will what "
        "why how when where who does did can could should about into than then there"
    )
)


def summarize(text: str, count: int) -> str:
    """Return the sentences that say most of what the text says often, in their order."""
    return _chosen(text, Counter(_words(text)), count)


def answer(instruction: str, text: str) -> str:
    """Return the sentences of a text that speak of what is asked; its summary where none does."""
    asked = Counter(_words(instruction))
    if asked.keys().isdisjoint(_words(text)):
        return summarize(text, 3)
    return _chosen(text, asked, 3, only_speaking=True)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line."""
    return [" ".join(one.split()) for one in _BETWEEN.split(text) if one.strip()]


def _chosen(text: str, weights: Counter[str], count: int, *, only_speaking: bool = False) -> str:
    found = sentences(text)
    scores = [_score(sentence, weights) for sentence in found]
    ranked = sorted(range(len(found)), key=lambda place: (-scores[place], place))
    kept = sorted(place for place in ranked[:count] if scores[place] > 0 or not only_speaking)
    return " ".join(found[place] for place in kept)


def _score(sentence: str, weights: Counter[str]) -> float:
    """Weigh a sentence by the words that count, without favor for long ones."""
    words = _words(sentence)
    return sum(weights[word] for word in set(words)) / math.sqrt(max(1, len(words)))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _COMMON]
