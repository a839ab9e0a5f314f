"""Arrays: every element is what it would be if it were written out by hand, and what is wrong is told once."""

from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from core.canonical import canonical_json
from core.workloads.simulation.document import MOST_NAMES
from tests.unit.workloads.simulation.runs import changed, course, faults, run

REGIONS = ["north", "south", "east"]
MOVING = {"north,south": 0.3, "south,east": 0.2, "east,north": 0.1}
TRAVEL: dict[str, Any] = {
    "name": "travel",
    "horizon": 5,
    "dt": 0.05,
    "dimensions": {"region": REGIONS, "other": REGIONS},
    "stocks": {"people": {"by": ["region"], "initial": "start[region]"}},
    "flows": {
        "moving": {
            "by": ["region", "other"],
            "from": "people[region]",
            "to": "people[other]",
            "equation": "share[region, other] * people[region]",
        }
    },
    "auxiliaries": {
        "everybody": {"equation": "sum(region, people[region])"},
        "crowded": {"equation": "largest(region, people[region]) - smallest(region, people[region])"},
        "arriving": {"by": ["other"], "equation": "sum(region, moving[region, other])"},
        "usual": {"equation": "mean(region, people[region])"},
    },
    "parameters": {
        "start": {"by": ["region"], "value": 10, "values": {"north": 40}},
        "share": {"by": ["region", "other"], "value": 0, "values": MOVING},
    },
    "conserved": [["people"]],
}


def test_linear_travel_is_the_matrix_exponential() -> None:
    rates = np.zeros((3, 3))
    for pair, share in MOVING.items():
        one, other = (REGIONS.index(name) for name in pair.split(","))
        rates[other, one] += share
        rates[one, one] -= share
    result = run(model=TRAVEL)
    exact = expm(rates * 5.0) @ np.array([40.0, 10.0, 10.0])
    found = np.array([course(result, f"people[{name}]")[-1] for name in REGIONS])
    assert found == pytest.approx(exact, abs=1e-7)
    assert course(result, "everybody") == pytest.approx(np.full(101, 60.0))
    assert course(result, "crowded")[-1] == pytest.approx(exact.max() - exact.min())
    assert course(result, "usual")[-1] == pytest.approx(20.0)
    assert course(result, "arriving[south]")[0] == pytest.approx(0.3 * 40)
    (kept,) = result["conservation"]
    assert kept["stocks"] == [f"people[{name}]" for name in REGIONS]
    assert kept["largest_error"] < 1e-13


def test_an_array_is_what_its_elements_are_by_hand() -> None:
    array = {
        "name": "tanks",
        "horizon": 4,
        "dt": 0.1,
        "dimensions": {"tank": ["a", "b"]},
        "stocks": {"level": {"by": ["tank"], "initial": 5}},
        "flows": {"leak": {"by": ["tank"], "from": "level", "equation": "rate[tank] * level[tank] + n[tank]"}},
        "delays": {
            "seen": {"by": ["tank"], "sort": "material", "of": "leak[tank]", "time": 1, "order": 2, "initial": 1}
        },
        "parameters": {"rate": {"by": ["tank"], "values": {"a": 0.1, "b": 0.4}}},
        "noises": {
            "n": {"by": ["tank"], "distribution": {"distribution": "normal", "mean": 0, "sd": 0.01}, "every": 1}
        },
    }
    still = {"distribution": {"distribution": "uniform", "low": -1e-12, "high": 1e-12}, "every": 1}
    result = run(model=changed(array, noises={"n": {"by": ["tank"], **still}}))
    for tank, rate in (("a", 0.1), ("b", 0.4)):
        alone = {
            "name": "tank",
            "horizon": 4,
            "dt": 0.1,
            "stocks": {"level": {"initial": 5}},
            "flows": {"leak": {"from": "level", "equation": f"{rate} * level"}},
            "delays": {"seen": {"sort": "material", "of": "leak", "time": 1, "order": 2, "initial": 1}},
        }
        by_hand = run(model=alone)
        for name in ("level", "leak", "seen"):
            assert course(result, f"{name}[{tank}]") == pytest.approx(course(by_hand, name), abs=1e-9)
    drawn = run(model=array, members=400)
    a, b = (course(drawn, f"level[{tank}]")[-1] for tank in "ab")
    assert a != b


def test_elements_are_changed_shocked_ruled_and_watched_by_their_names() -> None:
    result = run(
        model=TRAVEL,
        parameters={"start[south]": 20, "share[north,south]": 0},
        initial={"people[east]": 1},
        shocks=[{"at": 1, "target": "people[north]", "amount": 5}],
        policies=[{"name": "closed", "parameter": "share[east,north]", "value": 0, "when": "people[north] > 41"}],
        watch=[{"name": "many", "when": "sum(region, people[region]) > 65"}],
    )
    assert course(result, "everybody")[[0, -1]] == pytest.approx([61.0, 66.0])
    assert [one["name"] for one in result["events"]] == ["add 5: people[north]", "many", "closed"]
    assert result["events"][2]["time"]["median"] == 1.0
    assert canonical_json(run(model=TRAVEL)) == canonical_json(run(model=TRAVEL))


@pytest.mark.parametrize(
    ("sections", "pointer", "told"),
    [
        ({"auxiliaries": {"x": {"equation": "people"}}}, "/auxiliaries/x/equation", "is an array: people[region]"),
        ({"auxiliaries": {"x": {"equation": "people[nroth]"}}}, "/auxiliaries/x/equation", "did you mean 'north'?"),
        ({"auxiliaries": {"x": {"equation": "people[region]"}}}, "/auxiliaries/x/equation", "sum(region, …)"),
        ({"auxiliaries": {"x": {"equation": "everybody[north]"}}}, "/auxiliaries/x/equation", "no array"),
        ({"auxiliaries": {"x": {"equation": "moving[north]"}}}, "/auxiliaries/x/equation", "takes 2 subscripts"),
        ({"auxiliaries": {"x": {"equation": "sum(planet, 1)"}}}, "/auxiliaries/x/equation", "takes a dimension"),
        ({"auxiliaries": {"x": {"by": ["planet"], "equation": "1"}}}, "/auxiliaries/x/by", "Give dimensions"),
        ({"auxiliaries": {"x": {"by": ["region"], "equation": "y"}}}, "/auxiliaries/x/equation", "there is no 'y'"),
        ({"parameters": {"p": {"by": ["region"], "values": {"north": 1}}}}, "/parameters/p/value", "for south"),
        ({"parameters": {"p": {"by": ["region"], "value": 1, "values": {"west": 1}}}}, None, "no element of 'p'"),
        ({"parameters": {"p": {}}}, "/parameters/p/value", "required"),
        ({"dimensions": {"planet": ["earth", "earth"]}}, "/dimensions/planet/1", "taken"),
        ({"flows": {"f": {"to": "people", "equation": 1}}}, "/flows/f/to", "no stock 'people'"),
        ({"auxiliaries": {"people": {"equation": 1}}}, "/auxiliaries/people", "among stocks"),
    ],
)
def test_what_is_wrong_with_an_array_is_told_once_where_it_is_declared(
    sections: dict[str, Any], pointer: str | None, told: str
) -> None:
    found = {place.removeprefix("/model"): told for place, told in faults(model=changed(TRAVEL, **sections)).items()}
    assert len(found) == 1 or pointer is None
    assert any(told in detail for place, detail in found.items() if pointer in {None, place})


def test_elements_count_as_names() -> None:
    many = [f"e{number}" for number in range(15)]
    model = changed(
        TRAVEL,
        dimensions={"region": many, "other": many},
        parameters={"start": {"by": ["region"], "value": 1}, "share": {"by": ["region", "other"], "value": 0.1}},
    )
    assert f"at most {MOST_NAMES} names" in faults(model=model)["/model/stocks"]
