"""One private release: what noise it has, what it does not tell, and that it is charged before updates are read."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated import aggregating, private
from core.workloads.federated.arrays import Stack
from core.workloads.federated.params import AggregateParams
from core.workloads.federated.privacy.budget import PrivacyBudgetSpent
from core.workloads.federated.privacy.chance import CHUNK, Chance
from core.workloads.federated.privacy.release import release
from core.workloads.federated.privacy.terms import LEAST_NOISE, POSTPROCESSING, PrivacyParams
from core.workloads.federated.strategy_settings import STRATEGIES

TERMS: dict[str, Any] = {"clip": 2.0, "noise_multiplier": 1.5, "sampling": 1.0, "quantile": None}
KEY = "a secret that is long enough"


def run(privacy: dict[str, Any] | None, seed: int = 7, **more: Any) -> dict[str, Any]:
    updates = [
        {"client": f"c{one}", "weight": 1 + one, "update": {"arrays": {"w": [3.0, 4.0 + one]}}} for one in range(4)
    ]
    given = AggregateParams().load({"updates": updates, "form": "change", "privacy": privacy, **more})
    return aggregating.compute(given, JobContext(UUID(int=1), 1, seed, MemoryRecorder()))


def asked(**more: Any) -> dict[str, Any]:
    return {"clip": 1.0, "noise_multiplier": 2.0, "key": KEY, **more}


def test_noise_has_the_spread_that_is_told_and_no_mean() -> None:
    size = 3 * CHUNK + 5
    found = release(Stack(np.zeros((10, size))), np.zeros(10), 10, TERMS, Chance("k"))
    assert found.noise == pytest.approx(2.0 * 1.5 / 10, rel=0.006)
    assert float(found.mean.std()) == pytest.approx(found.noise, rel=0.01)
    assert abs(float(found.mean.mean())) < 4 * found.noise / size**0.5
    assert np.mean(np.abs(found.mean) > 2 * found.noise) == pytest.approx(0.0455, rel=0.05)
    assert len(np.unique(found.mean)) == size


def test_each_client_has_a_part_of_the_clip_at_most() -> None:
    rows = np.array([[30.0, 40.0], [0.3, 0.4], [0.0, 0.0]])
    quiet = {**TERMS, "noise_multiplier": 1e-9}
    found = release(Stack(rows), np.linalg.norm(rows, axis=1), 4, quiet, Chance("k"))
    assert found.mean == pytest.approx(np.array([1.2 + 0.3, 1.6 + 0.4]) / 4)
    assert found.clipped == pytest.approx((1 - 2 + 1) / 2 / 4 * 1 + (0.5 - 1.0) / 4 + 0.5, abs=1e-6)


def test_sampled_updates_are_what_the_secret_draws_and_the_divisor_is_what_is_expected() -> None:
    rows, terms = np.eye(400), {**TERMS, "noise_multiplier": 1e-9, "sampling": 0.25}
    found = release(Stack(rows), np.ones(400), 400, terms, Chance("k"))
    counted = found.mean > 0.5 / 100
    assert found.mean[counted] == pytest.approx(1 / 100)
    assert 70 <= counted.sum() <= 130
    other = release(Stack(rows), np.ones(400), 400, terms, Chance("another"))
    assert (counted != (other.mean > 0.5 / 100)).any()


def test_the_clip_follows_the_quantile() -> None:
    lengths, clip = np.linspace(0.1, 10.0, 500), 0.5
    for number in range(40):
        terms = {**TERMS, "clip": clip, "quantile": 0.5}
        clip = release(Stack(np.zeros((500, 1))), lengths, 500, terms, Chance(str(number))).next_clip
    assert clip == pytest.approx(5.0, rel=0.2)


def test_equal_secrets_give_equal_bytes_and_others_do_not() -> None:
    assert run(asked()) == run(asked(), seed=8)
    assert run(asked())["arrays"] != run(asked(key=KEY + "!"))["arrays"]
    by_seed = run(asked(key=None))
    assert by_seed["arrays"] != run(asked(key=None), seed=8)["arrays"]
    assert (by_seed["privacy"]["keyed"], run(asked())["privacy"]["keyed"]) == (False, True)


def test_nothing_is_told_of_single_updates_and_weights_do_not_count() -> None:
    result = run(asked(noise_multiplier=1e6))
    for one in result["clients"]:
        assert [one[name] for name in ("norm", "clipped", "distance", "cosine", "suspicion")] == [None] * 5
        assert one["share"] == 0.25
    assert result["suspected"] == []
    quiet = run(asked(noise_multiplier=LEAST_NOISE, clip=1e-9))
    assert np.linalg.norm(quiet["arrays"]["w"]) < 1e-8


def test_the_account_adds_what_was_spent_before() -> None:
    once = run(asked(epsilon=9.0))["privacy"]
    again = run(asked(epsilon=9.0, earlier=[{"noise_multiplier": 2.0}]))["privacy"]
    assert 0.0 < once["spent"] < again["spent"] < 2 * once["spent"]
    assert again["left"] == pytest.approx(9.0 - again["spent"])


def test_a_job_beyond_the_budget_reads_no_update() -> None:
    spent = run(asked())["privacy"]["spent"]
    unread = [{"client": "a", "update": {"artifact": str(UUID(int=9))}}]
    with pytest.raises(PrivacyBudgetSpent):
        run(asked(epsilon=spent * 0.999), updates=unread)
    assert run(asked(epsilon=spent))["privacy"]["left"] == 0.0


def test_the_next_round_of_a_job_draws_anew_and_pays_for_both() -> None:
    privacy = PrivacyParams().load(asked(quantile=0.5))
    context = JobContext(UUID(int=1), 1, 7, MemoryRecorder())
    second = private.gone_on({"privacy": privacy}, {"next_clip": 0.7}, context)["privacy"]
    third = private.gone_on({"privacy": second}, {"next_clip": 0.6}, context)["privacy"]
    assert len({KEY, second["key"], third["key"]}) == 3
    assert (second["clip"], third["clip"], len(third["earlier"])) == (0.7, 0.6, 2)
    assert private.charge(third) == private.charge(privacy, 3)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_only_strategies_that_look_at_the_mean_alone_are_taken(strategy: str) -> None:
    if strategy in POSTPROCESSING:
        assert run(asked(), strategy=strategy)["privacy"]["spent"] > 0
        return
    with pytest.raises(ValidationError) as caught:
        run(asked(), strategy=strategy)
    assert set(caught.value.messages_dict) == {"strategy"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"clip": 0}, "clip"),
        ({"noise_multiplier": 0.2999}, "noise_multiplier"),
        ({"sampling": 0.00009}, "sampling"),
        ({"sampling": 1.01}, "sampling"),
        ({"delta": 0.2}, "delta"),
        ({"epsilon": 0}, "epsilon"),
        ({"quantile": 0.96}, "quantile"),
        ({"accountant": "guess"}, "accountant"),
        ({"key": "short but > 4"}, "key"),
        ({"earlier": [{"noise_multiplier": 1, "rounds": 0}]}, "earlier"),
    ],
)
def test_bad_terms_are_refused_by_field(change: dict[str, Any], where: str) -> None:
    with pytest.raises(ValidationError) as caught:
        run(asked(**change))
    assert set(caught.value.messages_dict["privacy"]) == {where}
    with pytest.raises(ValidationError) as caught:
        run(asked(), max_norm=1.0)
    assert set(caught.value.messages_dict) == {"max_norm"}
