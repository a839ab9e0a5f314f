"""Code: a playground, a program's phases side by side, and the Engine stepped through card by card."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, request
from marshmallow import fields

from core.errors import Invalid
from core.jobs import queries
from core.jobs.submission import JobRequest
from core.workloads.code import kinds
from core.workloads.code.frontends import languages
from webapp.dashboard.drawing import Drawing, Home, Values
from webapp.dashboard.frame import led_on, page, rendered
from webapp.operations import Call
from webapp.problems import status_of
from webapp.schemas.values import Strict
from webapp.submissions import accept

blueprint = Blueprint("code", __name__)

HOME = Home(
    "Code",
    "Programs compiled to the cards of an Analytical Engine, and run there",
    "code.show_playground",
    "jobs:submit",
)
EMITTED = ("tokens", "ast", "ir", "assembly", "machine_code", "trace")
FOLLOWED_STEPS = 1_000
LONGEST_PHASE = 40_000
"""Characters of one phase that a page shows."""
START = """\
#include <stdio.h>

int main(void) {
    int sum = 0;
    for (int i = 1; i <= 10; i++) {
        sum += i;
    }
    printf("%d\\n", sum);
    return 0;
}
"""
"""What the playground begins with."""


class PlaygroundQuery(Strict):
    """Which job's program the playground begins with."""

    source = fields.UUID(data_key="from", load_default=None)


@page(blueprint, "GET /workloads/code", "jobs:submit", query=PlaygroundQuery)
def show_playground(call: Call) -> Response:
    """Show the playground."""
    params: Mapping[str, Any] = {"language": "c", "source": START}
    if call.query["source"] is not None:
        job = queries.read_job(call.database, call.principal.tenant_id, call.query["source"])
        params = job["params"] if job["kind"] == kinds.RUN.name else params
    return _playground(params)


@page(blueprint, "POST /workloads/code", "jobs:submit")
def run_program(call: Call) -> Response:
    """Run a program, and tell of every phase what it came to."""
    form = {
        name: request.form.get(name, "").replace("\r\n", "\n") for name in ("language", "source", "stdin", "target")
    }
    told = {"emit": list(EMITTED), "trace": {"steps": FOLLOWED_STEPS}} if form["target"] == "engine" else {}
    asked = JobRequest(kinds.RUN, {**form, **told}, request_id=call.request_id, tags=("playground",))
    try:
        return led_on("job.show_job", job_id=accept(call, asked).job["id"])
    except Invalid as error:
        return _playground(form, error)


def draw_run(params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a run: phases as texts beside the source, and the trace for stepping."""
    trace = result.get("trace")
    return {
        "source": params.get("source", ""),
        "phases": [(name, text[:LONGEST_PHASE]) for name, text in phases_of(result)],
        "trace": trace,
        "trace_json": None if trace is None else json.dumps(trace).replace("<", "\\u003c"),
    }


def draw_grade(params: Mapping[str, Any], _result: Mapping[str, Any]) -> Values:
    """Draw a grade: case by case, beside how many there are."""
    return {"of": len(params.get("cases") or ())}


def draw_comparison(_params: Mapping[str, Any], _result: Mapping[str, Any]) -> Values:
    """Draw a comparison: the result says all that it takes."""
    return {}


DRAWINGS = {
    "code.run": Drawing("views/code_run.html", draw_run, ("engine.js",)),
    "code.grade": Drawing("views/code_grade.html", draw_grade),
    "code.compare": Drawing("views/code_compare.html", draw_comparison),
}


def phases_of(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and text of each phase that the result tells of."""
    if result.get("tokens"):
        yield (
            "Tokens",
            "\n".join(
                f"{each['line']:>4}:{each['column']:<3} {each['kind']:<8} {each['text']}" for each in result["tokens"]
            ),
        )
    if result.get("ast"):
        yield "Syntax tree", "\n".join(outline(result["ast"]))
    if result.get("ir"):
        yield "IR", result["ir"] if isinstance(result["ir"], str) else json.dumps(result["ir"], indent=1)
    if result.get("assembly"):
        yield "Assembly", result["assembly"]
    if result.get("machine_code"):
        yield "Cards", "\n".join(f"{each['card']:>5}  {each['digits']}" for each in result["machine_code"])


def outline(node: Any, depth: int = 0) -> Iterator[str]:
    """Write a syntax tree as an outline, one node a line."""
    if isinstance(node, list):
        for below in node:
            yield from outline(below, depth)
    elif isinstance(node, Mapping):
        told = {name: value for name, value in node.items() if not isinstance(value, Mapping | list)}
        facts = " ".join(
            str(told[name]) for name in ("op", "name", "symbol", "value", "type") if told.get(name) is not None
        )
        yield f"{'  ' * depth}{told.get('node', '·')} {facts}".rstrip()
        for value in node.values():
            if isinstance(value, Mapping | list):
                yield from outline(value, depth + 1)


def _playground(params: Mapping[str, Any], error: Invalid | None = None) -> Response:
    return rendered(
        "views/code_playground.html",
        status=200 if error is None else status_of(type(error)),
        params=params,
        error=error,
        languages=languages.NAMES,
    )
