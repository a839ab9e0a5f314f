"""Stations over HTTP: measured, priced, planned, overridden, stale, compared."""

import random
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core import redis
from core.catalogue import Catalogue
from core.database import Database
from core.jobs.execution import Station as Worker
from core.jobs.execution import execute
from core.jobs.models import Job
from core.platform.access import Role
from core.platform.events import Announcer
from core.workloads.pumping import replan
from core.workloads.pumping.operations.models import PlanRow
from tests.integration.web.conftest import KeyClient, held_by
from tests.integration.web.stations import NOW, PLANT, QUARTER, pointers, prices, readings, set_clock, tunnel_document


class Uninterrupted:
    def asked(self) -> None:
        return None

    def armed(self) -> Any:
        return nullcontext()


@pytest.fixture
def work(app: Flask, web_database: Database, catalogue: Catalogue) -> Callable[[Any], None]:
    """Do the job of a plan as a worker would."""
    settings, storage = held_by(app).settings, held_by(app).storage
    worker = Worker(
        "test:1",
        web_database,
        storage,
        Announcer(redis.connect(settings.redis_url)),
        Uninterrupted(),
        30.0,
        random.Random(1),
        catalogue.kinds,
    )

    def do(plan_id: Any) -> None:
        with web_database.transaction() as session:
            job_id = session.scalar(select(PlanRow.job_id).where(PlanRow.id == UUID(plan_id)))
            assert job_id is not None
            assert session.scalar(select(Job.state).where(Job.id == job_id)) == "queued"
        execute(worker, catalogue.find("pumping.replan"), replan.compute, job_id)

    return do


@pytest.fixture
def operating(client: KeyClient, work: Callable[[Any], None]) -> dict[str, Any]:
    """The schedule of a station that has measurements, prices and a first plan."""
    set_clock(client, NOW)
    assert client.put(f"{PLANT}/prices", json={"prices": prices()}).get_json() == {"kept": 42}
    taken = client.post(f"{PLANT}/state", json={"readings": readings()})
    assert taken.status_code == 202, taken.text
    work(taken.get_json()["plan_id"])
    answer = client.get("/api/v1/schedule?plant=tunnel")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def alerts(client: KeyClient) -> dict[str, str]:
    """Open alerts of the station by key, with how grave each is."""
    items = client.get("/api/v1/alerts?source=pumping&state=firing").get_json()["items"]
    return {item["key"]: item["severity"] for item in items}


def test_a_station_nobody_measured_yet_says_so(client: KeyClient) -> None:
    (tunnel,) = [item for item in client.get("/api/v1/plants").get_json()["items"] if item["id"] == "tunnel"]
    assert (tunnel["shipped"], tunnel["active"]) == (True, False)
    state = client.get(tunnel["links"]["state"]).get_json()
    assert (state["state"], state["stale"], state["age_s"]) == (None, True, None)
    missing = client.get("/api/v1/schedule?plant=tunnel")
    assert (missing.status_code, missing.get_json()["code"]) == (404, "plan_missing")
    assert client.post("/api/v1/schedule?plant=tunnel").get_json()["code"] == "plan_impossible"


def test_measurements_call_for_a_plan_that_is_safe_and_explained(client: KeyClient, operating: dict[str, Any]) -> None:
    assert (operating["status"], operating["in_force"], operating["safe"]) == ("applied", True, True)
    assert operating["origin"] == "plan"
    assert [rule for rule in operating["audit"] if rule["hard"] and rule["violations"]] == []
    assert len(operating["schedule"]) == 120
    assert datetime.fromisoformat(operating["schedule"][0]["time"]) == NOW
    assert all(entry["reason"] for entry in operating["explanation"])
    (forecast,) = client.get("/api/v1/forecasts?plant=tunnel").get_json()["items"]
    assert forecast["plan_id"] == operating["id"]
    assert all(row["lower_m3_per_h"] <= row["inflow_m3_per_h"] * 1.001 for row in forecast["rows"][:8])
    assert [row["price_published"] for row in forecast["rows"]] == [True] * 120
    assert client.get(PLANT).get_json()["active"] is True


def test_a_slot_is_planned_once_whoever_asks(client: KeyClient, operating: dict[str, Any]) -> None:
    again = client.post(f"{PLANT}/state", json=readings()[-1])
    assert again.get_json()["plan_id"] is None
    assert (again.get_json()["received"], again.get_json()["new"]) == (1, 0)
    client.get("/api/v1/schedule?plant=tunnel")
    plans = client.get("/api/v1/schedule/plans?plant=tunnel").get_json()["items"]
    assert [plan["id"] for plan in plans] == [operating["id"]]


def test_an_order_is_planned_around_at_once_told_and_over_when_it_ends(
    client: KeyClient, operating: dict[str, Any], work: Callable[[Any], None]
) -> None:
    running = next(name for name, hz in operating["schedule"][0]["pumps"].items() if hz > 0)
    order = {"plant": "tunnel", "pump": running, "action": "out", "minutes": 240, "why": "hot bearing", "who": "Anna"}
    given = client.post("/api/v1/overrides", json=order)
    assert (given.status_code, given.get_json().get("in_force")) == (201, True), given.text
    work(given.get_json()["plan_id"])
    plan = client.get("/api/v1/schedule?plant=tunnel").get_json()
    assert (plan["id"], plan["status"], plan["trigger"]) == (given.get_json()["plan_id"], "applied", "override")
    assert all(row["pumps"][running] == 0 for row in plan["schedule"][:16])
    assert client.get(f"/api/v1/schedule/{operating['id']}").get_json()["status"] == "superseded"
    key = f"tunnel/override_in_force/Pump {running}"
    assert alerts(client)[key] == "info"
    (notice,) = [notice for notice in plan["notices"] if notice["code"] == "override_in_force"]
    assert "by Anna: hot bearing" in notice["message"]

    ended = client.delete(given.headers["Location"]).get_json()
    assert (ended["in_force"], ended["ended_at"] is None) == (False, False)
    work(ended["plan_id"])
    assert client.get("/api/v1/schedule?plant=tunnel").get_json()["id"] == ended["plan_id"]
    assert key not in alerts(client)


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"pump": "9.9"}, 422, "/pump"),
        ({"action": "explode"}, 422, "/action"),
        ({"minutes": 0.5}, 422, "/minutes"),
        ({"minutes": 7 * 24 * 60 + 1}, 422, "/minutes"),
        ({"until": NOW.isoformat()}, 422, "/until"),
        ({"why": ""}, 422, "/why"),
        ({"plant": "moon"}, 404, None),
    ],
)
def test_a_bad_order_is_refused_by_the_field(
    client: KeyClient, fields: dict[str, Any], status: int, pointer: str | None
) -> None:
    set_clock(client, NOW)
    order = {"plant": "tunnel", "pump": "1.1", "action": "off", "minutes": 60, "why": "test"}
    answer = client.post("/api/v1/overrides", json={**order, **fields})
    assert answer.status_code == status, answer.text
    if pointer is not None:
        assert pointer in pointers(answer)


def test_orders_leave_one_pump_to_run_and_do_not_contradict_each_other(client: KeyClient) -> None:
    set_clock(client, NOW)
    names = client.get(PLANT).get_json()["pumps"]
    for name in names[:-1]:
        order = {"plant": "tunnel", "pump": name, "action": "out", "minutes": 60, "why": "strike"}
        assert client.post("/api/v1/overrides", json=order).status_code == 201
    last = client.post(
        "/api/v1/overrides", json={"plant": "tunnel", "pump": names[-1], "action": "off", "minutes": 60, "why": "too"}
    )
    assert pointers(last) == ["/action"]
    twice = client.post(
        "/api/v1/overrides", json={"plant": "tunnel", "pump": names[0], "action": "on", "minutes": 60, "why": "no"}
    )
    assert (twice.status_code, twice.get_json()["code"]) == (409, "override_taken")


def test_silent_sensors_put_the_safe_rule_controller_in_charge_with_an_alert(
    client: KeyClient, operating: dict[str, Any], work: Callable[[Any], None]
) -> None:
    """Given 45 minutes without a level, the next plan is the rule controller's; measured again, the alert is over."""
    set_clock(client, NOW + 3 * QUARTER)
    state = client.get(f"{PLANT}/state").get_json()
    assert (state["stale"], state["age_s"]) == (True, 2700.0)
    before = client.get("/api/v1/schedule?plant=tunnel").get_json()
    assert before["id"] == operating["id"]  # until the next is made
    (newest, _) = client.get("/api/v1/schedule/plans?plant=tunnel").get_json()["items"]
    assert newest["status"] == "planning"
    work(newest["id"])
    plan = client.get("/api/v1/schedule?plant=tunnel").get_json()
    assert (plan["origin"], plan["status"], plan["in_force"]) == ("rule", "applied", True)
    assert plan["reason"] == "No level was measured for 45 minutes."
    told = alerts(client)
    assert told["tunnel/telemetry_stale"] == told["tunnel/rule_controller"] == "critical"

    set_clock(client, NOW + 4 * QUARTER)
    work(client.post(f"{PLANT}/state", json=readings(NOW + 4 * QUARTER, 1)[0]).get_json()["plan_id"])
    assert client.get("/api/v1/schedule?plant=tunnel").get_json()["origin"] in {"plan", "repair"}
    assert "tunnel/telemetry_stale" not in alerts(client)


def test_without_prices_there_is_a_plan_and_an_alert(client: KeyClient, work: Callable[[Any], None]) -> None:
    set_clock(client, NOW)
    taken = client.post(f"{PLANT}/state", json={"readings": readings()}).get_json()
    work(taken["plan_id"])
    assert client.get("/api/v1/schedule?plant=tunnel").get_json()["origin"] == "plan"
    assert alerts(client)["tunnel/prices_missing"] == "warning"


def test_people_decide_where_the_station_is_not_automatic(
    client: KeyClient, client_of: Callable[..., KeyClient], work: Callable[[Any], None]
) -> None:
    client.patch(PLANT, json={"automatic": False})
    set_clock(client, NOW)
    client.put(f"{PLANT}/prices", json={"prices": prices()})
    taken = client.post(f"{PLANT}/state", json={"readings": readings()}).get_json()
    work(taken["plan_id"])
    plan = client.get("/api/v1/schedule?plant=tunnel").get_json()
    assert (plan["status"], plan["in_force"]) == ("recommended", False)
    assert client_of(Role.SUBMITTER).post(plan["links"]["accept"], json={}).status_code == 403
    accepted = client.post(plan["links"]["accept"], json={"note": "looks right"}).get_json()
    assert (accepted["status"], accepted["in_force"], accepted["note"]) == ("accepted", True, "looks right")
    rejected = client.post(plan["links"]["reject"], json={}).get_json()
    assert (rejected["status"], rejected["in_force"]) == ("rejected", False)
    missing = client.get("/api/v1/schedule?plant=tunnel").get_json()
    assert (missing["code"], "is rejected: until the next one" in missing["detail"]) == ("plan_missing", True)
    assert client.get("/api/v1/forecasts?plant=tunnel").get_json()["items"][0]["plan_id"] == plan["id"]
    again = client.post(plan["links"]["accept"], json={})
    assert (again.status_code, again.get_json()["code"]) == (409, "plan_decided")


def test_a_plan_whose_job_fails_is_told_and_the_plan_so_far_is_followed(
    client: KeyClient, operating: dict[str, Any]
) -> None:
    asked = client.post("/api/v1/schedule?plant=tunnel").get_json()
    assert asked["status"] == "planning"
    assert client.post(f"{asked['links']['job']}/cancel").status_code == 200
    plan = client.get("/api/v1/schedule?plant=tunnel").get_json()
    assert (plan["id"], plan["in_force"]) == (operating["id"], True)
    assert client.get(asked["links"]["self"]).get_json()["status"] == "failed"
    assert alerts(client)["tunnel/planning_failed"] == "critical"


def test_plan_and_actual_are_compared(client: KeyClient, operating: dict[str, Any]) -> None:
    first = operating["schedule"][0]
    told = {
        "time": (NOW + QUARTER).isoformat(),
        "level_m": first["level_m"] + 0.1,
        "outflow_m3_per_h": first["outflow_m3_per_h"],
        "power_kw": first["power_kw"] + 40.0,
        "pumps": {name: {"on": hz > 0} for name, hz in first["pumps"].items()},
    }
    set_clock(client, NOW + QUARTER)
    client.patch(PLANT, json={"co2_g_per_kwh": 100})
    client.post(f"{PLANT}/state", json=told)
    window = {"since": NOW.isoformat(), "until": (NOW + 2 * QUARTER).isoformat()}
    figures = client.get(f"{PLANT}/performance", query_string=window).get_json()
    assert (figures["quarters"], figures["planned_quarters"]) == (1, 1)
    assert figures["actual"]["energy_kwh"] - figures["plan"]["energy_kwh"] == pytest.approx(10.0)
    assert figures["actual"]["co2_kg"] == pytest.approx(figures["actual"]["energy_kwh"] / 10)
    assert figures["actual"]["energy_cost_eur"] > figures["plan"]["energy_cost_eur"] > 0
    assert figures["mean_abs_level_error_m"] == pytest.approx(0.1)
    assert figures["switched_as_planned"] == 1.0
    assert figures["actual"]["priced_quarters"] == 1
    earlier = {"until": (NOW - 6 * 4 * QUARTER).isoformat()}
    unpriced = client.get(f"{PLANT}/performance", query_string=earlier).get_json()
    assert (unpriced["actual"]["priced_quarters"], unpriced["actual"]["energy_cost_eur"]) == (0, None)
    assert set(unpriced["plan"].values()) == {0, None}


def test_a_tenants_own_station_is_kept_planned_and_forgotten(
    client: KeyClient, client_of: Callable[..., KeyClient]
) -> None:
    document: dict[str, Any] = {**tunnel_document(), "name": "annex", "title": "Annex"}
    made = client.post("/api/v1/plants", json={"document": document})
    assert made.status_code == 201, made.text
    assert client.get(made.headers["Location"]).get_json()["document"] == document
    stranger = client_of(Role.ADMIN, "somebody-else")
    assert stranger.get(made.headers["Location"]).status_code == 404
    assert "annex" not in [item["id"] for item in stranger.get("/api/v1/plants").get_json()["items"]]
    assert client.delete(made.headers["Location"]).status_code == 204
    assert client.get(made.headers["Location"]).status_code == 404


def test_a_document_that_contradicts_itself_or_takes_a_shipped_name_is_refused(client: KeyClient) -> None:
    broken = {
        **tunnel_document(),
        "name": "annex",
        "pumps": [{"name": "a", "kind": "huge", "measured_kwh_per_m3": 0.1}],
    }
    refused = client.post("/api/v1/plants", json={"document": broken})
    assert (refused.status_code, pointers(refused)) == (422, ["/document/pumps"])
    taken = client.post("/api/v1/plants", json={"document": tunnel_document()})
    assert (taken.status_code, taken.get_json()["code"]) == (409, "plant_shipped")


def test_viewers_look_gateways_measure_and_operators_decide(client_of: Callable[..., KeyClient]) -> None:
    viewer, gateway = client_of(Role.VIEWER), client_of(Role.SUBMITTER)
    assert viewer.get(PLANT).status_code == 200
    assert viewer.post(f"{PLANT}/state", json=readings(quarters=1)[0]).status_code == 403
    assert gateway.patch(PLANT, json={"active": False}).status_code == 403
    assert gateway.post(f"{PLANT}/state", json=readings(quarters=1)[0]).status_code == 202
