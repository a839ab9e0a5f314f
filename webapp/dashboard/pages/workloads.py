"""Workloads: what the platform computes, by family, and the pages that some families have of their own."""

from collections import Counter

from flask import Blueprint, Response

from webapp.dashboard.frame import page, rendered
from webapp.dashboard.gallery import homes
from webapp.operations import Call

blueprint = Blueprint("workloads", __name__)


@page(blueprint, "GET /workloads", "jobs:read")
def list_workloads(call: Call) -> Response:
    """Show the workloads."""
    counted = Counter(kind.name.partition(".")[0] for kind in call.process.catalogue)
    first = {name: home for name, home in homes().items() if call.principal.may(home.permission)}
    return rendered("workloads.html", homes=first, counted=counted)
