"""Private rounds on real processes: a budget spent round by round, refused by 409 when it is over, and in one job."""

from typing import Any

import httpx2
import numpy as np
import pytest
from penstock_client.federations import FederationHandle

from core.workloads.federated.privacy import tight
from core.workloads.federated.privacy.moments import Releases
from tests.platforms import Platform
from tests.waiting import eventually

TERMS: dict[str, Any] = {"clip": 1.0, "noise_multiplier": 6.0, "delta": 1e-5}
COSTS = [tight.epsilon([Releases(6.0, 1.0, rounds)] if rounds else [], 1e-5) for rounds in range(5)]
TRAINING = {"learner": {"learner": "logistic", "classes": 2}, "local": {"epochs": 2}}


def data(seed: int) -> dict[str, Any]:
    inputs = np.random.default_rng(seed).standard_normal((40, 2))
    return {"inputs": inputs.tolist(), "targets": (inputs[:, 0] > 0).astype(int).tolist()}


def post(platform: Platform, path: str, body: Any = None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {platform.api_key}"}
    return httpx2.post(f"{platform.url}/api/v1{path}", json=body, headers=headers, timeout=60)


def published(federation: FederationHandle, number: int) -> dict[str, Any]:
    """Wait until a round is published, and return what is told of it."""
    eventually(lambda: federation.read_round(number)["status"] == "published", 120)
    return federation.read_round(number)


def test_rounds_of_a_federation_spend_its_budget_until_one_is_refused(platform: Platform) -> None:
    budget = (COSTS[2] + COSTS[3]) / 2
    privacy = {**TERMS, "epsilon": budget}
    federation = platform.client.federations.add("guarded", form="change", training=TRAINING, privacy=privacy, quorum=3)
    for place in range(3):
        federation.place(f"ward {place}", data(place))
    for number in (1, 2):
        federation.open_round()
        assert post(platform, f"/federations/guarded/rounds/{number}/aggregate").status_code == 202
        told = published(federation, number)["outcome"]
        assert told["privacy"]["spent"] == pytest.approx(COSTS[number])
        assert told["privacy"]["keyed"] is True
        assert {one["suspicion"] for one in told["clients"]} == {None}
    federation.open_round()
    refused = post(platform, "/federations/guarded/rounds/3/aggregate")
    assert (refused.status_code, refused.json()["code"]) == (409, "privacy_budget_spent")
    assert federation.read_round(3)["status"] == "open"
    ledger = [(one["round"], one["epsilon"]) for one in federation.ledger()]
    assert ledger == [(2, pytest.approx(COSTS[2])), (1, pytest.approx(COSTS[1]))]
    told = federation.privacy()
    assert (told["rounds"], told["left"]) == (2, pytest.approx(budget - COSTS[2]))
    federation.change(privacy={**TERMS, "epsilon": COSTS[3] + 0.01})
    assert post(platform, "/federations/guarded/rounds/3/aggregate").status_code == 202
    published(federation, 3)
    federation.remove()


def test_a_job_of_several_rounds_pays_for_all_of_them_before_it_trains(platform: Platform) -> None:
    params: dict[str, Any] = {
        "form": "change",
        "training": {**TRAINING, "evaluation": data(9)},
        "members": [{"client": f"ward {place}", "data": data(place)} for place in range(3)],
        "rounds": 4,
    }
    afforded = platform.client.submit("federated.round", {**params, "privacy": {**TERMS, "epsilon": COSTS[4] + 0.01}})
    result = afforded.result(timeout=180)
    assert [one["round"] for one in result["history"]] == [1, 2, 3, 4]
    assert result["privacy"]["spent"] == pytest.approx(COSTS[4])
    broke = platform.client.submit("federated.round", {**params, "privacy": {**TERMS, "epsilon": COSTS[4] - 0.01}})
    told = broke.wait(timeout=180)
    assert told.error is not None
    assert (told.state, told.error.code) == ("failed", "privacy_budget_spent")
    assert list(platform.client.jobs(parent_id=broke.id)) == []
