"""What the demo shows, without a platform."""

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from penstock_client import Kind

from webapp.cli import _demo_pumping
from webapp.cli._demo_jobs import cast
from webapp.cli._demo_pumping import Material, find_material, print_plan
from webapp.cli.demo import command


def kind(name: str) -> Kind:
    document = {"name": name, "summary": "", "version": 1, "queue": "default", "example": {"of": name}}
    return Kind.read({**document, "params_schema": {}, "result_schema": {}, "limits": {}, "retry": {}})


def figures(cost: float) -> dict[str, float]:
    return {
        "energy_cost_eur": cost + 1,
        "end_volume_credit_eur": 1.0,
        "adjusted_cost_eur": cost,
        "mean_abs_flow_change_m3_per_h": 152.0,
        "flow_sd_m3_per_h": 1316.0,
    }


def plan(recorded: dict[str, float] | None) -> dict[str, Any]:
    return {
        **figures(150.0),
        "kpis": figures(150.0),
        "baseline": figures(200.0),
        "recorded": recorded,
        "status": "feasible",
        "solver": "dynamic_programming",
        "objective_eur": 160.0,
        "lower_bound_eur": 159.2,
        "gap": 0.005,
        "audit": [{"violations": 0}, {"violations": 0}],
        "warnings": ["Look out."],
        "explanation": [
            {"time": "2025-01-01T10:15:00", "pump": "1.4", "action": "stop", "reason": "Dear.", "saves_eur": 4.96},
            {"time": "2025-01-01T11:00:00", "pump": "1.1", "action": "start", "reason": "Forced.", "saves_eur": None},
        ],
    }


def test_every_kind_has_a_part_and_an_unknown_one_shows_its_example() -> None:
    material = Material("generated", None)
    parts = cast([kind(name) for name in ("causal.score", "platform.sleep", "pumping.optimize")], material, "plan")
    assert {part.kind for part in parts} == {"causal.score", "platform.sleep", "pumping.optimize"}
    assert parts[0].kind == "pumping.optimize"
    assert parts[0].params["of"] == "pumping.optimize"
    assert next(part for part in parts if part.kind == "causal.score").params == {"of": "causal.score"}


def test_without_a_record_the_generated_day_is_taken_and_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_demo_pumping, "BESIDE_CHECKOUT", tmp_path / "absent.csv")
    material = find_material(None)
    assert material.recorded is None
    assert "generated" in material.origin


@pytest.mark.parametrize("content", ["", "time\n", "time,level_m\n2025-01-01T00:00:00,2\n", "\xff\x00"])
def test_a_file_that_is_no_series_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "series.csv"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(click.ClickException, match=r"series\.csv is no series"):
        find_material(path)


def test_cost_is_never_shown_without_smoothness(capsys: pytest.CaptureFixture[str]) -> None:
    print_plan(plan(figures(180.0)), Material("a day", {}))
    said = capsys.readouterr().out
    assert "-16.7%" in said
    assert "-25.0%" in said
    assert said.count("152") == said.count("1,316") == 3
    assert "certified gap 0.50%; 0 of 2 rules broken" in said
    assert said.index("Dear.") < said.index("Forced.")
    assert "Look out." in said


def test_without_a_record_there_are_no_operators_to_compare_with(capsys: pytest.CaptureFixture[str]) -> None:
    print_plan({**plan(None), "lower_bound_eur": None, "gap": None}, Material("a generated day", None))
    said = capsys.readouterr().out
    assert "operators" not in said
    assert "no lower bound is known" in said


def test_a_series_that_is_not_there_is_wrong_usage() -> None:
    assert CliRunner().invoke(command, ["--series", "/nowhere/days.csv"]).exit_code == 2
