"""The order in which a domain's windows are folded in: by index, each once, whatever order they come in.

A gap is waited for until so many windows behind it are there; then it is passed over, and what comes of it later is
folded in late. Spans are pairs of indices, both included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """Which windows come next."""

    late: tuple[int, ...]
    """Of gaps that were passed over."""
    next: tuple[int, ...]
    """In order, after the newest one so far."""
    missing: tuple[Span, ...]
    """Gaps passed over that may still be filled, once these windows are folded in."""
    awaited: Span | None
    """The gap that later windows wait behind."""


def take_turn(
    last: int, missing: Sequence[Span], there: Iterable[int], *, oldest: int, patience: int, most: int
) -> Turn:
    """Decide which of the windows that are `there` come next, `most` at a time, given the newest one so far.

    What is before `oldest` is gone for good. A gap is passed over once more than `patience` windows behind it wait.
    """
    known = sorted(there)
    late = [index for index in known if any(first <= index <= end for first, end in missing)]
    ahead = [index for index in known if index > last]
    taken: list[int] = []
    passed: list[Span] = []
    awaited: Span | None = None
    expected = max(last + 1, oldest)
    for place, index in enumerate(ahead[: max(0, most - len(late))]):
        if index > expected:
            gap = (expected, index - 1)
            if len(ahead) - place <= patience:
                awaited = gap
                break
            passed.append(gap)
        taken.append(index)
        expected = index + 1
    left = without([*missing, *passed], late, oldest)
    return Turn(tuple(late), tuple(taken), left, awaited)


def without(spans: Sequence[Span], gone: Iterable[int], oldest: int) -> tuple[Span, ...]:
    """Take indices, and all before `oldest`, out of spans."""
    rest = [(max(first, oldest), end) for first, end in spans if end >= oldest]
    for index in gone:
        parts = [
            [(first, index - 1), (index + 1, end)] if first <= index <= end else [(first, end)] for first, end in rest
        ]
        rest = [(first, end) for pair in parts for first, end in pair if first <= end]
    return tuple(rest)
