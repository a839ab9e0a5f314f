"""This file is about who is who among very many: what nothing contests is settled at once, the rest is only named.

Limits and separations only ever refuse. So where all that hangs together keeps every limit and holds nobody apart, the
order of the sightings is of no consequence: everybody in it is one person, named by the oldest identifier. Only what is
contested, or would rename somebody who is known, has to be looked at sighting by sighting (`identity.resolve`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
UNLIMITED = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everything that was seen, in columns; numbers ascend, and a person of 0 is none."""

    identifiers: Numbers
    types: Numbers
    """The place of each identifier's type among those that have limits, or their count."""
    persons: Numbers
    """To whom each identifier belongs until now."""
    blocked: Flags
    sightings: Numbers
    persons_seen: Numbers
    """Whom each sighting is of until now."""
    dirty: Flags
    links: NDArray[np.int64]
    """Pairs of an identifier and a sighting that it is part of."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is settled, and what is left to be looked at."""

    persons: Numbers
    """Of each identifier by place; 0 where it is in no sighting, -1 where it is contested."""
    persons_seen: Numbers
    """The same of each sighting."""
    contested: list[int]
    """Numbers of the sightings that are left."""


def settle(crowd: Crowd, limits: Mapping[str, int], apart: Collection[tuple[int, int]] = ()) -> Settled:
    """Tell who is who as `identity.resolve` would, for all but what is contested; in as good as linear time.

    `limits` are in the order that the types' places refer to.
    """
    links = crowd.links[np.isin(crowd.links[:, 0], crowd.identifiers[~crowd.blocked])]
    who, which = np.searchsorted(crowd.identifiers, links[:, 0]), np.searchsorted(crowd.sightings, links[:, 1])
    groups, count = _hang_together(who, which, len(crowd.identifiers), len(crowd.sightings))
    of_identifiers, of_sightings = groups[: len(crowd.identifiers)], groups[len(crowd.identifiers) :]
    oldest = np.full(count, UNLIMITED)
    np.minimum.at(oldest, of_identifiers, crowd.identifiers)
    left = _beyond_limits(of_identifiers, crowd, count, list(limits.values()))
    left |= _holding_strangers(of_identifiers, crowd, count, apart)
    persons = _named(oldest[of_identifiers], who)
    persons_seen = _named(oldest[of_sightings], which)
    for before, after, of in (
        (crowd.persons, persons, of_identifiers),
        (crowd.persons_seen, persons_seen, of_sightings),
    ):
        left[of[(before > 0) & (after > 0) & (before != after)]] = True
    persons[left[of_identifiers] & (persons > 0)] = -1
    persons_seen[left[of_sightings] & (persons_seen > 0)] = -1
    return Settled(persons, persons_seen, crowd.sightings[persons_seen < 0].tolist())


def _hang_together(who: Any, which: Any, identifiers: int, sightings: int) -> tuple[Any, int]:
    """Return the group of each identifier and then of each sighting, and how many groups there are."""
    size = identifiers + sightings
    ties = coo_array((np.ones(len(who), np.int8), (who, which + identifiers)), shape=(size, size))
    count, groups = connected_components(ties.tocsr(), directed=False)
    return groups, int(count)


def _beyond_limits(groups: Any, crowd: Crowd, count: int, limits: Sequence[int]) -> Any:
    """Tell of which groups a type has more identifiers than one person may have."""
    types = len(limits) + 1
    heard = ~crowd.blocked
    places = groups[heard].astype(np.int64) * types + crowd.types[heard]
    counts = np.bincount(places, minlength=count * types).reshape(count, types)
    return np.any(counts[:, :-1] > np.array(limits), axis=1)


def _holding_strangers(groups: Any, crowd: Crowd, count: int, apart: Collection[tuple[int, int]]) -> Flags:
    """Tell which groups hold two identifiers of different people."""
    holding = np.zeros(count, np.bool_)
    pairs = np.array(sorted(apart), np.int64).reshape(-1, 2)
    known = np.isin(pairs, crowd.identifiers).all(axis=1)
    one, other = (groups[np.searchsorted(crowd.identifiers, pairs[known, side])] for side in (0, 1))
    holding[one[one == other]] = True
    return holding


def _named(oldest: Numbers, seen: Any) -> Numbers:
    """Return the persons of those that were seen, 0 for the others."""
    persons = np.zeros(len(oldest), np.int64)
    persons[seen] = oldest[seen]
    return persons
