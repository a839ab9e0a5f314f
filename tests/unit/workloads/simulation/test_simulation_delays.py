"""Delays against their closed forms: shifts, Erlang's distribution, smoothing, and an equation with memory."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import gamma

from core.canonical import canonical_json
from core.jobs.context import MemoryRecorder
from tests.unit.workloads.simulation.runs import DECAY, changed, course, faults, resumed, run

TIME = 4.0


def delayed(of: str, sort: str, **entry: Any) -> dict[str, Any]:
    delay = {"sort": sort, "of": of, "time": "lag", **entry}
    return changed(
        DECAY, delays={"late": delay}, parameters={"lag": {"value": TIME}}, horizon=16, dt=0.125, method="rk4"
    )


def late(of: str, sort: str, method: str = "rk4", **entry: Any) -> tuple[Any, Any]:
    """Return moments and what comes out of a delay."""
    result = run(model={**delayed(of, sort, **entry), "method": method}, points=129)
    return np.asarray(result["times"]), course(result, "late")


@pytest.mark.parametrize("method", ["euler", "rk4"])
def test_a_fixed_delay_shifts(method: str) -> None:
    times, found = late("sin(time)", "fixed", method, initial=7)
    assert found == pytest.approx(np.where(times < TIME, 7.0, np.sin(times - TIME)), abs=1e-12)


def test_a_fixed_delay_between_steps_is_straight_between_them() -> None:
    result = run(model=delayed("time", "fixed", initial=0), parameters={"lag": 4.03}, points=129)
    times = np.asarray(result["times"])
    assert course(result, "late") == pytest.approx(np.where(times < 4.03, 0.0, times - 4.03), abs=1e-12)


def test_each_member_is_delayed_by_its_own_time() -> None:
    lag = {"distribution": "uniform", "low": 2.0, "high": 6.0}
    model = delayed("step(1, 0)", "fixed", initial=0)
    result = run(model=model, parameters={"lag": lag}, members=2000, points=129)
    times = np.asarray(result["times"])
    assert course(result, "late") == pytest.approx(np.clip((times - 2.0) / 4.0, 0.0, 1.0), abs=0.04)


@pytest.mark.parametrize("sort", ["material", "information"])
@pytest.mark.parametrize("order", [1, 3, 8])
def test_a_step_comes_out_as_erlangs_distribution(sort: str, order: int) -> None:
    times, found = late("step(2, 0)", sort, order=order, initial=0)
    assert found == pytest.approx(2.0 * gamma.cdf(times, order, scale=TIME / order), abs=2e-6 * order**3)


def test_a_material_delay_gives_back_all_that_went_in_and_information_none_of_it() -> None:
    """Where the delay time doubles on the way, what is under way still comes out; a smoothed level just follows."""
    flows = {"out": {"to": "level", "equation": "late"}}
    totals = []
    for sort in ("material", "information"):
        delay = {"sort": sort, "of": "pulse(8, 0, 1)", "time": "lag + step(lag, 2)", "order": 3, "initial": 0}
        model = changed(delayed("1", sort), delays={"late": delay}, flows=flows, horizon=200, stocks={})
        model |= {"method": "euler", "parameters": {"lag": {"value": TIME}, "rate": {"value": 0}}}
        totals.append(course(run(model=model), "level")[-1] - 8.0)
    assert totals[0] == pytest.approx(8.0, rel=1e-9)
    assert totals[1] > 8.5


@pytest.mark.parametrize("sort", ["material", "information", "fixed"])
def test_it_begins_with_what_is_delayed_and_stays_there_where_that_does(sort: str) -> None:
    model = changed(
        delayed("twice", sort, **({} if sort == "fixed" else {"order": 3})),
        auxiliaries={"twice": {"equation": "2 * held + time - time"}},
        stocks={"held": {"initial": "3 * lag"}},
    )
    found = course(run(model=model), "late")
    assert found == pytest.approx(np.full(len(found), 24.0))


def test_an_equation_with_memory_is_its_polynomials() -> None:
    """x' = -x(t - 1), x = 1 before: 1 - t, then + (t - 1)^2 / 2, then - (t - 2)^3 / 6 (the method of steps)."""
    model = {
        "name": "memory",
        "horizon": 3,
        "dt": 0.01,
        "stocks": {"x": {"initial": 1}},
        "flows": {"change": {"to": "x", "equation": "-before"}},
        "delays": {"before": {"sort": "fixed", "of": "x", "time": 1}},
    }
    result = run(model=model, points=301)
    t = np.asarray(result["times"])
    exact = sum((-1) ** n * np.maximum(t - n + 1, 0.0) ** n / math.factorial(n) for n in range(1, 4)) + 1.0
    assert course(result, "x") == pytest.approx(exact, abs=2e-5)


@pytest.mark.parametrize("sort", ["material", "information", "fixed"])
def test_a_killed_run_goes_on_with_what_is_under_way(sort: str) -> None:
    noises = {"n": {"distribution": {"distribution": "normal", "mean": 1, "sd": 1}, "every": 1}}
    model = changed(delayed("level + n", sort, initial=1), noises=noises, horizon=40)

    def compute(recorder: MemoryRecorder) -> dict[str, Any]:
        return run(
            recorder, model=model, members=5, parameters={"lag": {"distribution": "uniform", "low": 1, "high": 5}}
        )

    whole = canonical_json(compute(MemoryRecorder()))
    assert [resumed(compute, lives) == whole for lives in (1, 3, 5)] == [True] * 3


@pytest.mark.parametrize(
    ("entry", "pointer", "told"),
    [
        ({"sort": "fixed", "of": "level", "time": "level"}, "/delays/late/time", "parameters alone, not 'level'"),
        ({"sort": "fixed", "of": "late", "time": 1}, "/delays/late/initial", "late → late"),
        ({"sort": "material", "of": "n", "time": 1}, "/delays/late/initial", "hangs on the noise 'n'"),
        ({"sort": "material", "of": "lvl", "time": 1}, "/delays/late/of", "did you mean 'level'?"),
        ({"sort": "pipe", "of": "level", "time": 1}, "/delays/late/sort", "Must be one of"),
        ({"sort": "material", "of": "level", "time": 1, "order": 21}, "/delays/late/order", "20"),
        ({"sort": "material", "of": "rate", "time": 1, "unit": "m"}, "/delays/late/of", "1/day"),
        ({"sort": "material", "of": "rate", "time": "rate"}, "/delays/late/time", "where day is declared"),
    ],
)
def test_what_is_no_delay_is_told_at_its_place(entry: dict[str, Any], pointer: str, told: str) -> None:
    noises = {"n": {"distribution": {"distribution": "normal", "mean": 1, "sd": 1}, "every": 1}}
    rate = {"rate": {"value": 1, "unit": "1/day"}}
    model = changed(DECAY, delays={"late": entry}, noises=noises, parameters=rate, time_unit="day")
    assert told in faults(model=model)[f"/model{pointer}"]


def test_a_delay_feeds_back_without_a_loop() -> None:
    """x' = -y / 2, y' = (x - y) / 4 from 8, 8: eigenvalues -1/8 -+ i sqrt(7)/8."""
    model = changed(delayed("level", "information"), flows={"loss": {"from": "level", "equation": "rate * late"}})
    result = run(model=model)
    exact = [(expm(np.array([[0.0, -0.5], [0.25, -0.25]]) * at) @ [8.0, 8.0])[0] for at in result["times"]]
    assert course(result, "level") == pytest.approx(np.array(exact), abs=1e-6)
