"""Segments drafted by rules: what they understand is what is meant, and what they do not is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.assistance.providers.segments import draft
from core.workloads.customers.segments.reading import read_definition

BOUGHT = "Order Completed"
DRAFTS: list[tuple[str, dict[str, Any]]] = [
    ("people who bought at least twice in the last 90 days", {"event": BOUGHT, "at_least": 2, "within_days": 90}),
    ("bought more than 3 times", {"event": BOUGHT, "at_least": 4}),
    ("bought fewer than 3 times", {"event": BOUGHT, "at_least": 0, "at_most": 2}),
    ("bought exactly 2 times within 2 weeks", {"event": BOUGHT, "at_least": 2, "at_most": 2, "within_days": 14}),
    ("those who have not bought for 60 days", {"did_not": BOUGHT, "within_days": 60}),
    ("did not buy 2 times", {"not": {"event": BOUGHT, "at_least": 2}}),
    ("never unsubscribed", {"did_not": "Unsubscribed"}),
    ('did "Demo, and more" then bought in a month', {"sequence": ["Demo, and more", BOUGHT], "within_days": 30}),
    ("spent more than 100 EUR", {"field": "revenue", "op": "greater_than", "value": 100}),
    ("spent between 100 and 200.5", {"field": "revenue", "op": "between", "value": [100, 200.5]}),
    ("with at most 3 purchases", {"field": "purchases", "op": "at_most", "value": 3}),
    ("inactive for 2 months", {"not": {"field": "last_seen", "op": "within_last", "value": 60}}),
    ("joined within a year", {"field": "first_seen", "op": "within_last", "value": 365}),
    ("agreed to email", {"consent": "email"}),
    ("did not agree to advertising", {"not": {"consent": "ads"}}),
    ("are not in segment vips", {"not": {"in_segment": "vips"}}),
    ('members of the segment "Our Best"', {"in_segment": "Our Best"}),
    ("whose trait plan is pro", {"field": "traits.plan", "op": "equals", "value": "pro"}),
    ("at risk", {"field": "rfm.label", "op": "equals", "value": "at_risk"}),
    ("customers", {"field": "lifecycle", "op": "equals", "value": "customer"}),
    (
        "champions, or loyal customers who bought",
        {
            "any": [
                {"field": "rfm.label", "op": "equals", "value": "champions"},
                {"all": [{"field": "rfm.label", "op": "equals", "value": "loyal"}, {"event": BOUGHT}]},
            ]
        },
    ),
]


@pytest.mark.parametrize(("description", "definition"), DRAFTS)
def test_a_plain_phrase_becomes_the_clause_that_it_means(description: str, definition: dict[str, Any]) -> None:
    assert draft(description) == (definition, [])
    read_definition(definition)


def test_what_is_not_understood_is_told_and_leaves_the_rest() -> None:
    told = draft('Customers in Finland who like "Blue Cheese" and bought twice')
    assert told.not_understood == ["in finland", 'like "Blue Cheese"']
    assert told.definition == {
        "all": [{"field": "lifecycle", "op": "equals", "value": "customer"}, {"event": BOUGHT, "at_least": 2}]
    }


@pytest.mark.parametrize("description", ["likes cats", "everybody", "bought or likes cats", '"', "\x01 5 \x01", "…"])
def test_where_a_way_of_belonging_is_not_understood_nothing_is_drafted(description: str) -> None:
    told = draft(description)
    assert told.definition is None
    assert told.not_understood


@given(
    st.lists(st.sampled_from([*(one for one, _ in DRAFTS), "or", "likes cats", '"', "\x00", "99999 times"]), max_size=8)
)
def test_whatever_is_drafted_can_be_read(words: list[str]) -> None:
    definition = draft(" and ".join(words)).definition
    assert definition is None or read_definition(definition)
