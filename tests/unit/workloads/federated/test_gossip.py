"""Gossip: graphs whose eigenvalues are known, a mean that stays, and rounds as the spectral gap predicts them."""

import itertools
import math
import random
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from marshmallow import ValidationError

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated.gossip import spreading, topologies, weights
from core.workloads.federated.gossip.topologies import GraphUnfound
from core.workloads.federated.gossip_params import MOST_NODES, TOPOLOGIES, GossipParams


def run(seed: int = 7, **params: Any) -> dict[str, Any]:
    return spreading.compute(GossipParams().load(params), JobContext(UUID(int=1), 1, seed, MemoryRecorder()))


def graph(**params: Any) -> weights.Links:
    asked = GossipParams().load(params)
    return weights.linked(asked["nodes"], topologies.laid(asked, random.Random(3)))


def ring(nodes: int, place: int, own: float = 1 / 3) -> float:
    return own + (1 - own) * math.cos(2 * math.pi * place / nodes)


@pytest.mark.parametrize("nodes", [3, 8, 25])
def test_eigenvalues_of_a_ring_have_their_closed_form(nodes: int) -> None:
    found = np.linalg.eigvalsh(weights.metropolis(graph(topology="ring", nodes=nodes)))
    assert found == pytest.approx(sorted(ring(nodes, place) for place in range(nodes)), abs=1e-12)


@pytest.mark.parametrize(
    ("topology", "nodes", "expected"),
    [
        ("full_mesh", 9, 0.0),
        ("star", 9, 1 - 1 / 9),
        ("torus", 16, 0.6),
        ("torus", 20, (3 + 2 * math.cos(2 * math.pi / 5)) / 5),
        ("exponential", 16, 0.5),
    ],
)
def test_second_eigenvalues_have_their_closed_forms(topology: str, nodes: int, expected: float) -> None:
    assert weights.second(weights.metropolis(graph(topology=topology, nodes=nodes))) == pytest.approx(
        expected, abs=1e-12
    )


def test_a_full_mesh_agrees_in_one_round() -> None:
    result = run(topology="full_mesh", nodes=10)
    assert (result["rounds"], result["predicted_rounds"], result["messages"]) == (1, 1, 90)
    assert result["history"][1]["distance"] < 1e-14
    assert result["gap"] == pytest.approx(1.0)


@pytest.mark.parametrize("topology", TOPOLOGIES)
@pytest.mark.parametrize("loss", [0.0, 0.4])
def test_the_mean_stays_and_all_come_to_it(topology: str, loss: float) -> None:
    result = run(topology=topology, nodes=20, loss=loss)
    assert result["converged"]
    assert result["mean_error"] < 1e-13
    assert result == run(topology=topology, nodes=20, loss=loss)


@pytest.mark.parametrize("topology", sorted({*TOPOLOGIES} - {"full_mesh"}))
def test_the_prediction_holds_in_every_round(topology: str) -> None:
    result = run(topology=topology, nodes=20, tolerance=1e-9)
    assert all(one["distance"] <= one["predicted"] * (1 + 1e-6) for one in result["history"])
    assert result["rounds"] <= result["predicted_rounds"]
    assert result["measured_rate"] == pytest.approx(result["rate"], rel=0.05)


def test_the_rate_under_lost_links_is_that_of_all_cases_weighed() -> None:
    """Each of the 16 ways in which a ring of four may lose links, by its probability."""
    whole, loss = weights.metropolis(graph(topology="ring", nodes=4)), 0.3
    links = [(0, 1), (1, 2), (2, 3), (0, 3)]
    squares = np.zeros((4, 4))
    for kept in itertools.product([True, False], repeat=4):
        case = whole.copy()
        for (one, other), there in zip(links, kept, strict=True):
            case[one, other] = case[other, one] = whole[one, other] * there
        case = weights.whole(case)
        squares += (1 - loss) ** sum(kept) * loss ** (4 - sum(kept)) * case @ case
    assert weights.rate(whole, loss) ** 2 == pytest.approx(weights.second(squares), abs=1e-12)


def test_lost_links_slow_it_as_predicted() -> None:
    """In a full mesh every direction shrinks alike, so the mean square over draws is the prediction itself."""
    ran = [run(seed, topology="full_mesh", nodes=12, values=50, loss=0.5, rounds=1) for seed in range(100)]
    squares = np.mean([one["history"][1]["distance"] ** 2 for one in ran])
    assert squares == pytest.approx(ran[0]["rate"] ** 2, rel=0.05)
    assert ran[0]["rate"] > 0.4
    slower = run(topology="ring", loss=0.5)
    assert slower["rate"] > slower["second_eigenvalue"]
    assert slower["rounds"] > run(topology="ring")["rounds"]


@pytest.mark.parametrize(("nodes", "degree"), [(4, 3), (10, 3), (20, 4), (30, 2), (9, 8), (60, 51)])
def test_regular_graphs_have_the_degree_asked_for(nodes: int, degree: int) -> None:
    links = graph(topology="regular", nodes=nodes, degree=degree)
    assert (links.sum(axis=0) == degree).all()
    assert (links == links.T).all()
    assert not links.diagonal().any()
    assert topologies.parts(nodes, [(int(one), int(other)) for one, other in np.argwhere(links)]) == [[*range(nodes)]]


def test_random_regular_graphs_are_all_equally_likely() -> None:
    """Six nodes of two links in one ring: 60 such graphs; chi-square with 59 degrees is beyond 109 once in 10,000."""
    rng, counts = random.Random(5), dict[tuple[topologies.Pair, ...], int]()
    params = GossipParams().load({"topology": "regular", "nodes": 6, "degree": 2})
    for _ in range(600):
        drawn = tuple(topologies.laid(params, rng))
        counts[drawn] = counts.get(drawn, 0) + 1
    assert len(counts) == 60
    assert sum((one - 10) ** 2 / 10 for one in counts.values()) < 109


def test_rounds_that_do_not_suffice_are_told() -> None:
    result = run(topology="ring", nodes=30, rounds=5)
    assert (result["converged"], result["rounds"], len(result["history"])) == (False, 5, 6)
    assert result["predicted_rounds"] > 5


def test_long_histories_are_told_in_part() -> None:
    history = run(topology="ring", nodes=60, tolerance=1e-4)["history"]
    assert len(history) == spreading.MOST_TOLD
    assert history[0] == {"round": 0, "distance": 1.0, "predicted": 1.0}
    assert history[-1]["distance"] <= 1e-4


def test_rounds_are_predicted_between_never_and_one() -> None:
    assert weights.rounds_to(0.1, 1.0) is None
    assert weights.rounds_to(1e-3, 0.5) == 10
    assert weights.rounds_to(0.5, 0.1) == weights.rounds_to(1e-12, 0.0) == 1


def test_random_graphs_that_never_hang_together_are_refused_by_field() -> None:
    assert run(topology="erdos_renyi", nodes=10, probability=1.0)["links"] == 45
    with pytest.raises(GraphUnfound) as caught:
        run(topology="erdos_renyi", nodes=10, probability=0.0)
    assert caught.value.errors[0].pointer == "/params/probability"


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ({"nodes": 3}, {"nodes": 2}),
        ({"nodes": MOST_NODES}, {"nodes": MOST_NODES + 1}),
        ({"values": 1}, {"values": 0}),
        ({"values": 100}, {"values": 101}),
        ({"rounds": 1}, {"rounds": 0}),
        ({"rounds": 20_000}, {"rounds": 20_001}),
        ({"loss": 0.99}, {"loss": 0.995}),
        ({"loss": 0.0}, {"loss": -0.1}),
        ({"tolerance": 0.5}, {"tolerance": 0.51}),
        ({"tolerance": 1e-12}, {"tolerance": 0.0}),
        ({"probability": 1.0}, {"probability": 1.01}),
        ({"degree": 2}, {"degree": 1}),
        ({"degree": MOST_NODES}, {"degree": MOST_NODES + 1}),
        ({"degree": 15, "topology": "regular"}, {"degree": 16, "topology": "regular"}),
        ({"degree": 4, "nodes": 7, "topology": "regular"}, {"degree": 3, "nodes": 7, "topology": "regular"}),
        ({"nodes": 9, "topology": "torus"}, {"nodes": 10, "topology": "torus"}),
        ({"topology": "star"}, {"topology": "tree"}),
    ],
)
def test_limits_hold_just_inside_and_name_the_field_outside(inside: dict[str, Any], outside: dict[str, Any]) -> None:
    assert inside.items() <= GossipParams().load(inside).items()
    with pytest.raises(ValidationError) as caught:
        GossipParams().load(outside)
    assert set(caught.value.messages_dict) == {next(iter(outside))}
