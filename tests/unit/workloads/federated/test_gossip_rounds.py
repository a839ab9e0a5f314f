"""Rounds along connections: the weighted mean without a server, who is cut off, and what mixing cannot be had with."""

import random
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated import aggregating
from core.workloads.federated.gathering import UpdatesTooFew
from core.workloads.federated.gossip import topologies, weights
from core.workloads.federated.gossip_params import MOST_NODES
from core.workloads.federated.params import AggregateParams
from core.workloads.federated.rounds import StrategyUnfit

RING = [["a", "b"], ["b", "c"], ["c", "d"], ["d", "e"], ["e", "a"]]
VECTORS = {"a": [1.0, 0.0], "b": [2.0, 5.0], "c": [-3.0, 1.0], "d": [0.5, 0.5], "e": [9.0, -4.0]}
WEIGHTS = {"a": 10.0, "b": 1.0, "c": 4.0, "d": 2.0, "e": 0.5}


def mix(
    connections: list[list[str]],
    members: str = "abcde",
    *,
    alike: bool = False,
    more: dict[str, Any] | None = None,
    **terms: Any,
) -> dict[str, Any]:
    updates = [
        {"client": one, "update": {"arrays": {"w": VECTORS[one]}}, "weight": 1.0 if alike else WEIGHTS[one]}
        for one in members
    ]
    asked = {"updates": updates, "gossip": {"connections": connections, **terms}, **(more or {})}
    return aggregating.compute(AggregateParams().load(asked), JobContext(UUID(int=1), 1, 7, MemoryRecorder()))


def mean(members: str) -> Any:
    return np.average([VECTORS[one] for one in members], axis=0, weights=[WEIGHTS[one] for one in members])


def test_a_ring_comes_to_the_weighted_mean_of_all_as_a_server_would() -> None:
    result = mix(RING, tolerance=1e-9)
    assert result["gossip"]["converged"]
    assert result["arrays"]["w"] == pytest.approx(mean("abcde"), rel=1e-8)
    assert [one["share"] for one in result["clients"]] == pytest.approx([WEIGHTS[one] / 17.5 for one in "abcde"])
    assert result["gossip"]["messages"] == 10 * result["gossip"]["rounds"]
    assert result["refused"] == []


def test_each_round_is_each_members_own_mixing_with_its_neighbors() -> None:
    """Three rounds by hand, a member at a time, each knowing its neighbors alone."""
    have = {one: (WEIGHTS[one] * np.array(VECTORS[one]), WEIGHTS[one]) for one in "abcde"}
    neighbors = {one: [pair[1 - pair.index(one)] for pair in RING if one in pair] for one in "abcde"}
    for _ in range(3):
        have = {
            one: (
                (have[one][0] + sum(have[other][0] for other in neighbors[one])) / 3.0,
                (have[one][1] + sum(have[other][1] for other in neighbors[one])) / 3.0,
            )
            for one in "abcde"
        }
    models = np.array([vector / weight for vector, weight in have.values()])
    result = mix(RING, rounds=3, tolerance=1e-12)
    assert (result["gossip"]["rounds"], result["gossip"]["converged"]) == (3, False)
    assert result["arrays"]["w"] == pytest.approx(models.mean(axis=0), rel=1e-12)
    farthest = np.linalg.norm(models - models.mean(axis=0), axis=1).max()
    assert result["gossip"]["apart"] == pytest.approx(farthest, rel=1e-9)
    start = np.linalg.norm(np.array(list(VECTORS.values())) - mean("abcde"))
    told = np.linalg.norm(models - mean("abcde")) / start
    assert result["gossip"]["history"][-1] == {"round": 3, "distance": pytest.approx(told, rel=1e-9)}


def test_equal_weights_agree_as_fast_as_the_gap_predicts() -> None:
    result = mix(RING, alike=True, tolerance=1e-6)
    gossip = result["gossip"]
    ring = weights.metropolis(weights.linked(5, topologies.laid({"topology": "ring", "nodes": 5}, random.Random(0))))
    assert gossip["gap"] == pytest.approx(1.0 - weights.second(ring))
    assert gossip["rounds"] <= gossip["predicted_rounds"]
    assert all(one["distance"] <= (1 - gossip["gap"]) ** one["round"] * (1 + 1e-9) for one in gossip["history"])


def test_whom_no_connection_leads_to_is_left_out_and_named() -> None:
    result = mix([["a", "b"], ["b", "c"], ["d", "e"]])
    assert [(one["client"], one["code"]) for one in result["refused"]] == [("d", "cut_off"), ("e", "cut_off")]
    assert "to a, b, c, directly" in result["refused"][0]["reason"]
    assert result["arrays"]["w"] == pytest.approx(mean("abc"), abs=1e-5)


def test_a_member_that_drops_out_takes_the_way_over_it_along() -> None:
    result = mix([["a", "b"], ["b", "c"], ["c", "d"], ["d", "e"]], "abde")
    assert [one["client"] for one in result["refused"]] == ["d", "e"]
    assert [one["client"] for one in mix(RING, "abde")["clients"]] == list("abde")


def test_with_too_few_that_hang_together_the_round_fails_and_says_why() -> None:
    with pytest.raises(UpdatesTooFew, match=r"3 updates hang together; 4 are needed\. No connection leads to a, b, c"):
        mix([["a", "b"], ["b", "c"], ["d", "e"]], more={"at_least": 4})


def test_equal_updates_need_no_round_and_one_member_is_its_own_mean() -> None:
    updates = [{"client": one, "update": {"arrays": {"w": [3.0]}}} for one in "abc"]
    asked = {"updates": updates, "gossip": {"connections": [["a", "b"], ["b", "c"]]}}
    same = aggregating.compute(AggregateParams().load(asked), JobContext(UUID(int=1), 1, 7, MemoryRecorder()))
    assert (same["gossip"]["rounds"], same["gossip"]["converged"], same["arrays"]["w"]) == (0, True, [3.0])
    alone = mix([["a", "b"]], "a")
    assert (alone["arrays"]["w"], alone["gossip"]["connections"]) == (VECTORS["a"], 0)


def test_members_of_no_weight_have_their_neighbors_model() -> None:
    updates = [
        {"client": one, "update": {"arrays": {"w": [value]}}, "weight": weight}
        for one, value, weight in (("a", 1.0, 1.0), ("b", 5.0, 0.0), ("c", 7.0, 0.0))
    ]
    given = {"updates": updates, "gossip": {"connections": [["a", "b"], ["b", "c"]], "tolerance": 1e-9}}
    result = aggregating.compute(AggregateParams().load(given), JobContext(UUID(int=1), 1, 7, MemoryRecorder()))
    assert result["arrays"]["w"] == pytest.approx([1.0])
    for one in updates:
        one["weight"] = 0.0
    with pytest.raises(StrategyUnfit, match="All weights are zero"):
        aggregating.compute(AggregateParams().load(given), JobContext(UUID(int=1), 1, 7, MemoryRecorder()))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"strategy": "fedmedian"}, "strategy"),
        ({"privacy": {"clip": 1.0, "noise_multiplier": 4.0}}, "privacy"),
        ({"gossip": {"connections": []}}, "gossip"),
        ({"gossip": {"connections": [["a", "a"]]}}, "gossip"),
        ({"gossip": {"connections": [["a", "b", "c"]]}}, "gossip"),
        ({"gossip": {"connections": RING, "rounds": 0}}, "gossip"),
        ({"gossip": {"connections": RING, "tolerance": 0.0}}, "gossip"),
    ],
)
def test_what_gossip_cannot_do_is_refused_by_field(change: dict[str, Any], where: str) -> None:
    updates = [{"client": one, "update": {"arrays": {"w": [1.0]}}} for one in "ab"]
    with pytest.raises(ValidationError) as caught:
        AggregateParams().load({"updates": updates, "gossip": {"connections": RING}, **change})
    assert set(caught.value.messages_dict) == {where}


def test_at_most_so_many_mix() -> None:
    updates = [{"client": f"m{place}", "update": {"arrays": {"w": [1.0]}}} for place in range(MOST_NODES + 1)]
    asked = {"gossip": {"connections": [["m0", "m1"]]}}
    AggregateParams().load({"updates": updates[:-1], **asked})
    with pytest.raises(ValidationError, match=f"At most {MOST_NODES} clients mix"):
        AggregateParams().load({"updates": updates, **asked})
