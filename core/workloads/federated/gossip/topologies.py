"""Who is linked with whom: graphs by name, as matrices of truth values."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import FieldError
from core.workloads.federated.gossip_params import rows_of
from core.workloads.federated.rounds import StrategyUnfit

Links = NDArray[np.bool_]
_DRAWS = 200
"""How often a random graph is drawn until it hangs together."""
_EXCHANGES = 10
"""Of a random regular graph, for each link."""
_SPARSE = {"erdos_renyi": "probability", "regular": "degree"}
"""What says how many links a random graph has."""


def linked(params: Mapping[str, Any], rng: np.random.Generator) -> Links:
    """Return which nodes are linked, nodes x nodes, symmetric; raises `StrategyUnfit` where chance finds none."""
    for _ in range(_DRAWS):
        links = TOPOLOGIES[params["topology"]](params, rng)
        if hangs_together(links):
            return links
    detail = f"No connected graph was found in {_DRAWS} draws; take more links."
    raise StrategyUnfit(detail, errors=[FieldError(f"/params/{_SPARSE[params['topology']]}", detail)])


def hangs_together(links: Links) -> bool:
    """Tell whether each node is reached from the first."""
    reached = np.zeros(len(links), dtype=bool)
    reached[0] = True
    while True:
        more = reached | links[reached].any(axis=0)
        if (more == reached).all():
            return bool(reached.all())
        reached = more


def _ring(params: Mapping[str, Any], _rng: np.random.Generator) -> Links:
    return _steps(params["nodes"], [1])


def _exponential(params: Mapping[str, Any], _rng: np.random.Generator) -> Links:
    nodes = params["nodes"]
    return _steps(nodes, [1 << power for power in range(max(1, (nodes - 1).bit_length())) if 1 << power < nodes])


def _steps(nodes: int, steps: list[int]) -> Links:
    links, places = np.zeros((nodes, nodes), dtype=bool), np.arange(nodes)
    for step in steps:
        links[places, (places + step) % nodes] = links[(places + step) % nodes, places] = True
    return links


def _star(params: Mapping[str, Any], _rng: np.random.Generator) -> Links:
    links = np.zeros((params["nodes"], params["nodes"]), dtype=bool)
    links[0, 1:] = links[1:, 0] = True
    return links


def _full_mesh(params: Mapping[str, Any], _rng: np.random.Generator) -> Links:
    return ~np.eye(params["nodes"], dtype=bool)


def _torus(params: Mapping[str, Any], _rng: np.random.Generator) -> Links:
    nodes = params["nodes"]
    rows = rows_of(nodes)
    down, along = _steps(rows, [1]), _steps(nodes // rows, [1])
    links: Links = (np.kron(down, np.eye(nodes // rows)) + np.kron(np.eye(rows), along)).astype(bool)
    return links


def _erdos_renyi(params: Mapping[str, Any], rng: np.random.Generator) -> Links:
    nodes = params["nodes"]
    above: Links = np.triu(rng.random((nodes, nodes)) < params["probability"], 1)
    return above | above.T


def _regular(params: Mapping[str, Any], rng: np.random.Generator) -> Links:
    """Begin with a ring of many steps, and exchange the ends of pairs of links by chance, which keeps all degrees."""
    nodes, degree = params["nodes"], params["degree"]
    links = _steps(nodes, list(range(1, degree // 2 + 1)))
    if degree % 2:
        places = np.arange(nodes)
        links[places, (places + nodes // 2) % nodes] = True
    ends: list[tuple[int, int]] = [(int(a), int(b)) for a, b in np.argwhere(np.triu(links))]
    there = {frozenset(pair) for pair in ends}
    count = _EXCHANGES * len(ends)
    pairs, turned = rng.integers(len(ends), size=(count, 2)).tolist(), rng.random(count) < 0.5  # noqa: PLR2004 - heads or tails
    for (one, other), turn in zip(pairs, turned.tolist(), strict=True):
        (a, b), (c, d) = ends[one], ends[other][::-1] if turn else ends[other]
        first, second = frozenset((a, d)), frozenset((c, b))
        if len({a, b, c, d}) == 4 and first not in there and second not in there:  # noqa: PLR2004 - two links have four ends
            there -= {frozenset((a, b)), frozenset((c, d))}
            there |= {first, second}
            ends[one], ends[other] = (a, d), (c, b)
    return _of(nodes, ends)


def _of(nodes: int, ends: list[tuple[int, int]]) -> Links:
    links, places = np.zeros((nodes, nodes), dtype=bool), np.array(ends)
    links[places[:, 0], places[:, 1]] = links[places[:, 1], places[:, 0]] = True
    return links


TOPOLOGIES: Mapping[str, Callable[[Mapping[str, Any], np.random.Generator], Links]] = {
    "ring": _ring,
    "star": _star,
    "full_mesh": _full_mesh,
    "torus": _torus,
    "exponential": _exponential,
    "erdos_renyi": _erdos_renyi,
    "regular": _regular,
}
