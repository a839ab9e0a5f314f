"""The graph of a workflow, before anything is recorded: names that exist, no circles, an order to go by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from core.errors import FieldError, Invalid, escape
from core.jobs.references import ReferenceMalformed, overlapping, parse_pointer, parse_source

MAX_EDGES = 20_000


class GraphInvalid(Invalid):
    """The jobs of the workflow do not make a graph without circles."""

    code = "graph_invalid"


@dataclass(frozen=True, slots=True)
class Node:
    """One job of a workflow: which others it comes after, and where in its params their results go."""

    after: Sequence[str] = ()
    params_from: Mapping[str, str] = field(default_factory=dict)


def parents_of(node: Node) -> dict[str, str]:
    """Return the names of a job's parents, each with the pointer where the job names it first."""
    parents: dict[str, str] = {}
    for place, name in enumerate(node.after):
        parents.setdefault(name, f"/after/{place}")
    for target, source in node.params_from.items():
        parents.setdefault(parse_source(source).name, f"/params_from/{escape(target)}")
    return parents


def ordered(nodes: Mapping[str, Node]) -> list[str]:
    """Return the names so that each comes after its parents, else as they were given.

    Raises `GraphInvalid`, which points at every malformed reference and unknown name, or at a link of a circle.
    """
    _refuse(error for name, node in nodes.items() for error in _malformed(name, node))
    parents = {name: parents_of(node) for name, node in nodes.items()}
    _refuse(
        FieldError(f"/jobs/{name}{pointer}", f"There is no job {parent!r} in this workflow.")
        for name, named in parents.items()
        for parent, pointer in named.items()
        if parent not in nodes
    )
    if sum(map(len, parents.values())) > MAX_EDGES:
        _refuse([FieldError("/jobs", f"At most {MAX_EDGES:,} links between jobs; a job in between may gather many.")])
    order = _order(parents)
    if len(order) < len(nodes):
        _refuse([_circle({name: named for name, named in parents.items() if name not in set(order)})])
    return order


def _refuse(errors: Iterator[FieldError] | Sequence[FieldError]) -> None:
    found = list(errors)
    if found:
        raise GraphInvalid(f"{len(found)} problem(s) in the graph", errors=found)


def _malformed(name: str, node: Node) -> Iterator[FieldError]:
    sound = []
    for target, source in node.params_from.items():
        pointer = f"/jobs/{name}/params_from/{escape(target)}"
        try:
            parse_pointer(target)
            sound.append(target)
            parse_source(source)
        except ReferenceMalformed as error:
            yield FieldError(pointer, str(error))
    both = overlapping(sound)
    if both is not None:
        yield FieldError(f"/jobs/{name}/params_from/{escape(both[0])}", f"It is put where {both[1]!r} is put, too.")


def _order(parents: Mapping[str, Mapping[str, str]]) -> list[str]:
    place = {name: number for number, name in enumerate(parents)}
    names = list(parents)
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, named in parents.items():
        for parent in named:
            children[parent].append(name)
    missing = {name: len(named) for name, named in parents.items()}
    free = [place[name] for name, count in missing.items() if not count]
    heapify(free)
    order = []
    while free:
        order.append(names[heappop(free)])
        for child in children[order[-1]]:
            missing[child] -= 1
            if not missing[child]:
                heappush(free, place[child])
    return order


def _circle(left: Mapping[str, Mapping[str, str]]) -> FieldError:
    """Point at a link of a circle among jobs that each have a parent among them."""
    seen: dict[str, None] = {}
    name = next(iter(left))
    while name not in seen:
        seen[name] = None
        name = next(parent for parent in left[name] if parent in left)
    circle = list(seen)[list(seen).index(name) :]
    told = " after ".join([*circle, name])
    return FieldError(f"/jobs/{circle[0]}{left[circle[0]][circle[1 % len(circle)]]}", f"A circle: {told}.")
