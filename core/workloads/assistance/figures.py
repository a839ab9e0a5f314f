"""Figures: every number that an answer says has to be one of what it is about, to the digits that it says."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from core.errors import Denied

_NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.])[-\u2212]?\d+(?:\.\d+)?")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?\b")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?")
_LEAST_COUNTED = 10
"""Whole numbers below this are words like any other: `both pumps`, `2 pumps`."""


class FigureUnknown(Denied):
    """The answer says a number that is not in what it is about."""

    code = "figure_unknown"


def check_figures(answer: str, about: Any) -> str:
    """Return an answer whose every number, date and time is in a document; raises `FigureUnknown`.

    A number may be rounded, without its sign, or a share written in percent; times of the day are those of instants.
    """
    known = list(_numbers(about))
    texts = list(_texts(about))
    for found in _DATE.findall(answer):
        if not any(found in text for text in texts):
            raise FigureUnknown(f"nothing is of {found}")
    times = {(one.hour, one.minute) for one in _instants(texts)}
    rest = _DATE.sub(" ", answer)
    for hour, minute in _CLOCK.findall(rest):
        if (int(hour), int(minute)) not in times:
            raise FigureUnknown(f"nothing is at {hour}:{minute}")
    said_by_name = {word for text in texts for word in _NUMBER.findall(text)}
    for word in _NUMBER.findall(_CLOCK.sub(" ", rest)):
        if word not in said_by_name and not _is_known(word, known):
            raise FigureUnknown(f"nothing is {word}")
    return answer


def _is_known(word: str, known: Iterable[float]) -> bool:
    plain = word.replace(",", "").replace("\u2212", "-").lstrip("-")
    digits = len(plain.partition(".")[2])
    said = float(plain)
    if not digits and said < _LEAST_COUNTED:
        return True
    return any(said in (round(abs(one), digits), round(abs(100 * one), digits)) for one in known)


def _numbers(about: Any) -> Iterator[float]:
    if isinstance(about, dict):
        for value in about.values():
            yield from _numbers(value)
    elif isinstance(about, list):
        yield float(len(about))
        for value in about:
            yield from _numbers(value)
    elif isinstance(about, int | float) and not isinstance(about, bool):
        yield float(about)


def _texts(about: Any) -> Iterator[str]:
    if isinstance(about, dict):
        for name, value in about.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(about, list):
        for value in about:
            yield from _texts(value)
    elif isinstance(about, str):
        yield about


def _instants(texts: Iterable[str]) -> Iterator[datetime]:
    for text in texts:
        try:
            yield datetime.fromisoformat(text)
        except ValueError:
            continue
