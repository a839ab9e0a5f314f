"""What each clause says in words."""

from typing import Any

import pytest

from core.workloads.customers.segments.phrasing import phrase
from core.workloads.customers.segments.reading import read_definition


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ({"all": []}, "everybody"),
        ({"any": []}, "nobody"),
        ({"all": [{"in_segment": "vips"}]}, "all of"),
        ({"any": [{"in_segment": "vips"}]}, "any of"),
        ({"not": {"in_segment": "vips"}}, "not"),
        ({"in_segment": "vips"}, "in the segment vips"),
        ({"field": "revenue", "op": "at_least", "value": 100}, "revenue at least 100"),
        ({"field": "traits.plan", "value": "plus"}, "traits.plan is plus"),
        ({"field": "traits.plan", "op": "exists"}, "traits.plan is known"),
        ({"field": "last_seen", "op": "within_last", "value": 30}, "last_seen within last 30 days"),
        ({"event": "Order Completed"}, "at least 1 × Order Completed"),
        ({"event": "Seen", "at_least": 2, "at_most": 2, "within_days": 90}, "2 × Seen within 90 days"),
        ({"event": "Seen", "at_least": 2, "at_most": 9}, "2 to 9 × Seen"),
        ({"did_not": "Seen", "within_days": 30}, "did not Seen within 30 days"),
        (
            {"sequence": ["Seen", {"event": "Bought", "where": [{"property": "price", "op": "at_most", "value": 9}]}]},
            "Seen, then Bought where price at most 9",
        ),
        ({"consent": "ads", "channel": "email"}, "consent to ads by email holds"),
        ({"consent": "ads", "channel": "any", "granted": False}, "consent to ads by any does not hold"),
    ],
)
def test_a_clause_in_words(definition: Any, words: str) -> None:
    assert phrase(read_definition(definition)) == words
