"""Who is linked with whom: graphs by name, as pairs of nodes. Light, the web process lays them, too."""

import random
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import combinations
from typing import Any

from core.errors import FieldError, Invalid
from core.workloads.federated.gossip_params import rows_of

Pair = tuple[int, int]
"""Two nodes that are linked, the smaller number first."""
_DRAWS = 200
"""How often a random graph is drawn until it hangs together."""
_EXCHANGES = 10
"""Of a random regular graph, for each link."""
_SPARSE = {"erdos_renyi": "probability", "regular": "degree"}
"""What says how many links a random graph has."""


class GraphUnfound(Invalid):
    """Chance found no graph in which each node is reached."""

    code = "graph_unfound"


def laid(params: Mapping[str, Any], rng: random.Random, pointer: str = "/params") -> list[Pair]:
    """Return the links of a graph that hangs together, in order; raises `GraphUnfound` where chance finds none."""
    for _ in range(_DRAWS):
        links = {(min(pair), max(pair)) for pair in TOPOLOGIES[params["topology"]](params, rng)}
        if len(parts(params["nodes"], links)) == 1:
            return sorted(links)
    detail = f"No connected graph was found in {_DRAWS} draws; take more links."
    raise GraphUnfound(detail, errors=[FieldError(f"{pointer}/{_SPARSE[params['topology']]}", detail)])


def parts(nodes: int, links: Collection[Pair]) -> list[list[int]]:
    """Return the parts that hang together each, the largest first, of equal ones that of the smallest node."""
    neighbors: list[list[int]] = [[] for _ in range(nodes)]
    for one, other in links:
        neighbors[one].append(other)
        neighbors[other].append(one)
    found, seen = [], [False] * nodes
    for start in range(nodes):
        if seen[start]:
            continue
        part, waiting, seen[start] = [start], [start], True
        while waiting:
            for node in neighbors[waiting.pop()]:
                if not seen[node]:
                    seen[node] = True
                    part.append(node)
                    waiting.append(node)
        found.append(sorted(part))
    return sorted(found, key=len, reverse=True)


def _ring(params: Mapping[str, Any], _rng: random.Random) -> Iterable[Pair]:
    return _steps(range(params["nodes"]), [1])


def _exponential(params: Mapping[str, Any], _rng: random.Random) -> Iterable[Pair]:
    nodes = params["nodes"]
    return _steps(range(nodes), [1 << power for power in range(nodes.bit_length()) if 1 << power < nodes])


def _steps(nodes: Collection[int], steps: Iterable[int]) -> list[Pair]:
    """Link nodes that stand in a ring with those so many places on."""
    around = list(nodes)
    return [(node, around[(place + step) % len(around)]) for step in steps for place, node in enumerate(around)]


def _star(params: Mapping[str, Any], _rng: random.Random) -> Iterable[Pair]:
    return [(0, node) for node in range(1, params["nodes"])]


def _full_mesh(params: Mapping[str, Any], _rng: random.Random) -> Iterable[Pair]:
    return combinations(range(params["nodes"]), 2)


def _torus(params: Mapping[str, Any], _rng: random.Random) -> Iterable[Pair]:
    nodes = params["nodes"]
    columns = nodes // rows_of(nodes)
    along = [pair for first in range(0, nodes, columns) for pair in _steps(range(first, first + columns), [1])]
    return [*along, *(pair for column in range(columns) for pair in _steps(range(column, nodes, columns), [1]))]


def _erdos_renyi(params: Mapping[str, Any], rng: random.Random) -> Iterable[Pair]:
    return [pair for pair in combinations(range(params["nodes"]), 2) if rng.random() < params["probability"]]


def _regular(params: Mapping[str, Any], rng: random.Random) -> Iterable[Pair]:
    """Begin with a ring of many steps, and exchange the ends of pairs of links by chance, which keeps all degrees."""
    nodes, degree = params["nodes"], params["degree"]
    ends = _steps(range(nodes), range(1, degree // 2 + 1))
    if degree % 2:
        ends += [(node, node + nodes // 2) for node in range(nodes // 2)]
    there = {frozenset(pair) for pair in ends}
    for _ in range(_EXCHANGES * len(ends)):
        one, other = rng.randrange(len(ends)), rng.randrange(len(ends))
        (a, b), (c, d) = ends[one], ends[other][:: rng.choice((1, -1))]
        first, second = frozenset((a, d)), frozenset((c, b))
        if len({a, b, c, d}) == 4 and first not in there and second not in there:  # noqa: PLR2004 - two links have four ends
            there -= {frozenset((a, b)), frozenset((c, d))}
            there |= {first, second}
            ends[one], ends[other] = (a, d), (c, b)
    return ends


TOPOLOGIES: Mapping[str, Callable[[Mapping[str, Any], random.Random], Iterable[Pair]]] = {
    "ring": _ring,
    "star": _star,
    "full_mesh": _full_mesh,
    "torus": _torus,
    "exponential": _exponential,
    "erdos_renyi": _erdos_renyi,
    "regular": _regular,
}
