"""The demo's pump plan: from what it is made, and what it is worth beside other operation of the same day."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click
from penstock_client import JobHandle, Kind

from core.workloads.pumping.series import recorded_day
from webapp.cli._tables import new_table, print_table

BESIDE_CHECKOUT = Path(__file__).parents[3] / "shared" / "data" / "pumping" / "tunnel_days_01_10.csv"
TARIFF: Literal["normal", "high"] = "normal"
BOUND_WITHIN_S = 15
REASONS = 3


@dataclass(frozen=True, slots=True)
class Material:
    """A recorded day, or nothing but the kind's own example; `origin` says which."""

    origin: str
    recorded: Mapping[str, Any] | None

    def params(self, kinds: Mapping[str, Kind]) -> dict[str, Any]:
        """Return params of `pumping.optimize`; the plan is the same whatever time its proof is given."""
        example = kinds["pumping.optimize"].example if "pumping.optimize" in kinds else {}
        return {**(self.recorded or example), "time_limit_s": BOUND_WITHIN_S}


def find_material(series: Path | None) -> Material:
    """Take the second day of the series that is given, else of the shared one, else the generated scenario.

    The second day is the first whose pumps' history is recorded too. Raises `click.ClickException`.
    """
    path = series or (BESIDE_CHECKOUT if BESIDE_CHECKOUT.is_file() else None)
    if path is None:
        return Material("a generated day, as no recorded series is at hand (--series FILE)", None)
    try:
        day = _second_day(path)
        recorded = recorded_day(path, day, TARIFF)
    except (OSError, ValueError, LookupError) as error:
        raise click.ClickException(f"{path} is no series of a pumping station: {error}") from error
    return Material(f"{day}, {TARIFF} prices, recorded in {path.name}", recorded)


def print_plan(result: Mapping[str, Any], material: Material) -> None:
    """Print cost and smoothness of the plan beside what others would have done, and how near the optimum it is."""
    rows = {"rule controller, same model": result["baseline"], "the plan": _own_figures(result)}
    if result["recorded"] is not None:
        rows = {"operators, as recorded": result["recorded"], **rows}
    table = new_table(
        "operation",
        "energy EUR",
        "stored water EUR",
        "cost EUR",
        "plan is",
        "flow change m3/h",
        "flow s.d. m3/h",
        title=f"Pump plan ({material.origin})",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    own = rows["the plan"]["adjusted_cost_eur"]
    for name, figures in rows.items():
        cost = figures["adjusted_cost_eur"]
        table.add_row(
            name,
            f"{figures['energy_cost_eur']:,.2f}",
            f"{-figures['end_volume_credit_eur']:+,.2f}",
            f"{cost:,.2f}",
            f"{own / cost - 1:+.1%}" if cost > 0 and name != "the plan" else "",
            f"{figures['mean_abs_flow_change_m3_per_h']:,.0f}",
            f"{figures['flow_sd_m3_per_h']:,.0f}",
            style="bold" if name == "the plan" else None,
        )
    print_table(table)
    click.echo("cost = energy less the worth of water that is not left for tomorrow; flow change = mean step to step.")
    _print_proof(result)
    _print_reasons(result)


def download_artifacts(job: JobHandle, folder: Path) -> list[Path]:
    """Fetch what a job left behind."""
    names = [artifact.name for artifact in job.artifacts()]
    if names:
        folder.mkdir(parents=True, exist_ok=True)
    return [job.download(name, folder) for name in names]


def _second_day(path: Path) -> date:
    with path.open(newline="", encoding="utf-8") as stream:
        days = sorted({date.fromisoformat(row["time"][:10]) for row in csv.DictReader(stream)})
    return days[min(1, len(days) - 1)]


def _own_figures(result: Mapping[str, Any]) -> dict[str, Any]:
    names = ("energy_cost_eur", "end_volume_credit_eur")
    return {**result["kpis"], **{name: result[name] for name in names}}


def _print_proof(result: Mapping[str, Any]) -> None:
    broken = sum(rule["violations"] for rule in result["audit"])
    proof = "no lower bound is known"
    if result["lower_bound_eur"] is not None:
        bound, gap = result["lower_bound_eur"], result["gap"]
        proof = f"objective {result['objective_eur']:,.2f} EUR, no plan below {bound:,.2f} EUR: certified gap {gap:.2%}"
    click.echo(f"{result['status']} by {result['solver']}: {proof}; {broken} of {len(result['audit'])} rules broken.")
    for warning in result["warnings"]:
        click.echo(f"  {warning}")


def _print_reasons(result: Mapping[str, Any]) -> None:
    told = sorted(result["explanation"], key=lambda entry: -(entry["saves_eur"] or 0.0))[:REASONS]
    if told:
        click.echo(f"{len(result['explanation'])} switches, each explained; the most valuable:")
    for entry in told:
        click.echo(f"  {entry['time'][11:16]} {entry['action']} {entry['pump']}: {entry['reason']}")
