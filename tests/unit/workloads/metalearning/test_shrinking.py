"""The ridge towards earlier domains: dense Bayes, its two limits, what it estimates, and what it is worth."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.metalearning import examples, ridge, shrinking
from core.workloads.metalearning.shrink_params import ShrinkParams, ShrinkResult


def compute(**params: Any) -> dict[str, Any]:
    given = ShrinkParams().load({**examples.shrinking(), **params})
    return shrinking.compute(given, JobContext(UUID(int=1), 1, 1, MemoryRecorder()))


def domains(rng: np.random.Generator, count: int, tau: float, noise: float = 0.5, rows: int = 60, p: int = 6) -> Any:
    """Draw linear domains whose coefficients differ by tau; return their moments, coefficients and mean."""
    mean = rng.standard_normal(p)
    told, true = [], mean + tau * rng.standard_normal((count, p))
    for coefficients in true:
        inputs = rng.standard_normal((rows, p))
        told.append(ridge.moments(inputs, inputs @ coefficients + noise * rng.standard_normal(rows) + 3.0))
    return told, true, mean


@pytest.mark.parametrize("tau", [0.05, 0.3, 1.5])
def test_the_estimate_is_that_of_the_joint_normal_written_out(tau: float) -> None:
    """With b ~ N(m, V), V = t^2 I + C, and y | b normal, E[b | y] = m + V Z' (s^2 I + Z V Z')^-1 (y - Z m)."""
    rng = np.random.default_rng(1)
    z, mean, noise = rng.standard_normal((9, 4)), rng.standard_normal(4), 0.7
    z -= z.mean(axis=0)
    y = rng.standard_normal(9)
    y -= y.mean()
    half = 0.2 * rng.standard_normal((4, 4))
    prior = tau**2 * np.eye(4) + half @ half.T
    found, sd, share = ridge.shrunk(ridge.moments(z, y), ridge.Spread(mean, half @ half.T, tau, noise))
    gain = prior @ z.T @ np.linalg.inv(noise * np.eye(9) + z @ prior @ z.T)
    assert found == pytest.approx(mean + gain @ (y - z @ mean))
    assert sd == pytest.approx(np.sqrt(np.diag((np.eye(4) - gain @ z) @ prior)))
    assert share == pytest.approx(np.trace(gain @ z) / 4)


@pytest.mark.parametrize("tau", [0.1, 0.4, 1.0])
def test_spread_noise_and_mean_are_found_again(tau: float) -> None:
    found = []
    for seed in range(6):
        told, _, mean = domains(np.random.default_rng([seed, 7]), 60, tau)
        spread = ridge.spread_of(told)
        assert spread.noise == pytest.approx(0.25, rel=0.1)
        assert spread.mean == pytest.approx(mean, abs=5 * (tau + 0.5 / 60**0.5) / 60**0.5)
        assert np.diag(spread.uncertain) == pytest.approx((spread.tau**2 + 0.25 / 59) / 60, rel=0.3)
        found.append(spread.tau)
    assert np.mean(found) == pytest.approx(tau, rel=0.08)


def test_domains_all_alike_leave_the_mean_and_domains_that_differ_their_own() -> None:
    told, true, _ = domains(np.random.default_rng(3), 30, 0.0)
    spread = ridge.spread_of(told)
    assert spread.tau < 0.05
    estimate, _, share = ridge.shrunk(told[0], spread)
    assert share < 0.35
    assert estimate == pytest.approx(true[0], abs=0.1)
    told, _, _ = domains(np.random.default_rng(4), 30, 50.0)
    estimate, _, share = ridge.shrunk(told[0], ridge.spread_of(told))
    assert share > 0.999
    assert estimate == pytest.approx(told[0].own(), abs=0.01)


@pytest.mark.parametrize("tau", [0.0, 0.05, 0.2, 1.0])
def test_it_is_nearer_to_the_truth_than_either_end(tau: float) -> None:
    errors = []
    for seed in range(40):
        rng = np.random.default_rng([seed, 11])
        told, true, _ = domains(rng, 31, tau, rows=20)
        spread = ridge.spread_of(told[:-1])
        estimates = (told[-1].own(), spread.mean, ridge.shrunk(told[-1], spread)[0])
        errors.append([float(((one - true[-1]) ** 2).sum()) for one in estimates])
    own, mean, shrunk = np.mean(errors, axis=0)
    assert shrunk <= 1.05 * min(own, mean)
    assert shrunk < 0.95 * max(own, mean)


def test_the_job_tells_each_effect_in_the_series_units() -> None:
    result = compute()
    assert ShrinkResult().load(result)
    assert len(result["coefficients"]) == 16
    heat = next(one for one in result["coefficients"] if (one["source"], one["target"]) == ("load", "heat"))
    assert min(heat["own"], heat["mean"]) - 0.2 <= heat["effect"] <= max(heat["own"], heat["mean"]) + 0.2
    assert heat["mean"] == pytest.approx(0.5, abs=0.12)
    assert result["held_out"]["shrunk"] < result["held_out"]["own"]


def test_units_and_order_of_domains_do_not_matter() -> None:
    given = examples.shrinking()
    scaled = [
        [value * size for value, size in zip(row, (1.0, 10.0, 0.1, 3.0), strict=True)] for row in given["new"]["values"]
    ]
    others = [
        {
            "values": [
                [value * size for value, size in zip(row, (1.0, 10.0, 0.1, 3.0), strict=True)] for row in one["values"]
            ]
        }
        for one in given["earlier"]
    ]
    plain, other = compute(), compute(new={"values": scaled}, earlier=others[::-1])
    assert other["own_share"] == pytest.approx(plain["own_share"], rel=1e-6)
    for one, two in zip(plain["coefficients"], other["coefficients"], strict=True):
        sizes = dict(zip(given["names"], (1.0, 10.0, 0.1, 3.0), strict=True))
        assert two["effect"] == pytest.approx(
            one["effect"] * sizes[one["target"]] / sizes[one["source"]], rel=1e-5, abs=1e-9
        )


def test_a_variable_that_never_varies_and_more_lags_than_rows_tell_are_borne() -> None:
    flat = [[row[0], 5.0] for row in examples.shrinking()["new"]["values"]]
    earlier = [{"values": [[row[0], 5.0] for row in one["values"]]} for one in examples.shrinking()["earlier"]]
    result = compute(names=["a", "b"], earlier=earlier, new={"values": flat}, lags=3)
    assert all(np.isfinite([one["effect"], one["sd"]]).all() for one in result["coefficients"])
    assert (
        compute(new={"values": flat and examples.shrinking()["new"]["values"][:8]}, lags=5, held_out=0)["held_out"]
        is None
    )


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"names": ["a", "a", "b", "c"]}, "names"),
        ({"new": {"values": [[1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4]]}}, "new"),
        ({"new": {"values": [[1, 2, 3, 4]] * 3}}, "new"),
        ({"earlier": []}, "earlier"),
        ({"lags": 11}, "lags"),
    ],
)
def test_what_is_no_set_of_domains_is_refused(params: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValidationError) as caught:
        compute(**params)
    assert list(caught.value.messages) == [pointer]
