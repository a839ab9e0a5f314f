"""A stream whose seasons, trends and walks nobody tells of: they are found, taken out, and make no edges."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.workloads.causal import advancing, online, steadiness, stream_state
from core.workloads.causal.stream_state import State
from tests.unit.workloads.causal.windows import COEFFICIENTS, EDGES, NAMES, simulate

ROWS, WINDOWS = 100, 60
PARAMS = {"decay": 0.99, "q": 0.001, "stability_threshold": 0.6}
PLAIN = simulate(ROWS * WINDOWS, 32)
TIME = np.arange(ROWS * WINDOWS)[:, None]
PHASES = np.array([0.0, 1.0, 2.5, 4.0])
Floats = Any


def follow(values: Floats, told: list[float] | None = None) -> tuple[State, list[set[tuple[str, str, int]]]]:
    """Fold in all windows; return the state and the edges accepted after each."""
    state, found = stream_state.begin(NAMES, 2, told), []
    for index in range(len(values) // ROWS):
        window = values[ROWS * index : ROWS * index + ROWS]
        state, _ = advancing.advance(stream_state.load(stream_state.dump(state)), window, index, PARAMS)
        found.append({(NAMES[source], NAMES[target], lag) for source, target, lag in state.accepted})
    return state, found


def waves(period: float, size: float) -> Floats:
    return size * np.sin(2 * np.pi * TIME / period + PHASES)


def treated(state: State) -> dict[str, Any]:
    return advancing.describe_treatment(state)


NOTHING: dict[str, list[Any]] = {"seasons": [], "levels": [], "trends": [], "differenced": []}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("persistence", [0.0, 0.5, 0.9])
def test_nothing_is_found_where_nothing_is(persistence: float, seed: int) -> None:
    state, found = follow(simulate(ROWS * WINDOWS, seed, persistence * np.eye(4)[None]))
    assert (treated(state), state.began) == (NOTHING, 0)
    assert sum(map(len, found)) <= WINDOWS // 20


def test_a_plain_stream_is_as_if_nothing_were_looked_for() -> None:
    """Given no season, both ways come to the same sums, bit for bit."""
    looking, told = follow(PLAIN)[0], follow(PLAIN, [])[0]
    assert treated(looking) == NOTHING
    np.testing.assert_array_equal(looking.products, told.products)
    assert looking.accepted == told.accepted


@pytest.mark.parametrize(
    ("change", "size", "expected"),
    [
        (lambda size: waves(24, size), 2.0, {"seasons": [24.0]}),
        (lambda size: waves(24, size), 0.5, {"seasons": [24.0]}),
        (lambda size: waves(24, size) + waves(7, size), 1.0, {"seasons": [7.0, 24.0]}),
        (lambda size: size * TIME / TIME.max() * [1, -1, 1, 0], 8.0, {"levels": ["a", "b", "c"]}),
    ],
)
def test_what_is_added_is_found_and_makes_no_edge(
    change: Callable[[float], Floats], size: float, expected: dict[str, Any]
) -> None:
    """Given edges and a change of all variables together: the end has the true edges alone; untreated it has others."""
    values = PLAIN + change(size)
    state, found = follow(values)
    assert {**treated(state), "seasons": sorted(treated(state)["seasons"])} == {**NOTHING, **expected}
    assert found[-1] == EDGES
    assert all(edges <= EDGES for edges in found[WINDOWS // 2 :])
    assert follow(values, [])[1][-1] - EDGES


def test_a_season_that_the_first_window_only_seemed_to_have_is_given_up() -> None:
    values = simulate(ROWS * WINDOWS, 31)
    assert len(steadiness.first_look(values[:ROWS])) == 1
    state, found = follow(values)
    assert treated(state) == NOTHING
    assert found[-1] == EDGES


def test_a_period_that_is_no_whole_number_is_found() -> None:
    (period,) = treated(follow(PLAIN + waves(17.3, 1.5))[0])["seasons"]
    assert period == pytest.approx(17.3, abs=0.1)


def test_walks_are_differenced_and_make_no_edge() -> None:
    walks = np.random.default_rng(5).standard_normal((ROWS * WINDOWS, 4)).cumsum(axis=0)
    state, found = follow(walks)
    assert treated(state)["differenced"] == NAMES
    assert found[-1] == set()


def test_within_long_windows_a_season_is_found_in_pieces() -> None:
    rows = steadiness.no_signs(4, 1_024)
    assert len(rows.foretold[0]) == steadiness.size_of(0) // 2
    values = simulate(5_000, 9) + 0.3 * np.sin(2 * np.pi * np.arange(5_000)[:, None] / 50 + PHASES)
    state = stream_state.begin(NAMES, 2)
    state, _ = advancing.advance(state, values, 0, PARAMS)
    assert treated(state)["seasons"] == [50.0]


@pytest.mark.parametrize("rows", [29, 30])
def test_windows_are_looked_at_from_thirty_rows_on(rows: int) -> None:
    signs = steadiness.see(steadiness.no_signs(4), steadiness.untreated(4), PLAIN[:rows], 1.0)
    assert signs.span == (30 if rows == 30 else 0)


def test_a_window_with_gaps_and_a_constant_is_looked_at() -> None:
    values = PLAIN.copy()
    values[::7, 1] = np.nan
    values[:, 3] = 5.0
    state, _ = follow(values[: 5 * ROWS])
    assert np.isfinite(state.signs.foretold).all()
    assert np.isfinite(state.signs.bends).all()
    assert treated(state) == NOTHING


def test_a_state_of_before_is_read_and_goes_on_looking() -> None:
    """Written when seasons had to be told: without any told, it finds them from now on."""
    state = follow(PLAIN[: 3 * ROWS], [])[0]
    line, _, body = stream_state.dump(state).partition(b"\n")
    head = {name: value for name, value in json.loads(line).items() if name not in {"told", "treatment", "signs"}}
    arrays = 12 + 12**2 + 2 * 4 * 8
    for seasons, told in (([], None), ([24.0], (24.0,))):
        old = json.dumps({**head, "seasons": seasons}).encode() + b"\n" + body[: 8 * arrays]
        again = stream_state.load(old)
        assert (again.told, again.treatment.seasons) == (told, tuple(seasons))
        np.testing.assert_array_equal(again.products, state.products)
        assert stream_state.dump(stream_state.load(stream_state.dump(again))) == stream_state.dump(again)


def test_the_true_effects_are_what_they_were() -> None:
    state, _ = follow(PLAIN + waves(24, 1.0))
    answer = advancing.describe(state, online.answer(state), {**PARAMS, "most_edges": 100})
    for edge in answer:
        truth = COEFFICIENTS[edge["lag"] - 1, NAMES.index(edge["target"]), NAMES.index(edge["source"])]
        assert edge["effect"] == pytest.approx(truth, abs=0.07)
