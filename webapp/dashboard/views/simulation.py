"""Simulation: courses as bands, frames to go through, what scenarios change, and how well a model fits."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response

from core.jobs import listing
from core.jobs.queries import JobFilter
from core.workloads.simulation import examples
from webapp.dashboard.drawing import Drawing, Home, Values
from webapp.dashboard.frame import page, rendered
from webapp.dashboard.plots import Chart, Line
from webapp.operations import Call

blueprint = Blueprint("simulation", __name__)

HOME = Home(
    "Simulation", "What happens next, and what a change would make of it", "simulation.show_latest", "jobs:read"
)
KINDS = ("simulation.run", "simulation.compare", "simulation.calibrate")
LATEST = 10
MOST_CHARTS = 12
SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js", "frames.js")
_SCENARIO, _MEASURED = 1, 2
_COLORS = (7, 1, 2, 3, 4, 5, 6, 8)
"""The baseline's, then the scenarios'."""

Rows = Sequence[Mapping[str, Any]]


@page(blueprint, "GET /workloads/simulation", "jobs:read")
def show_latest(call: Call) -> Response:
    """Show the models that are here, and the latest runs, comparisons and calibrations."""
    with call.database.statements() as session:
        found = [
            job
            for kind in KINDS
            for job in listing.list_jobs(
                session, call.principal.tenant_id, JobFilter(kind=kind), limit=LATEST, brief=True
            ).rows
        ]
    latest = sorted(found, key=lambda job: job.created_at, reverse=True)[:LATEST]
    models = [(name, examples.read(name)["summary"]) for name in examples.names()]
    return rendered("views/simulation_home.html", latest=latest, models=models)


def draw_run(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a run: each value's bands, the frames, what happened."""
    frames = result["frames"]
    names = [one["name"] for one in result["series"] if frames and one["name"] in frames[0]["values"]]
    return {
        "charts": [band_chart(result, one, _SCENARIO) for one in result["series"][:MOST_CHARTS]],
        "more": max(0, len(result["series"]) - MOST_CHARTS),
        "frames": frames,
        "names": names,
        "frames_json": json.dumps({"names": names, "frames": frames}).replace("<", "\\u003c"),
        "happened": [_told(event) for event in result["events"]],
    }


def draw_comparison(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a comparison: all medians together, and each scenario's differences as bands."""
    middle = len(result["percentiles"]) // 2
    sides = [result["base"], *result["scenarios"]]
    medians = [
        Chart(
            _title(one),
            one["unit"] or "",
            result["times"],
            [
                Line(side["name"], side["series"][place]["bands"][middle], _color(number))
                for number, side in enumerate(sides)
            ],
            by_time=False,
            at_name=_at(result),
        )
        for place, one in enumerate(result["base"]["series"][:MOST_CHARTS])
    ]
    changes = [
        (scenario, [band_chart(result, one, _color(number)) for one in scenario["differences"][:MOST_CHARTS]])
        for number, scenario in enumerate(result["scenarios"], 1)
    ]
    return {"medians": medians, "changes": changes, "last": middle}


def draw_fit(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a calibration: what was measured beside what the model says."""
    return {
        "charts": [
            Chart(
                _title(one),
                "",
                result["times"],
                [Line("measured", one["measured"], _MEASURED, dashed=True), Line("model", one["fitted"], _SCENARIO)],
                by_time=False,
                at_name=_at(result),
            )
            for one in result["series"]
        ]
    }


DRAWINGS = {
    "simulation.run": Drawing("views/simulation_run.html", draw_run, SCRIPTS),
    "simulation.compare": Drawing("views/simulation_compare.html", draw_comparison, SCRIPTS),
    "simulation.calibrate": Drawing("views/simulation_calibrate.html", draw_fit, SCRIPTS),
}


def band_chart(result: Mapping[str, Any], one: Mapping[str, Any], color: int) -> Chart:
    """Draw one value: the middle percentile as a line, the others as bands around it, the widest first."""
    levels, bands = result["percentiles"], one["bands"]
    middle = len(levels) // 2
    lines = [Line(f"{100 * levels[middle]:g} %", bands[middle], color)]
    pairs = []
    for low in range(middle):
        high = len(levels) - 1 - low
        pairs.append((len(lines) + 1, len(lines)))
        lines += [Line(f"{100 * levels[place]:g} %", bands[place], color, dashed=True) for place in (low, high)]
    return Chart(
        _title(one), one["unit"] or "", result["times"], lines, by_time=False, bands=pairs, at_name=_at(result)
    )


def _title(one: Mapping[str, Any]) -> str:
    return str(one["name"]).replace("_", " ")


def _color(number: int) -> int:
    return _COLORS[number] if number < len(_COLORS) else _COLORS[1 + (number - 1) % (len(_COLORS) - 1)]


def _at(result: Mapping[str, Any]) -> str:
    return str(result["time_unit"] or "time").capitalize()


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    return {**event, "percent": 100 * event["share"]}
