"""What every strategy of aggregation promises: its paper's arithmetic, whatever the order, precision and blocks."""

import pkgutil
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from marshmallow import ValidationError

from core.workloads.federated import arrays, strategies, strategy_settings
from core.workloads.federated.arrays import Separate, Stack
from core.workloads.federated.combining import combine, settings_of
from core.workloads.federated.rounds import Aggregate, Moments, Round, StrategyUnfit, UpdateNotFinite
from core.workloads.federated.strategy_settings import STRATEGIES
from tests.unit.workloads.federated.naive import NAIVE

CLIENTS, SIZE = 11, 700
FAULTY = {"krum": {"faults": 3}, "multi_krum": {"faults": 3}, "bulyan": {"faults": 2}}
"""Settings that are worth a look beside the defaults."""
MEANS = {"fedavg", "fedprox", "fedmedian", "trimmed_mean", "krum", "multi_krum", "bulyan", "geometric_median"} | {
    "inverse_loss",
    "staleness",
    "fltrust",
    "centered_clipping",
}
"""What clients agree on is the answer, as it stands."""
HOLDS: dict[str, tuple[int, dict[str, float]]] = {
    "fedmedian": (5, {}),
    "trimmed_mean": (2, {"trim": 0.2}),
    "krum": (4, {"faults": 4}),
    "multi_krum": (4, {"faults": 4}),
    "bulyan": (2, {"faults": 2}),
    "geometric_median": (5, {"iterations": 2000}),
    "centered_clipping": (5, {"iterations": 20}),
    "fltrust": (10, {}),
}
"""How many of eleven clients may send anything at all."""
BREAKS: dict[str, tuple[int, dict[str, float]]] = {
    "fedavg": (1, {}),
    "fedprox": (1, {}),
    "inverse_loss": (1, {}),
    "staleness": (1, {}),
    "fedavgm": (1, {}),
    "fedmedian": (6, {}),
    "trimmed_mean": (3, {"trim": 0.2}),
    "krum": (9, {"faults": 1}),
    "multi_krum": (3, {"faults": 2}),
    "bulyan": (7, {"faults": 2}),
    "geometric_median": (6, {"iterations": 2000}),
}
"""How many are too many."""
TURNS: dict[str, tuple[int, dict[str, float]]] = {
    "fedadam": (1, {}),
    "fedyogi": (1, {}),
    "fedadagrad": (1, {}),
    "qfedavg": (1, {}),
    "centered_clipping": (6, {"iterations": 20}),
}
"""How many are enough to turn those around whose steps are of bounded length."""

TRUSTING = {"fedavg", "fedprox", "qfedavg", "inverse_loss", "staleness"}
"""Strategies for clients that nobody doubts."""

each_strategy = pytest.mark.parametrize("name", STRATEGIES)


def drawn(seed: int, clients: int = CLIENTS, dtype: Any = np.float64) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    truth = rng.standard_normal(SIZE)
    return {
        "updates": (truth + 0.5 * rng.standard_normal((clients, SIZE))).astype(dtype),
        "weights": rng.integers(1, 50, clients).astype(float),
        "losses": rng.uniform(0.2, 2.0, clients),
        "staleness": rng.integers(0, 5, clients).astype(float),
        "trusted": (truth + 0.3 * rng.standard_normal(SIZE)).astype(dtype),
    }


def run(name: str, given: Mapping[str, Any], rows: Any = None, **settings: float) -> Aggregate:
    facts = {field: given[field] for field in ("weights", "losses", "staleness", "trusted")}
    complete = settings_of(name, **settings)
    return combine(
        name,
        Round(rows or Stack(given["updates"]), settings=complete, moments=given.get("moments", Moments()), **facts),
    )


def naive(name: str, given: Mapping[str, Any], moments: Moments | None = None, **settings: float) -> Any:
    before = moments or Moments()
    facts = {**given, "settings": settings_of(name, **settings), "first": before.first, "second": before.second}
    return NAIVE[name](list(given["updates"].astype(float)), facts)


def widened(vector: Any) -> Any:
    return None if vector is None else vector.astype(float)


def apart(one: Any, other: Any) -> float:
    return float(np.max(np.abs(one - other)) / np.max(np.abs(other)))


def test_every_module_is_a_choice_and_every_choice_a_module() -> None:
    assert {one.name for one in pkgutil.iter_modules(strategies.__path__)} - {"base"} == set(STRATEGIES) == set(NAIVE)


@each_strategy
def test_what_it_needs_and_remembers_is_told_to_the_web(name: str) -> None:
    told = {"losses": "loss", "staleness": "staleness", "trusted": "trusted"}
    assert [told[need] for need in strategies.find(name).needs] == [
        need for of, need in strategy_settings.NEEDS.items() if of == name
    ]
    given = {**drawn(1), "moments": Moments()}
    run(name, given)
    assert (given["moments"].first is not None) == (name in strategy_settings.REMEMBERING)


@each_strategy
@pytest.mark.parametrize(("dtype", "most"), [(np.float64, 1e-9), (np.float32, 2e-6)])
@pytest.mark.parametrize("clients", [CLIENTS, 12])
def test_it_is_its_papers_arithmetic_in_two_rounds(name: str, dtype: Any, most: float, clients: int) -> None:
    settings, moments = FAULTY.get(name, {}), Moments()
    for seed in (1, 2):
        given = {**drawn(seed, clients, dtype), "moments": moments}
        before = Moments(widened(moments.first), widened(moments.second), moments.steps)
        found = run(name, given, **settings)
        assert found.change.dtype == dtype
        assert apart(found.change, naive(name, given, before, **settings)) < most


@each_strategy
def test_blocks_and_how_rows_are_held_do_not_change_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = drawn(3)
    whole = run(name, given, **FAULTY.get(name, {}))
    monkeypatch.setattr(arrays.spans, "__defaults__", (1,))
    pieces = run(name, given, Separate(list(given["updates"])), **FAULTY.get(name, {}))
    assert apart(pieces.change, whole.change) < 1e-12
    assert np.allclose(pieces.shares, whole.shares, atol=1e-9)


@each_strategy
def test_the_order_of_clients_does_not_matter(name: str) -> None:
    given, settings = drawn(4), FAULTY.get(name, {})
    turned = np.random.default_rng(0).permutation(CLIENTS)
    other = {field: values if field == "trusted" else values[turned] for field, values in given.items()}
    one, two = run(name, given, **settings), run(name, other, **settings)
    assert apart(two.change, one.change) < 1e-12
    assert np.allclose(two.shares, one.shares[turned], atol=1e-9)


@each_strategy
def test_only_proportions_of_weights_matter(name: str) -> None:
    given = drawn(5)
    larger = {**given, "weights": given["weights"] * 1e6}
    assert apart(run(name, larger).change, run(name, given).change) < 1e-12


@each_strategy
def test_one_client_is_followed(name: str) -> None:
    given = drawn(6, clients=1)
    given |= {"staleness": np.zeros(1), "trusted": given["updates"][0]}
    change = run(name, given).change
    if name in MEANS | {"fedavgm"}:
        assert apart(change, given["updates"][0]) < 1e-12
    else:
        assert (np.sign(change) == np.sign(given["updates"][0])).all()


@each_strategy
def test_clients_who_agree_are_followed_exactly(name: str) -> None:
    given = drawn(7)
    given["updates"][:] = given["updates"][0]
    given |= {"staleness": np.zeros(CLIENTS), "trusted": given["updates"][0]}
    change = run(name, given, **FAULTY.get(name, {})).change
    if name in MEANS | {"fedavgm"}:
        assert apart(change, given["updates"][0]) < 1e-12
    else:
        assert (np.sign(change) == np.sign(given["updates"][0])).all()


@each_strategy
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("client", [0, 6, CLIENTS - 1])
def test_what_is_not_finite_is_refused_by_client(name: str, bad: float, client: int) -> None:
    given = drawn(8)
    given["updates"][client, 431] = bad
    with pytest.raises(UpdateNotFinite, match=f"client {client} is not finite at value 431") as caught:
        run(name, given)
    assert [error.pointer for error in caught.value.errors] == [f"/params/updates/{client}"]


@each_strategy
def test_weights_that_are_none_are_refused_by_field(name: str) -> None:
    given = drawn(9)
    for wrong, pointer in ((-1.0, "/params/updates/2/weight"), (np.nan, "/params/updates/2/weight")):
        weights = given["weights"].copy()
        weights[2] = wrong
        with pytest.raises(StrategyUnfit) as caught:
            run(name, {**given, "weights": weights})
        assert [error.pointer for error in caught.value.errors] == [pointer]
    with pytest.raises(StrategyUnfit, match="All weights are zero"):
        run(name, {**given, "weights": np.zeros(CLIENTS)})


@pytest.mark.parametrize(("name", "need"), strategy_settings.NEEDS.items())
def test_what_is_missing_is_named(name: str, need: str) -> None:
    missing = {"loss": "losses", "staleness": "staleness", "trusted": "trusted"}[need]
    with pytest.raises(StrategyUnfit, match=f"{name} cannot do without the {need}"):
        run(name, {**drawn(10), missing: None})


@pytest.mark.parametrize(
    ("name", "clients", "faults"), [("krum", 11, 4), ("multi_krum", 11, 4), ("bulyan", 11, 2), ("krum", 5, 1)]
)
def test_as_many_faults_as_theory_bears_are_taken_and_no_more(name: str, clients: int, faults: int) -> None:
    run(name, drawn(11, clients), faults=faults)
    with pytest.raises(StrategyUnfit, match="clients at least") as caught:
        run(name, drawn(11, clients), faults=faults + 1)
    assert [error.pointer for error in caught.value.errors] == ["/params/settings/faults"]


@pytest.mark.parametrize(("name", "bound"), HOLDS.items())
@pytest.mark.parametrize("size", [10.0, 1e6])
def test_up_to_its_breakdown_point_nothing_far_away_matters(
    name: str, bound: tuple[int, dict[str, float]], size: float
) -> None:
    attackers, settings = bound
    given = drawn(12)
    honest = given["updates"][attackers:].copy()
    given["weights"][:] = 1.0
    given["updates"][:attackers] = -size * honest.mean(axis=0)
    # FLTrust follows the server's own update, whatever its few honest clients are like.
    middle = given["trusted"] if name == "fltrust" else honest.mean(axis=0)
    spread = float(np.linalg.norm(honest - middle, axis=1).max())
    limit = 6.0 * spread if name in {"centered_clipping", "geometric_median"} else 1.5 * spread
    assert np.linalg.norm(run(name, given, **settings).change - middle) < limit


@pytest.mark.parametrize(("name", "bound"), BREAKS.items())
def test_beyond_it_attackers_decide(name: str, bound: tuple[int, dict[str, float]]) -> None:
    attackers, settings = bound
    given = drawn(13)
    given["updates"][:attackers] = -1e6 * given["updates"][attackers:].mean(axis=0)
    given["weights"][:] = 1.0
    assert np.linalg.norm(run(name, given, **settings).change) > 1e4


@pytest.mark.parametrize(("name", "bound"), TURNS.items())
def test_where_steps_are_bounded_too_many_attackers_turn_them_around(
    name: str, bound: tuple[int, dict[str, float]]
) -> None:
    attackers, settings = bound
    given = drawn(15)
    honest = given["updates"][attackers:].mean(axis=0)
    given["weights"][:] = 1.0
    assert run(name, given, **settings).change @ honest > 0.0
    given["updates"][:attackers] = -1e3 * honest
    assert run(name, given, **settings).change @ honest < 0.0


def test_every_strategy_has_a_point_at_which_it_breaks_but_the_one_that_trusts_the_server() -> None:
    assert {*BREAKS, *TURNS} == set(STRATEGIES) - {"fltrust"}
    assert set(HOLDS) == set(STRATEGIES) - {*strategy_settings.REMEMBERING} - TRUSTING | {"centered_clipping"}


def test_huge_values_of_one_client_take_no_digits_from_how_far_others_lie_apart() -> None:
    given = drawn(14, dtype=np.float32)
    alone = run("krum", {**given, "updates": given["updates"].copy()}, faults=1)
    for client in range(CLIENTS):
        if alone.shares[client]:
            continue
        updates = given["updates"].copy()
        updates[client] = 1e15
        assert run("krum", {**given, "updates": updates}, faults=1).shares[client] == 0.0


@each_strategy
def test_settings_are_checked_inside_and_outside_their_bounds(name: str) -> None:
    for field, setting in strategy_settings.SETTINGS[name].items():
        assert strategy_settings.filled(name, {field: setting.least})[field] == setting.least
        for wrong in (setting.least - 1, setting.largest + 1, "1", True, *([setting.largest] if setting.below else [])):
            with pytest.raises(ValidationError) as caught:
                strategy_settings.filled(name, {field: wrong})
            assert list(caught.value.messages) == [field]
    with pytest.raises(ValidationError, match="Unknown setting"):
        strategy_settings.filled(name, {"colour": 1})
