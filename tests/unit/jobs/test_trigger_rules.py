"""Filters and params of triggers."""

from typing import Any

import pytest

from core.jobs.references import ReferenceMalformed
from core.jobs.trigger_rules import flaw_in_source, flaws_in_filter, made_params, passes

EVENT = {"subject": "s", "seq": 3, "data": {"index": 12, "name": "retail", "edges": ["a"], "ok": True}}


@pytest.mark.parametrize(
    ("rule", "does"),
    [
        ({}, True),
        ({"/subject": "s"}, True),
        ({"/subject": "t"}, False),
        ({"/data/index": {"gte": 12, "lt": 13}}, True),
        ({"/data/index": {"gt": 12}}, False),
        ({"/data/index": {"lte": 11}}, False),
        ({"/data/index": {"multiple_of": 4}}, True),
        ({"/data/index": {"multiple_of": 5}}, False),
        ({"/data/index": {"multiple_of": 0}}, False),
        ({"/data/name": {"in": ["retail", "finance"]}}, True),
        ({"/data/name": {"ne": "retail"}}, False),
        ({"/data/name": {"gt": 3}}, False),
        ({"/data/ok": {"gte": 1}}, False),
        ({"/data/none": {"eq": None}}, False),
        ({"/data/none/deeper": 1}, False),
        ({"/data/edges": {"eq": ["a"]}}, True),
        ({"/subject": "s", "/seq": 4}, False),
    ],
)
def test_a_filter_holds_for_some_events(rule: dict[str, Any], does: bool) -> None:  # noqa: FBT001 - a table's column
    assert passes(rule, EVENT) is does


def test_params_are_filled_from_the_event() -> None:
    made = made_params({"series": {"n": 1}}, {"/series/last": "/data/index", "/all": ""}, EVENT)
    assert made == {"series": {"n": 1, "last": 12}, "all": EVENT}
    assert made_params({}, {"/first": {"from": "/data/index", "plus": -9}}, EVENT) == {"first": 3}


@pytest.mark.parametrize("source", ["/data/none", {"from": "/data/name", "plus": 1}, {"from": "/data/ok", "plus": 1}])
def test_what_an_event_does_not_have_is_refused(source: Any) -> None:
    with pytest.raises(ReferenceMalformed):
        made_params({}, {"/x": source}, EVENT)


def test_flaws_are_told_where_they_are() -> None:
    assert set(flaws_in_filter({"data": 1, "/a": {"near": 1}, "/b": {"eq": 1}, "/c": 2})) == {"data", "/a"}
    assert flaw_in_source("/a/b") is None
    assert flaw_in_source({"from": "/a", "plus": 2}) is None
    for wrong in ("a", 3, {"from": "/a"}, {"from": "/a", "plus": 0.5}, {"from": "/a", "plus": True}):
        assert flaw_in_source(wrong) is not None
