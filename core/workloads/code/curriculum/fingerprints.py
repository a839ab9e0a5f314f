"""This file is about programs that resemble each other: fingerprints by winnowing.

Source: Schleimer, Wilkerson and Aiken, *Winnowing: local algorithms for document fingerprinting*, SIGMOD 2003. Each
run of `GRAM` words gets a hash; of each `WINDOW` neighbouring hashes the least is kept, the rightmost of equals. So a
stretch of GRAM + WINDOW − 1 words that two programs share leaves a fingerprint in both, whatever lies around it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.workloads.code.curriculum.lexing import words

GRAM = 8
WINDOW = 4
COMMON = 0.5
"""What more than this part of at least `FEW` authors have is the exercise's own, and proves nothing."""
FEW = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two authors and how much of the shorter program the other one has, 0 to 1."""

    one: UUID
    other: UUID
    similarity: float
    shared: int
    """How many fingerprints both have."""


def fingerprints(language: str, source: str) -> list[int]:
    """Return the fingerprints of a program, rising; names, numbers, texts and comments do not matter."""
    shapes = [one.text if one.sort in {"keyword", "sign"} else one.sort for one in words(language, source)]
    grams = [_hash(" ".join(shapes[start : start + GRAM])) for start in range(max(1, len(shapes) - GRAM + 1))]
    return sorted(set(winnowed(grams)))


def winnowed(hashes: Sequence[int]) -> Iterator[int]:
    """Yield of each window the least hash, the rightmost of equals; a place is yielded once."""
    last = -1
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        window = range(start, min(start + WINDOW, len(hashes)))
        place = min(window, key=lambda at: (hashes[at], -at), default=-1)
        if place not in {-1, last}:
            last = place
            yield hashes[place]


def pairs(kept: Mapping[UUID, Sequence[int]], at_least: float) -> list[Pair]:
    """Return the pairs of authors whose programs resemble each other, the most alike first."""
    common = _common(kept)
    left = {author: set(prints) - common for author, prints in kept.items()}
    authors = list(left)
    found = []
    for place, one in enumerate(authors):
        for other in authors[place + 1 :]:
            shared = len(left[one] & left[other])
            shorter = min(len(left[one]), len(left[other]))
            if shorter and shared / shorter >= at_least:
                found.append(Pair(one, other, round(shared / shorter, 3), shared))
    return sorted(found, key=lambda pair: (-pair.similarity, -pair.shared))


def _common(kept: Mapping[UUID, Sequence[int]]) -> set[int]:
    if len(kept) < FEW:
        return set()
    counted = Counter(one for prints in kept.values() for one in set(prints))
    return {one for one, count in counted.items() if count > COMMON * len(kept)}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")
