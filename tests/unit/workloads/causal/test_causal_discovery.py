"""What is discovered in windows whose truth is known."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from core.canonical import canonical_json
from core.jobs.context import MemoryRecorder
from core.workloads.causal import noise
from tests.unit.workloads.causal.windows import (
    COEFFICIENTS,
    EDGES,
    NAMES,
    compute_shard,
    discover,
    discover_batch,
    edges_of,
    simulate,
)


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return discover(simulate(2000, 3), NAMES, max_lag=2)


def test_the_edges_of_a_var_are_found_and_no_others(found: dict[str, Any]) -> None:
    assert edges_of(found) == EDGES
    assert all(edge["direction"] == 1.0 for edge in found["edges"] if edge["lag"])


def test_coefficients_are_those_of_least_squares_on_the_true_parents() -> None:
    """Gaussian noise without trends: the sparse model is ordinary least squares, which numpy solves independently."""
    values = simulate(3000, 5)
    result = discover(values, NAMES, max_lag=2, preprocess="none")
    now, one, two = values[2:], values[1:-1], values[:-2]
    design = np.column_stack([one[:, 1], two[:, 1], one[:, 0], np.ones(len(now))])
    expected = np.linalg.lstsq(design, now[:, 1], rcond=None)[0]
    edge = next(edge for edge in result["edges"] if (edge["source"], edge["target"]) == ("a", "b"))
    assert edge["effect"] == pytest.approx(expected[2], rel=1e-3)


def test_intervals_have_the_width_that_theory_gives() -> None:
    """The asymptotic standard error of a VAR coefficient is the root of (Z'Z)^-1 times the noise's variance, here 1."""
    values = simulate(3000, 6)
    result = discover(values, NAMES, max_lag=2, resamples=1000, preprocess="none")
    now, one, two = values[2:], values[1:-1], values[:-2]
    design = np.column_stack([one[:, 1], two[:, 1], one[:, 0], np.ones(len(now))])
    error = np.sqrt(np.linalg.inv(design.T @ design)[2, 2])
    edge = next(edge for edge in result["edges"] if (edge["source"], edge["target"]) == ("a", "b"))
    assert edge["ci_high"] - edge["ci_low"] == pytest.approx(2 * 1.97 * error, rel=0.2)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """95 % of 12 edges at 2 lags in 20 windows: within 4 standard errors of a binomial share."""
    inside = []
    for seed in range(20):
        result = discover(simulate(400, 100 + seed), NAMES, max_lag=2, contemporaneous=False, preprocess="none")
        for edge in result["edges"]:
            truth = COEFFICIENTS[edge["lag"] - 1, NAMES.index(edge["target"]), NAMES.index(edge["source"])]
            inside.append(edge["ci_low"] <= truth <= edge["ci_high"])
    assert len(inside) == 20 * 24
    assert abs(np.mean(inside) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / len(inside))


def test_the_order_of_variables_does_not_matter(found: dict[str, Any]) -> None:
    order = [2, 0, 3, 1]
    other = discover(simulate(2000, 3)[:, order], [NAMES[place] for place in order], max_lag=2)
    assert edges_of(other) == edges_of(found)
    effects = {(e["source"], e["target"], e["lag"]): e["effect"] for e in found["edges"] if e["lag"]}
    for edge in other["edges"]:
        if edge["lag"]:
            assert edge["effect"] == pytest.approx(effects[edge["source"], edge["target"], edge["lag"]], abs=1e-9)


def test_scale_and_shift_change_units_and_nothing_else(found: dict[str, Any]) -> None:
    scale = np.array([1e3, 1e-3, 7.0, 1.0])
    other = discover(simulate(2000, 3) * scale + np.array([5.0, -100.0, 0.0, 1e4]), NAMES, max_lag=2)
    for mine, theirs in zip(found["edges"], other["edges"], strict=True):
        unit = scale[NAMES.index(mine["target"])] / scale[NAMES.index(mine["source"])]
        assert theirs["effect"] == pytest.approx(mine["effect"] * unit, rel=1e-5)
        assert (theirs["verdict"], theirs["stability"]) == (mine["verdict"], mine["stability"])


@pytest.mark.parametrize("shards", [3, 16])
def test_any_number_of_shards_gives_the_same_bytes(shards: int) -> None:
    alone, split = MemoryRecorder(), MemoryRecorder(compute_shard=compute_shard)
    values = simulate(200, 3)
    one = discover(values, NAMES, alone, resamples=975, max_lag=2)
    many = discover(values, NAMES, split, resamples=975, max_lag=2, shards=shards)
    assert canonical_json(one) == canonical_json(many)
    assert alone.artifacts == split.artifacts


def test_another_seed_draws_other_resamples(found: dict[str, Any]) -> None:
    other = discover(simulate(2000, 3), NAMES, max_lag=2, seed=2)
    assert edges_of(other) == edges_of(found)
    assert [edge["ci_low"] for edge in other["edges"]] != [edge["ci_low"] for edge in found["edges"]]


def test_noise_stays_quiet() -> None:
    """Fewer than one window in twenty has an accepted edge on average: of 40, more than 6 would be a rare accident."""
    loud = 0
    for seed in range(40):
        values = np.random.default_rng(1000 + seed).standard_normal((200, 6))
        loud += bool(edges_of(discover(values, max_lag=2, resamples=100)))
    assert loud <= 6


def test_random_walks_are_not_joined() -> None:
    loud = 0
    for seed in range(20):
        values = np.random.default_rng(2000 + seed).standard_normal((300, 4)).cumsum(axis=0)
        loud += bool(edges_of(discover(values, max_lag=2, resamples=100)))
    assert loud <= 4


def test_missing_values_cost_little() -> None:
    values = simulate(2000, 3)
    values[np.random.default_rng(0).random(values.shape) < 0.1] = np.nan
    found = edges_of(discover(values, NAMES, max_lag=2))
    assert found >= EDGES
    assert {(source, target) for source, target, _ in found} == {(source, target) for source, target, _ in EDGES}


def test_trajectories_are_never_joined() -> None:
    """Given many short runs of which each begins where chance wills, lags across the joins would blur the edges."""
    runs = [simulate(25, 300 + run) for run in range(60)]
    result = discover(np.vstack(runs), NAMES, max_lag=2, trajectories=[25] * 60)
    assert edges_of(result) == EDGES
    assert result["diagnostics"]["rows_used"] == 60 * 23


def test_scores_rank_true_pairs_first(found: dict[str, Any]) -> None:
    values = np.array(found["scores"]["values"])
    true = {(NAMES.index(target), NAMES.index(source)) for source, target, _ in EDGES}
    ranked = sorted(np.ndindex(4, 4), key=lambda pair: -values[pair])
    assert set(ranked[: len(true)]) == true
    assert np.all(np.diag(values) == 0)


def test_the_graph_is_left_as_json_and_graphml() -> None:
    recorder = MemoryRecorder()
    discover(simulate(2000, 3), NAMES, recorder, max_lag=2, plots=True)
    document = json.loads(recorder.artifacts["graph.json"][0])
    assert {(link["source"], link["target"], link["lag"]) for link in document["links"]} == EDGES
    space = "{http://graphml.graphdrawing.org/xmlns}"
    edges = ET.fromstring(recorder.artifacts["graph.graphml"][0]).iter(f"{space}edge")
    assert {(edge.get("source"), edge.get("target")) for edge in edges} == {(s, t) for s, t, _ in EDGES}
    for name in ("graph.svg", "effects.svg", "distributions.svg"):
        assert ET.fromstring(recorder.artifacts[name][0]).tag.endswith("svg")


def test_a_batch_tells_of_each_series_and_one_bad_one_harms_no_other() -> None:
    good = {"names": NAMES, "values": simulate(300, 4).tolist()}
    copy = simulate(300, 4)
    copy[:, 3] = copy[:, 0] + copy[:, 1]
    results = discover_batch([good, {"names": NAMES, "values": copy.tolist()}, good])["results"]
    assert [item["problem"] and item["problem"]["code"] for item in results] == [None, "series_unfit", None]
    assert "'" in results[1]["problem"]["detail"]
    assert results[0]["edges"] == results[2]["edges"]


def test_constraints_are_kept() -> None:
    values = simulate(2000, 3)
    forbidden = discover(
        values, NAMES, max_lag=2, constraints={"forbidden": [{"source": "a", "target": "b"}], "tiers": [["d"], ["c"]]}
    )
    pairs = {(edge["source"], edge["target"]) for edge in forbidden["edges"] if edge["lag"]}
    assert ("a", "b") not in pairs
    assert ("c", "d") not in pairs
    assert ("d", "c") in pairs


@pytest.mark.parametrize("change", ["season", "trend", "level"])
def test_seasons_trends_and_levels_of_several_trajectories_are_taken_out(change: str) -> None:
    """Each trajectory has its own phase, slope or level, the same for all variables: left in, they look like causes.

    Taken out, the same edges are found as in the runs before they had them.
    """
    rng, time = np.random.default_rng(8), np.arange(200)[:, None]
    plain = [simulate(200, 700 + run) for run in range(5)]
    runs = []
    for run in plain:
        shared = {
            "season": 1.5 * np.sin(2 * np.pi * time / 24 + rng.uniform(0, 2 * np.pi)),
            "trend": rng.uniform(-6, 6) * time / 200 + rng.uniform(-6, 6) * (time / 200) ** 2,
            "level": rng.uniform(-3, 3) + 0.0 * time,
        }
        runs.append(run + shared[change])
    values = np.vstack(runs)
    left_in = discover(values, NAMES, max_lag=2, trajectories=[200] * 5, preprocess="none")
    assert len(edges_of(left_in) - EDGES) > 2
    treated = discover(values, NAMES, max_lag=2, trajectories=[200] * 5)
    untouched = discover(np.vstack(plain), NAMES, max_lag=2, trajectories=[200] * 5)
    assert edges_of(treated) == edges_of(untouched) == EDGES
    report = treated["diagnostics"]["preprocessing"]
    assert report["seasons"] == ([24.0] if change == "season" else [])
    assert set(report["trend"]) == (set(NAMES) if change == "trend" else set())


def test_random_walks_of_several_trajectories_are_differenced() -> None:
    walks = np.vstack([np.random.default_rng(run).standard_normal((150, 3)).cumsum(axis=0) for run in range(4)])
    result = discover(walks, max_lag=2, trajectories=[150] * 4)
    assert result["diagnostics"]["preprocessing"]["differenced"] == ["x0", "x1", "x2"]
    assert not edges_of(result)


def test_volatility_begins_anew_with_each_trajectory() -> None:
    """The variances are those of a plain loop that forgets at each join, for the parameters likeliest by that loop."""
    rng = np.random.default_rng(3)
    parts = []
    for rows in (300, 400, 200):
        variance, drawn = 1.0, []
        for shock in rng.standard_normal(rows):
            drawn.append(np.sqrt(variance) * shock)
            variance = 0.05 + 0.15 * drawn[-1] ** 2 + 0.8 * variance
        parts.append(np.array(drawn))
    residual, trajectory = np.concatenate(parts), np.repeat([0, 1, 2], [300, 400, 200])
    level, found = float(np.mean(residual**2)), noise.conditional_variance(residual, trajectory)
    assert found is not None
    assert found[[0, 300, 700]] == pytest.approx(level)
    after = np.delete(np.arange(900), [0, 300, 700])
    coefficients, *_ = np.linalg.lstsq(
        np.column_stack([np.ones(len(after)), residual[after - 1] ** 2, found[after - 1]]), found[after], rcond=None
    )
    constant, alpha, beta = coefficients
    assert constant == pytest.approx((1 - alpha - beta) * level)
    assert 0 < alpha < alpha + beta < 1
