import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.catalogue import discover
from tests.browser.conftest import Person, faults
from tests.platforms import Platform


def finished(platform: Platform, kind: str, **changes: Any) -> str:
    """Run the example of a kind, and return the job's id."""
    job = platform.client.submit(kind, {**discover().find(kind).example, **changes})
    job.result(timeout=240)
    return str(job.id)


def drawn_in(page: Page, token: str) -> str:
    """Return a color of the page as the browser computes it now."""
    script = "(token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim()"
    digits = page.evaluate(script, token).removeprefix("#")
    return f"rgb({', '.join(str(int(digits[at : at + 2], 16)) for at in (0, 2, 4))})"


def test_pumps_are_planned_anew_by_sliders(join: Callable[..., Person]) -> None:
    person = join("submitter")
    base = discover().find("pumping.whatif").example["base"]
    job = person.platform.client.submit("pumping.optimize", base)
    page = person.see(f"/jobs/{job.id}")
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=240_000)
    expect(page.get_by_role("img", name="When each pump runs")).to_be_visible()
    expect(page.locator(".u-over").first).to_be_attached()
    assert faults(page) == []
    page.get_by_label("Prices times").fill("2")
    expect(page.locator("output[for=price_factor]")).to_have_text("2")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".u-legend .u-marker").nth(1)).to_have_css("border-color", drawn_in(page, "--s1"))
    expect(page.locator("output[for=price_factor]")).to_have_text("2")
    page.get_by_label("1.2").check()
    page.click("text=Plan it anew")
    expect(page.locator("h1 + .state")).to_have_text("succeeded", timeout=240_000)
    expect(page.locator("#scenarios ~ .scroll tbody tr")).to_have_count(2)
    expect(page.locator("#scenarios ~ .scroll tbody tr").last).to_contain_text("as asked")


def test_a_turn_of_the_loop_shows_what_was_believed_and_why_each_pump_switches(join: Callable[..., Person]) -> None:
    person = join("viewer")
    page = person.see(f"/jobs/{finished(person.platform, 'pumping.replan')}")
    expect(page.get_by_role("img", name="When each pump runs")).to_be_visible()
    expect(page.locator(".u-legend").nth(1)).to_contain_text("inflow, 90 %")
    expect(page.locator("#why ~ table tbody tr").first).to_contain_text("EUR/MWh")
    assert faults(page) == []


@pytest.mark.deep
@pytest.mark.parametrize(
    ("kind", "heading", "words"),
    [
        ("simulate", "The plan as it runs", "Rule by rule"),
        ("forecast", "The forecast", "Hours foreseen"),
        ("backtest", "1 day operated anew", "level rule"),
        ("whatif", "Scenarios", "no other is both cheaper and smoother"),
        ("rehearse", "The rehearsal", "Pump 1.2 (large) is out of service."),
    ],
)
def test_what_pumping_computes_is_drawn_for_everybody(
    join: Callable[..., Person], kind: str, heading: str, words: str
) -> None:
    person = join("viewer")
    page = person.see(f"/jobs/{finished(person.platform, f'pumping.{kind}')}")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("#outcome")).to_contain_text(words)
    assert faults(page) == []


def test_a_program_is_run_and_stepped_through(join: Callable[..., Person]) -> None:
    person = join("submitter")
    page = person.see("/workloads/code")
    page.get_by_label("Language").select_option("assembly")
    page.get_by_label("Program").fill(discover().find("code.run").example["source"])
    page.click("text=Run it")
    expect(page.locator("#run ~ p .state")).to_have_text("ok", timeout=120_000)
    where = page.locator("[data-told=where]")
    expect(where).to_contain_text("0 of 24 cards")
    page.get_by_role("button", name="Step").click()
    expect(where).to_contain_text("1 of 24 cards")
    page.get_by_role("button", name="End").click()
    expect(page.locator("[data-told=printed]")).to_contain_text("55")
    page.get_by_role("button", name="Back").click()
    expect(where).to_contain_text("23 of 24 cards")
    assert faults(page) == []
    page.click("text=Change the program")
    expect(page.get_by_label("Language")).to_have_value("assembly")


def test_causes_are_filtered_by_how_sure_they_are(join: Callable[..., Person]) -> None:
    person = join("viewer")
    page = person.see(f"/jobs/{finished(person.platform, 'causal.discover', plots=False)}")
    expect(page.locator("[data-graph] canvas")).to_be_visible()
    edges = page.locator(".edges tbody tr:visible")
    accepted = edges.count()
    page.get_by_label("Accepted only").uncheck()
    assert edges.count() > accepted > 0
    page.locator("#least").fill("1")
    expect(edges.filter(has_text="not significant")).to_have_count(0)
    assert faults(page) == []


def test_ways_from_cause_to_effect_and_what_follows_are_drawn(join: Callable[..., Person]) -> None:
    person = join("viewer")
    page = person.see(f"/jobs/{finished(person.platform, 'causal.paths')}")
    expect(page.locator("#paths ~ .scroll tbody tr").first).to_contain_text("→")
    assert faults(page) == []
    job = person.platform.client.job(finished(person.platform, "causal.effect"))
    person.see(f"/jobs/{job.id}", page)
    expect(page.locator("#effect ~ table tbody tr")).to_have_count(len(job.result(timeout=1)["responses"]))
    expect(page.locator("#effect ~ .linechart .u-over").first).to_be_attached()
    assert faults(page) == []


def test_a_domain_is_shown_window_by_window(join: Callable[..., Person]) -> None:
    person = join("viewer")
    platform = person.platform
    body = {"name": person.email.partition("@")[0], "example": "healthcare"}
    headers = {"Authorization": f"Bearer {platform.api_key}"}
    made = httpx2.post(f"{platform.url}/api/v1/domains", json=body, headers=headers, timeout=30)
    assert made.status_code == 201, made.text
    platform.client.submit("windows.generate", {"domain": body["name"], "count": 5}).result(timeout=120)
    page = person.see(f"/workloads/windows/{made.json()['id']}")
    expect(page.locator(".linechart")).to_have_count(len(made.json()["variables"]))
    assert faults(page) == []
    told = page.locator(".linechart script").first.text_content()
    assert len(json.loads(str(told))["data"][0]) >= 5


def test_what_was_learned_of_settings_is_shown_version_by_version_and_trial_by_trial(
    join: Callable[..., Person],
) -> None:
    person = join("viewer")
    shown = {}
    for kind in ("metalearning.adapt", "metalearning.tune", "metalearning.evaluate"):
        page = person.see(f"/jobs/{finished(person.platform, kind)}")
        shown[kind] = page.locator("h2 ~ table tbody tr").first.inner_text()
        assert faults(page) == []
    assert "neighbors" in shown["metalearning.adapt"]
    assert "max_lag" in shown["metalearning.tune"]
    assert shown["metalearning.evaluate"].startswith("1")


def test_a_simulation_is_drawn_as_bands_and_gone_through_moment_by_moment(join: Callable[..., Person]) -> None:
    person = join("viewer")
    page = person.see(f"/jobs/{finished(person.platform, 'simulation.run')}")
    expect(page.locator(".u-legend").first).to_contain_text("95 %")
    expect(page.locator("#events ~ table tbody tr")).to_have_count(2)
    bars = page.locator("[data-told=bars] tr")
    expect(bars).to_have_count(6)
    before = bars.nth(2).inner_text()
    page.get_by_role("slider", name="Moment").fill("23")
    expect(page.locator("[data-told=when]")).to_have_text("160")
    expect(bars.nth(2)).not_to_have_text(before)
    assert faults(page) == []


@pytest.mark.deep
@pytest.mark.parametrize(
    ("kind", "heading", "words"),
    [("compare", "2 scenarios beside the baseline", "higher dam"), ("calibrate", "What fits best", "12 of 12 starts")],
)
def test_comparisons_and_calibrations_are_drawn(
    join: Callable[..., Person], kind: str, heading: str, words: str
) -> None:
    person = join("viewer")
    page = person.see(f"/jobs/{finished(person.platform, f'simulation.{kind}')}")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("#outcome")).to_contain_text(words)
    expect(page.locator(".u-legend").first).to_be_visible()
    assert faults(page) == []


def test_rounds_are_drawn_with_whom_not_to_trust(join: Callable[..., Person], tmp_path: Path) -> None:
    person = join("viewer")
    clinics = person.platform.client.federations.add(
        "clinics", strategy="multi_krum", settings={"faults": 1}, form="change", members=list("abcdef")
    )
    for number in (1, 2):
        clinics.open_round()
        for member, value in zip("abcdef", (1.0, 1.1, 0.9, 1.0, 1.2, -30.0), strict=True):
            np.savez(
                tmp_path / f"{member}.npz", w=np.array([value, 2.0 + value / 10, np.nan if member == "e" else 3.0])
            )
            clinics.send(number, member, person.platform.client.upload(tmp_path / f"{member}.npz"))
        clinics.aggregate(number).result(timeout=60)
    page = person.see(f"/workloads/federated/{clinics.read()['id']}")
    expect(page.locator("#rounds ~ table tbody tr")).to_have_count(2)
    expect(page.locator("#rounds ~ table tbody tr").first).to_contain_text("published")
    expect(page.locator("#parts ~ .scroll tbody tr").first).to_contain_text("far")
    expect(page.locator("#refused ~ table tbody tr")).to_contain_text("is no number at value 2")
    expect(page.locator(".u-over").first).to_be_attached()
    assert faults(page) == []
    clinics.open_round(deadline_s=3600, enough=4)
    page = person.see(f"/workloads/federated/{clinics.read()['id']}")
    expect(page.locator("#rounds ~ table tbody tr").first).to_contain_text("or with 4")
    assert faults(page) == []


def test_a_federation_without_a_server_tells_its_topology_and_how_members_agreed(
    join: Callable[..., Person], tmp_path: Path
) -> None:
    person = join("viewer")
    coast = person.platform.client.federations.add("coast line", members=list("abcde"))
    coast.lay("own", connections=[["a", "b"], ["b", "c"], ["c", "d"]])
    coast.open_round()
    for place, member in enumerate("abcde"):
        np.savez(tmp_path / f"{member}.npz", w=np.array([place, 1.0]))
        coast.send(1, member, person.platform.client.upload(tmp_path / f"{member}.npz"))
    coast.aggregate(1).result(timeout=60)
    page = person.see(f"/workloads/federated/{coast.read()['id']}")
    expect(page.locator(".tiles")).to_contain_text("3 connections; not reached: e")
    expect(page.locator("#parts ~ p").nth(1)).to_contain_text("mixed along 3 connections; all agree after")
    expect(page.locator("#refused ~ table tbody tr")).to_contain_text("cut off")
    assert faults(page) == []


def test_a_federation_that_trains_here_is_drawn_with_what_its_model_is_worth(join: Callable[..., Person]) -> None:
    person = join("viewer")
    rng = np.random.default_rng(5)
    drawn = [rng.standard_normal((40, 2)) for _ in range(3)]
    data = [{"inputs": one.tolist(), "targets": (one[:, 0] > 0).astype(int).tolist()} for one in drawn]
    wards = person.platform.client.federations.add(
        "wards",
        form="change",
        privacy={"clip": 1.0, "noise_multiplier": 4.0},
        training={"learner": {"learner": "logistic", "classes": 2}, "evaluation": data[2]},
    )
    for name, one in zip("ab", data, strict=False):
        wards.place(name, one)
    for number in (1, 2):
        wards.open_round()
        wards.aggregate(number).result(timeout=120)
    page = person.see(f"/workloads/federated/{wards.read()['id']}")
    expect(page.get_by_text("The model on held-out data, round by round")).to_be_visible()
    expect(page.locator("#parts ~ p").nth(1)).to_contain_text("how many were longer the noise hides")
    assert faults(page) == []
