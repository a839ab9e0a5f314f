"""Windows: domains with their latest windows as series, and how far they have drifted."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, request

from core.errors import FieldError
from core.jobs import artifacts, orphans, quotas
from core.jobs.submission import JobRequest
from core.platform.domains import drift, windows
from core.workloads.windows import domains
from core.workloads.windows.params import CONSTANT, IMPORT_FORMATS
from webapp.dashboard.drawing import Drawing, Home, Values
from webapp.dashboard.frame import led_on, page, rendered
from webapp.dashboard.plots import Chart, Line
from webapp.operations import Call
from webapp.parsing import FieldsInvalid
from webapp.submissions import accept

blueprint = Blueprint("windows", __name__)

HOME = Home("Windows", "Domains: series that go on, and whether they drift", "windows.list_domains", "domains:read")
SCRIPTS = ("vendor/uPlot.iife.min.js", "charts.js")
LISTED = 100
CHARTS = 12
"""Of how many variables a page draws the series."""


def draw_profile(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw a profile: the spread of each variable, and its drift."""
    return {"variables": result["variables"], "drifted": set(result["drifted"])}


def draw_import(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw what was read of a file: each column, and what stands in the way of finding causes."""
    return {"warned": {one["column"]: one for one in result["warnings"]}}


DRAWINGS = {
    "windows.profile": Drawing("views/windows_profile.html", draw_profile),
    "windows.import": Drawing("views/windows_import.html", draw_import),
}


@page(blueprint, "GET /workloads/windows", "domains:read")
def list_domains(call: Call) -> Response:
    """List the domains."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        rows = domains.list_domains(session, tenant_id, limit=LISTED)
        scores = {row.id: _score(domains.read_standing(session, tenant_id, row.id)) for row in rows}
    largest = call.process.settings.max_body_bytes
    return rendered("views/windows_home.html", domains=rows, scores=scores, constant=CONSTANT, largest=largest)


@page(blueprint, "GET /workloads/windows/<uuid:domain_id>", "domains:read")
def show_domain(call: Call, domain_id: Any) -> Response:
    """Show a domain: its latest windows as series of means and spreads."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        domain = domains.get_domain(session, tenant_id, str(domain_id))
        standing = domains.read_standing(session, tenant_id, domain.id)
        latest = windows.list_latest(session, tenant_id, domain.id)
        figures = windows.count(session, tenant_id, domain.id)
    return rendered(
        "views/windows_domain.html",
        domain=domain,
        score=_score(standing),
        latest=latest,
        figures=figures,
        charts=[_chart(name, latest) for name in domain.variables[:CHARTS]] if len(latest) > 1 else [],
        scripts=SCRIPTS,
    )


@page(blueprint, "POST /workloads/windows", "jobs:submit")
def upload_file(call: Call) -> Response:
    """Have a file's rows read as a series of their own; its job tells what is wrong, or what was read."""
    call.principal.require("artifacts:write")
    file, form, tenant_id = request.files.get("file"), request.form, call.principal.tenant_id
    if file is None or not file.filename:
        raise FieldsInvalid(errors=[FieldError("/file", "Choose a file.")])
    ending = file.filename.rpartition(".")[2].lower()
    stored = call.process.storage.put(cast("BinaryIO", file.stream), limit=call.process.settings.max_body_bytes)
    with call.database.transaction() as session:
        orphans.hold(session, call.process.storage, stored.sha256)
        kept = artifacts.record_upload(
            session, tenant_id, name="upload", content_type="application/octet-stream", stored=stored
        )
        call.hold_to_quotas(session, quotas.BYTES)
    params = {
        "file": {"artifact": str(kept)},
        "format": ending if ending in IMPORT_FORMATS else "csv",
        "constant": form.get("constant", "keep"),
        "drop": [one.strip() for one in form.get("drop", "").split(",") if one.strip()],
    }
    return _submitted(call, "windows.import", params)


@page(blueprint, "POST /workloads/windows/causes/<uuid:job_id>", "jobs:submit")
def find_causes(call: Call, job_id: UUID) -> Response:
    """Look for causes in the series that an import left."""
    with call.database.statements() as session:
        series = artifacts.get_job_artifact(session, call.principal.tenant_id, job_id, "series.arrow")
    return _submitted(call, "causal.discover", {"series": {"artifact": str(series.id)}})


def _submitted(call: Call, kind: str, params: Mapping[str, Any]) -> Response:
    asked = JobRequest(call.process.catalogue.find(kind), params, request_id=call.request_id)
    return led_on("job.show_job", "submitted", job_id=accept(call, asked).job["id"])


def _score(standing: Any) -> float | None:
    return None if standing is None else drift.score(standing.drift)


def _chart(name: str, latest: list[Any]) -> Chart:
    """Draw a variable's mean with the quantiles around it, window by window."""
    told = [row.summary.get(name, {}) for row in latest]
    lines = [
        Line("mean", [one.get("mean") for one in told], 1),
        Line("5 %", [one.get("q05") for one in told], 7, dashed=True),
        Line("95 %", [one.get("q95") for one in told], 7, dashed=True),
    ]
    return Chart(name, "", [float(row.number) for row in latest], lines, by_time=False)
