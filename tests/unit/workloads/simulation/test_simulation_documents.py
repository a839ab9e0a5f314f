"""Documents of models: all faults at once, each at its place."""

from typing import Any

import pytest

from core.workloads.simulation import examples, model
from core.workloads.simulation.document import DELAYS, MOST_NAMES, ModelDocument
from core.workloads.simulation.params import MOST_STEPS, MOST_VALUES
from tests.unit.workloads.simulation.runs import DECAY, changed, faults, load


def fault(**sections: Any) -> dict[str, str]:
    return faults(model=changed(DECAY, **sections))


@pytest.mark.parametrize("name", examples.names())
def test_models_that_come_with_the_platform_state_every_unit(name: str) -> None:
    built = model.build(ModelDocument().load(examples.read(name)))
    assert {one for one in built.scope.names if built.unit_of(one) is None} == set()
    assert built.document["name"] == name
    assert built.document["summary"].endswith(".")


def test_there_are_more_than_five_of_them() -> None:
    assert {"logistic", "sir", "predator_prey", "bass_diffusion", "inventory"} < set(examples.names())


def test_they_show_every_sort_of_delay_and_arrays_over_two_dimensions() -> None:
    shipped = [examples.read(name) for name in examples.names()]
    delays = [one for document in shipped for one in document.get("delays", {}).values()]
    assert {one["sort"] for one in delays} == set(DELAYS)
    assert any(len(one["by"]) == 2 for document in shipped for one in document["parameters"].values() if "by" in one)


@pytest.mark.parametrize(
    ("sections", "pointer", "told"),
    [
        ({"flows": {"loss": {"from": "level", "equation": "rat * level"}}}, "/flows/loss/equation", "mean 'rate'?"),
        ({"flows": {"loss": {"from": "levle", "equation": "1"}}}, "/flows/loss/from", "did you mean 'level'?"),
        ({"flows": {"loss": {"from": "level", "to": "level", "equation": "1"}}}, "/flows/loss/to", "to another"),
        ({"flows": {"loss": {"equation": "1"}}}, "/flows/loss/to", "outside"),
        ({"flows": {"loss": {"from": "level", "equation": "lvl(2)"}}}, "/flows/loss/equation", "function or table"),
        ({"flows": {"loss": {"from": "level", "equation": "2 +"}}}, "/flows/loss/equation", "At character 4"),
        ({"auxiliaries": {"rate": {"equation": "1"}}}, "/parameters/rate", "among auxiliaries"),
        ({"auxiliaries": {"x": {"equation": "y"}, "y": {"equation": "x + 1"}}}, "/auxiliaries/x/equation", "x → y → x"),
        ({"auxiliaries": {"x": {"equation": "x"}}}, "/auxiliaries/x/equation", "x → x"),
        ({"stocks": {"a": {"initial": "b"}, "b": {"initial": "a"}}}, "/stocks/a/initial", "a → b → a"),
        ({"stocks": {"a": {"initial": "loss"}}}, "/stocks/a/initial", "there is no 'loss'"),
        ({"stocks": {"A": {"initial": 1}}}, "/stocks/A", "small letters"),
        ({"stocks": {"time": {"initial": 1}}}, "/stocks/time", "word of equations"),
        ({"stocks": {"a": {"initial": True}}}, "/stocks/a/initial", "an equation"),
        ({"stocks": {"a": {"initial": 1, "colour": 2}}}, "/stocks/a/colour", "Unknown field."),
        ({"stocks": {"a": {"initial": 1, "unit": "a b"}}}, "/stocks/a/unit", "is no unit"),
        ({"tables": {"t": {"x": [0, 0], "y": [1, 2]}}}, "/tables/t/x/1", "greater"),
        ({"tables": {"t": {"x": [0, 1], "y": [1, 2, 3]}}}, "/tables/t/y", "3 values for 2 places"),
        ({"noises": {"n": {"distribution": {"distribution": "cauchy"}, "every": 1}}}, None, "Must be one of"),
        ({"parameters": {"p": {"value": {"distribution": "normal", "mean": 1, "sd": 0}}}}, None, "greater than 0"),
        ({"parameters": {"p": {"value": {"distribution": "uniform", "low": 1, "high": 1}}}}, None, "than low"),
        ({"parameters": {"p": {"value": "1"}}}, None, "number"),
        ({"conserved": [["level"]]}, "/conserved/0", "'loss' leads across"),
        ({"conserved": [["lake"]]}, "/conserved/0", "no stock 'lake'"),
        ({"watch": [{"name": "w", "when": "levels > 1"}]}, "/watch/0/when", "mean 'level'?"),
        ({"dt": 0}, "/dt", "greater"),
        ({"horizon": -1}, "/horizon", "greater"),
        ({"method": "rk5"}, "/method", "Must be one of"),
    ],
)
def test_a_fault_is_told_at_its_place(sections: dict[str, Any], pointer: str | None, told: str) -> None:
    found = fault(**sections)
    place, detail = next((one for one in found.items() if told in one[1]), ("", str(found)))
    assert told in detail
    assert place.startswith("/model/")
    assert pointer is None or place.endswith(pointer)


def test_all_faults_are_told_at_once() -> None:
    flows = {"loss": {"from": "level", "equation": "rat * level"}, "gain": {"to": "lvl", "equation": "1 +"}}
    assert set(fault(flows=flows)) == {
        "/model/flows/loss/equation",
        "/model/flows/gain/equation",
        "/model/flows/gain/to",
    }


def test_units_are_checked_where_they_are_given() -> None:
    stocks = {"level": {"initial": 8, "unit": "m3"}}
    good = changed(DECAY, time_unit="hour", stocks=stocks, parameters={"rate": {"value": 0.5, "unit": "1/hour"}})
    load(model=good)
    bad = changed(good, parameters={"rate": {"value": 0.5, "unit": "1/day"}})
    assert faults(model=bad) == {
        "/model/flows/loss/equation": "The equation gives m3/day, where m3/hour is declared.",
    }
    wrong = changed(good, flows={"loss": {"from": "level", "equation": "rate * level", "unit": "m3"}})
    assert "/model/flows/loss/unit" in faults(model=wrong)


def test_a_model_has_a_largest_size() -> None:
    spare = MOST_NAMES - 3
    load(model=changed(DECAY, parameters={f"p{place}": {"value": 1} for place in range(spare)}))
    assert "/model/stocks" in fault(parameters={f"p{place}": {"value": 1} for place in range(spare + 1)})


def test_a_model_takes_a_stock() -> None:
    assert faults(model={"name": "empty"}) == {"/model/stocks": "A model has at least one stock."}


@pytest.mark.parametrize("given", [7, None, "sri", ["sir"]])
def test_what_is_no_model_is_refused(given: Any) -> None:
    assert list(faults(model=given)) == ["/model"]


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"parameters": {"rates": 1}}, "/parameters/rates"),
        ({"initial": {"levl": 1}}, "/initial/levl"),
        ({"outputs": ["level", "lose"]}, "/outputs/1"),
        ({"shocks": [{"at": 4.1, "target": "level", "amount": 1}]}, "/shocks/0/at"),
        ({"shocks": [{"at": 1, "target": "loss", "amount": 1}]}, "/shocks/0/target"),
        ({"shocks": [{"at": 1, "target": "level", "amount": 1, "for": 2}]}, "/shocks/0/for"),
        ({"shocks": [{"at": 1, "target": "rate", "amount": 1, "for": 0}]}, "/shocks/0/for"),
        ({"policies": [{"name": "p", "parameter": "level", "value": "1"}]}, "/policies/0/parameter"),
        ({"policies": [{"name": "p", "parameter": "rate", "value": "levle"}]}, "/policies/0/value"),
        ({"policies": [{"name": "p", "parameter": "rate", "value": "1", "when": "x"}]}, "/policies/0/when"),
        ({"policies": [{"name": "p", "parameter": "rate", "value": "1", "from": 2, "until": 2}]}, "/policies/0/until"),
        ({"watch": [{"name": "w", "when": "x > 1"}]}, "/watch/0/when"),
        ({"percentiles": [0.5, 0.5]}, "/percentiles"),
        ({"percentiles": [0.5, 1.1]}, "/percentiles/1"),
        ({"members": 0}, "/members"),
        ({"members": 100_001}, "/members"),
        ({"horizon": 0}, "/horizon"),
        ({"seed": -1}, "/seed"),
        ({"points": 1}, "/points"),
    ],
)
def test_params_that_do_not_fit_the_model_are_told(params: dict[str, Any], pointer: str) -> None:
    assert pointer in faults(model=DECAY, **params)


def test_runs_beyond_all_measure_are_refused() -> None:
    load(model=DECAY, horizon=MOST_STEPS, dt=1)
    assert list(faults(model=DECAY, horizon=MOST_STEPS + 1, dt=1)) == ["/dt"]
    assert list(faults(model=DECAY, horizon=MOST_STEPS, dt=1, members=20_000)) == ["/members"]
    levels = [place / 20 for place in range(21)]
    assert MOST_VALUES < 8 * 2001 * 22
    assert list(faults(model="inventory", points=2001, horizon=300, percentiles=levels)) == ["/points"]
    load(model="inventory", points=2001, horizon=300, percentiles=levels, outputs=["inventory"])
