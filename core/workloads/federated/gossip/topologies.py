"""Who is linked with whom: graphs by name, as matrices of truth values."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import FieldError
from core.workloads.federated.rounds import StrategyUnfit

Links = NDArray[np.bool_]
_DRAWS = 200
"""How often a random graph is drawn until it hangs together."""


def linked(params: Mapping[str, Any], rng: np.random.Generator) -> Links:
    """Return which nodes are linked, nodes x nodes, symmetric; raises `StrategyUnfit` where there is no such graph."""
    for _ in range(_DRAWS):
        links = TOPOLOGIES[params["topology"]](params, rng)
        if links is not None and hangs_together(links):
            return links
    raise _unfit("nodes", f"No connected graph was found in {_DRAWS} draws; take more links.")


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
    rows = max(one for one in range(1, math.isqrt(nodes) + 1) if nodes % one == 0)
    if rows < 3:  # noqa: PLR2004 - a ring of two is one link
        raise _unfit("nodes", f"{nodes} nodes are no torus: they take two factors of 3 at least.")
    down, along = _steps(rows, [1]), _steps(nodes // rows, [1])
    links: Links = (np.kron(down, np.eye(nodes // rows)) + np.kron(np.eye(rows), along)).astype(bool)
    return links


def _erdos_renyi(params: Mapping[str, Any], rng: np.random.Generator) -> Links:
    nodes = params["nodes"]
    above = np.triu(rng.random((nodes, nodes)) < params["probability"], 1)
    return above | above.T


def _regular(params: Mapping[str, Any], rng: np.random.Generator) -> Links | None:
    """Begin with a ring of many steps, and exchange the ends of pairs of links by chance, which keeps all degrees."""
    nodes, degree = params["nodes"], params["degree"]
    if degree >= nodes or nodes * degree % 2:
        raise _unfit("degree", f"{nodes} nodes of {degree} links each are no graph.")
    links = _steps(nodes, list(range(1, degree // 2 + 1)))
    if degree % 2:
        places = np.arange(nodes)
        links[places, (places + nodes // 2) % nodes] = True
    for _ in range(10 * nodes * degree):
        ends = np.argwhere(np.triu(links))
        (a, b), (c, d) = ends[rng.integers(len(ends), size=2)]
        if len({int(a), int(b), int(c), int(d)}) == 4 and not links[a, d] and not links[c, b]:  # noqa: PLR2004
            links[a, b] = links[b, a] = links[c, d] = links[d, c] = False
            links[a, d] = links[d, a] = links[c, b] = links[b, c] = True
    return links


def _unfit(name: str, detail: str) -> StrategyUnfit:
    return StrategyUnfit(detail, errors=[FieldError(f"/params/{name}", detail)])


TOPOLOGIES: Mapping[str, Callable[[Mapping[str, Any], np.random.Generator], Links | None]] = {
    "ring": _ring,
    "star": _star,
    "full_mesh": _full_mesh,
    "torus": _torus,
    "exponential": _exponential,
    "erdos_renyi": _erdos_renyi,
    "regular": _regular,
}
