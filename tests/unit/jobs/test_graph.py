"""The order of a graph, and where what is wrong with it is pointed at."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.jobs import graph, references
from core.jobs.graph import GraphInvalid, Node, ordered
from core.jobs.references import LONGEST_PATH, ReferenceMalformed, filled, parse_pointer

EDGES = st.sets(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=60)


@given(EDGES)
def test_without_circles_each_comes_after_its_parents(edges: set[tuple[int, int]]) -> None:
    forward = {(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]}
    nodes = {str(one): Node([str(parent) for parent, child in forward if child == one]) for one in range(15, -1, -1)}
    order = ordered(nodes)
    assert sorted(order) == sorted(nodes)
    assert all(order.index(str(parent)) < order.index(str(child)) for parent, child in forward)


@given(EDGES)
def test_a_circle_is_pointed_at_by_one_of_its_links(edges: set[tuple[int, int]]) -> None:
    nodes = {str(one): Node([str(parent) for parent, child in edges if child == one]) for one in range(16)}
    try:
        ordered(nodes)
    except GraphInvalid as error:
        (found,) = error.errors
        _, _, name, _, place = found.pointer.split("/")
        circle = found.detail.removeprefix("A circle: ").removesuffix(".").split(" after ")
        assert circle[:2] == [name, nodes[name].after[int(place)]]
        assert circle[0] == circle[-1]
        assert all(parent in nodes[child].after for child, parent in itertools.pairwise(circle))


@pytest.mark.parametrize(("most", "fits"), [(3, True), (2, False)])
def test_links_are_limited(monkeypatch: pytest.MonkeyPatch, most: int, fits: bool) -> None:  # noqa: FBT001 - a parameter
    monkeypatch.setattr(graph, "MAX_EDGES", most)
    nodes = {"a": Node(), "b": Node(["a", "a"]), "c": Node(["a"], {"/x": "b#", "/y": "b#"})}
    if fits:
        assert ordered(nodes) == ["a", "b", "c"]
        return
    with pytest.raises(GraphInvalid) as refused:
        ordered(nodes)
    assert [error.pointer for error in refused.value.errors] == ["/jobs"]


def test_pointers_are_limited_and_lead_through_objects_and_lists() -> None:
    assert len(parse_pointer("/x" * LONGEST_PATH)) == LONGEST_PATH
    with pytest.raises(ReferenceMalformed):
        parse_pointer("/x" * (LONGEST_PATH + 1))
    params = {"rows": [{"a": 1}]}
    assert filled(params, {"/rows/0/a": 2, "/new/in~1side": 3}) == {"rows": [{"a": 2}], "new": {"in/side": 3}}
    assert params == {"rows": [{"a": 1}]}
    assert references.overlapping(["/a", "/b", "/ab"]) is None
