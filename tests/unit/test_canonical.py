"""Canonical JSON: equal values have equal bytes; what cannot be kept is refused or replaced."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import MAX_DEPTH, canonical_json, depth, fingerprint, storable, storable_text

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXT, below, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_what_was_written_reads_back_the_same(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_the_order_of_names_does_not_matter(value: dict[str, Any]) -> None:
    assert fingerprint(value) == fingerprint(dict(reversed(value.items())))


def test_values_that_differ_have_other_fingerprints() -> None:
    assert len({fingerprint(value) for value in (1, 1.5, "1", [1], {"1": 1}, None, True)}) == 7


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "a\0b", {"\0": 1}, {1, 2}, object()])
def test_what_cannot_be_kept_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_json([value])


def test_what_is_nested_too_deep_is_refused_however_deep_it_is() -> None:
    assert canonical_json(nested(MAX_DEPTH)) == "[" * MAX_DEPTH + "]" * MAX_DEPTH
    for levels in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(ValueError, match="levels of nesting"):
            canonical_json(nested(levels))


def test_depth_counts_levels_and_not_neighbours() -> None:
    values: list[Any] = [1, "{[", [], [[], {}] * 500, {"a": [1, (2,)]}]
    assert list(map(depth, values)) == [0, 0, 1, 2, 3]


@pytest.mark.parametrize("value", ["\\u0000", "\\\\u0000", "a\\\\\\u0000"])
def test_a_nul_that_is_only_spelt_out_is_no_nul(value: str) -> None:
    assert json.loads(canonical_json(value)) == value


def test_half_a_surrogate_pair_has_no_fingerprint() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        fingerprint("\ud800")


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_becomes_one_that_can_be_kept(text: str) -> None:
    kept = storable_text(text)
    assert len(kept) == len(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept


@given(JSON)
def test_what_can_be_kept_stays_as_it_is(value: Any) -> None:
    assert storable(value) == value


def test_anything_becomes_json() -> None:
    odd = {1: math.nan, "set": {2}, "pair": (1, "a\0"), "figure": 1.5}
    assert storable(odd) == {"1": "nan", "set": "{2}", "pair": [1, "a\ufffd"], "figure": 1.5}


def test_a_note_loses_only_what_lies_too_deep() -> None:
    assert storable(nested(MAX_DEPTH)) == nested(MAX_DEPTH)
    kept = storable(nested(100_000))
    assert depth(kept) == MAX_DEPTH
    assert canonical_json(kept) == "[" * MAX_DEPTH + '"…"' + "]" * MAX_DEPTH


def nested(levels: int) -> Any:
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value
