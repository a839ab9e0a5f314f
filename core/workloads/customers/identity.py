"""This file is about who is who: identifiers seen together are one person's, as far as limits and people allow.

The result is a function of what was seen, not of the order in which it came: sightings are taken in the order of their
first times. So whatever arrives late only has its own component computed anew, and that equals computing everything.

Source of the rules: Segment's deterministic identity resolution (limits for each type on the *merged* component, the
identifier of least priority dropped where one is exceeded, values that are blocked).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.workloads.customers.contacts import LIMITS, PRIORITIES


@dataclass(frozen=True, slots=True)
class Node:
    """One identifier; numbers grow with the time of its first arrival."""

    id: int
    type: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """Identifiers that were seen together."""

    id: int
    nodes: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Union:
    """Two persons who became one, or were refused to: each by its oldest identifier."""

    sighting: int
    survivor: int
    absorbed: int
    outcome: Literal["merged", "limit", "separated"]
    """What became of it: `limit` and `separated` are refusals."""


@dataclass(slots=True)
class Resolution:
    """Who is who."""

    person_of: dict[int, int] = field(default_factory=dict)
    """The oldest identifier of the person that an identifier belongs to; which is the profile's number."""
    person_of_sighting: dict[int, int] = field(default_factory=dict)
    unions: list[Union] = field(default_factory=list)
    """Merges of persons who had been seen apart, and refusals."""


def resolve(
    sightings: Iterable[Sighting],
    apart: Collection[tuple[int, int]] = (),
    limits: Mapping[str, int] = LIMITS,
) -> Resolution:
    """Compute who is who from sightings in the order of their first times; `apart` are identifiers of different people.

    An identifier may stand in many sightings; blocked ones must not be among them. Costs as good as linear time.
    """
    forest = _Forest(limits, apart)
    settled = [(sighting.id, forest.take(sighting)) for sighting in sightings]
    oldest = {root: min(members) for root, members in forest.members.items()}
    found = Resolution(unions=forest.unions)
    found.person_of = {node: oldest[forest.find(node)] for node in forest.parent}
    found.person_of_sighting = {sighting: oldest[forest.find(node)] for sighting, node in settled}
    return found


class _Forest:
    """Components under union by size, each with how many identifiers of each type it has."""

    def __init__(self, limits: Mapping[str, int], apart: Collection[tuple[int, int]]) -> None:
        self.parent: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}
        self.unions: list[Union] = []
        self._counts: dict[int, Counter[str]] = {}
        self._limits = limits
        self._seen: set[int] = set()
        self._apart: dict[int, set[int]] = {}
        for one, other in apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def take(self, sighting: Sighting) -> int:
        """Unite what was seen together, dropping what must not be; return an identifier that it is about for sure."""
        kept = sorted(sighting.nodes, key=lambda node: (-PRIORITIES.get(node.type, 0), node.type, node.id))
        for node in kept:
            self._add(node)
        while len(kept) > 1:
            refusal = self._refusal([self.find(node.id) for node in kept])
            if refusal is None:
                break
            self._note(sighting.id, kept[:-1], kept[-1], refusal)
            kept.pop()
        for node in kept[1:]:
            self._unite(sighting.id, kept[0].id, node.id)
        self._seen.update(node.id for node in kept)
        return kept[0].id

    def find(self, node: int) -> int:
        """Return the root of an identifier's component, halving the way there."""
        parent = self.parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def _add(self, node: Node) -> None:
        if node.id not in self.parent:
            self.parent[node.id] = node.id
            self.members[node.id] = [node.id]
            self._counts[node.id] = Counter({node.type: 1})

    def _refusal(self, roots: Sequence[int]) -> Literal["limit", "separated"] | None:
        distinct = list(dict.fromkeys(roots))
        if len(distinct) == 1:
            return None
        total: Counter[str] = Counter()
        for root in distinct:
            total.update(self._counts[root])
        if any(count > self._limits.get(kind, count) for kind, count in total.items()):
            return "limit"
        return "separated" if self._apart and self._holds_strangers(distinct) else None

    def _holds_strangers(self, roots: Sequence[int]) -> bool:
        among = set(roots)
        for root in roots:
            for node in self.members[root]:
                for other in self._apart.get(node, ()):
                    if other in self.parent and self.find(other) in among:
                        return True
        return False

    def _note(self, sighting: int, rest: Sequence[Node], dropped: Node, outcome: Literal["limit", "separated"]) -> None:
        """Write down that two known persons were not made one."""
        root, other = self.find(dropped.id), self.find(rest[0].id)
        if root != other:
            survivor, absorbed = sorted((min(self.members[root]), min(self.members[other])))
            self.unions.append(Union(sighting, survivor, absorbed, outcome))

    def _unite(self, sighting: int, one: int, other: int) -> None:
        root, below = self.find(one), self.find(other)
        if root == below:
            return
        survivor, absorbed = sorted((min(self.members[root]), min(self.members[below])))
        if self._known(root) and self._known(below):
            self.unions.append(Union(sighting, survivor, absorbed, "merged"))
        if len(self.members[root]) < len(self.members[below]):
            root, below = below, root
        self.parent[below] = root
        self.members[root] += self.members.pop(below)
        self._counts[root].update(self._counts.pop(below))

    def _known(self, root: int) -> bool:
        return any(node in self._seen for node in self.members[root])
