"""The order in which equations are computed: each behind those that it speaks of."""

from collections.abc import Mapping

from core.workloads.simulation.expressions.tree import Tree, names_in
from core.workloads.simulation.faults import Faults, Path


def ordered(trees: Mapping[str, Tree], places: Mapping[str, Path], faults: Faults) -> dict[str, Tree]:
    """Return the equations in order; a loop among them is noted as a fault of one of its members."""
    wanted = {name: [one.name for one in names_in(tree) if one.name in trees] for name, tree in trees.items()}
    found: dict[str, Tree] = {}
    for name in trees:
        path: list[str] = []
        _visit(name, wanted, trees, places, found, path, faults)
    return found


def _visit(
    name: str,
    wanted: Mapping[str, list[str]],
    trees: Mapping[str, Tree],
    places: Mapping[str, Path],
    found: dict[str, Tree],
    path: list[str],
    faults: Faults,
) -> None:
    if name in found:
        return
    if name in path:
        loop = " → ".join([*path[path.index(name) :], name])
        faults.add(places[name], f"It hangs on itself: {loop}.")
        found[name] = trees[name]
        return
    path.append(name)
    for other in wanted[name]:
        _visit(other, wanted, trees, places, found, path, faults)
    path.pop()
    found.setdefault(name, trees[name])
