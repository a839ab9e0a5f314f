"""References: how a step of a workflow names a value that another leaves behind, `name#/pointer`."""

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_SOURCE = re.compile(r"([A-Za-z0-9_.-]{1,100})#(.*)", re.DOTALL)
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_BAD_ESCAPE = re.compile(r"~(?![01])")
LONGEST_PATH = 32


class ReferenceMalformed(ValueError):
    """A reference or pointer is not written as it should be, or leads where nothing can be put."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the result of another step."""

    name: str
    path: tuple[str, ...]


def parse_source(text: str) -> Source:
    """Read `name#/pointer`, or `name#` for a whole result; raises `ReferenceMalformed`."""
    match = _SOURCE.fullmatch(text)
    if match is None:
        raise ReferenceMalformed("Write it as name#/pointer, or name# for the whole result.")
    return Source(match[1], parse_pointer(match[2]))


def parse_pointer(text: str) -> tuple[str, ...]:
    """Read a JSON pointer (RFC 6901); raises `ReferenceMalformed`."""
    if text and not text.startswith("/"):
        raise ReferenceMalformed("A pointer begins with a slash.")
    if _BAD_ESCAPE.search(text):
        raise ReferenceMalformed("In a pointer ~ is written ~0 and / is written ~1.")
    steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])
    if len(steps) > LONGEST_PATH:
        raise ReferenceMalformed(f"A pointer has at most {LONGEST_PATH} steps.")
    return steps


def filled(params: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Return params with each value at its pointer, objects on the way made where there are none.

    Raises `ReferenceMalformed` where a pointer leads through anything but objects and the items that lists have.
    """
    whole: Any = copy.deepcopy(dict(params))
    for pointer, value in values.items():
        whole = put(whole, pointer, value)
    return whole


def put(whole: Any, pointer: str, value: Any) -> Any:
    """Put a value into params in place, and return them: for the empty pointer the value itself."""
    path = parse_pointer(pointer)
    if not path:
        return value
    place = whole
    for step, following in zip(path, [*path[1:], None], strict=True):
        if isinstance(place, list):
            key: Any = int(step) if _INDEX.fullmatch(step) and int(step) < len(place) else None
        else:
            key = step if isinstance(place, dict) else None
        if key is None:
            raise ReferenceMalformed(f"It leads through {step!r}, which the params do not have.")
        if following is None:
            place[key] = value
        else:
            place = place[key] if isinstance(place, list) else place.setdefault(key, {})
    return whole


def overlapping(pointers: Iterable[str]) -> tuple[str, str] | None:
    """Find a pointer that leads to or through the place of another, and that other; None when there is none."""
    ordered = sorted((parse_pointer(pointer), pointer) for pointer in pointers)
    for (outer, first), (inner, second) in pairwise(ordered):
        if inner[: len(outer)] == outer:
            return second, first
    return None
