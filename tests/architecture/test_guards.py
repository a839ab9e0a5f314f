"""Nobody gets past: every route is guarded or marked as public, every query is within one tenant."""

import inspect
import re
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from flask import Flask
from sqlalchemy import Table

import core.platform.keys  # noqa: F401 - for the table it declares
from core.config import Settings
from core.database import Base
from core.jobs import (
    artifacts,
    bulk,
    cancellation,
    queries,
    retrying,
    schedule_queries,
    schedules,
    selection,
    workflow_queries,
)
from core.platform.access import PERMISSIONS, Role
from core.workloads.code.operations import classes, progress, submissions
from core.workloads.customers.operations import (
    actions,
    audiences,
    campaigns,
    connections,
    consents,
    crm_links,
    figures,
    identities,
    people,
    planning,
    refreshing,
    resolving,
    scoring,
    segments,
    signals,
    sweeping,
    syncing,
    trusting,
)
from core.workloads.federated.operations import connections as gossip_connections
from core.workloads.federated.operations import federations, ledger, rounds
from core.workloads.pumping.operations import overrides, plans, prices, states
from webapp.app import create_app

PUBLIC = {
    "/",
    "/static/<name>",
    "/api/v1/health/live",
    "/api/v1/health/ready",
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/dashboard/login",
    "/dashboard/static/<path:name>",
}
PARTS = {
    *("job_events", "job_log_lines", "job_outbox", "job_settlements", "job_dependencies", "job_admissions"),
    *("workflow_steps", "schedule_runs", "trigger_runs"),
}
"""Tables of parts of a job, workflow or schedule: whoever reads them found the whole within its tenant first."""
OF_THE_PLATFORM = {
    *("tenants", "login_failures", "chores", "dropped_bytes", "queue_pauses", "concurrency_limits", "vital_counts"),
    *("toolchain_reports", "governor_reports", "governor_actions"),
}
OF_A_PART = {
    *("request_ids", "list_events", "list_log_lines", "tail_log_lines", "list_artifacts", "list_prerequisites"),
    *("list_runs", "list_steps"),
}
"""Queries of the parts of a job or schedule, which the callers ask for after they found the whole."""


@pytest.fixture(scope="module")
def app() -> Flask:
    """The app of a web process that cannot reach anything."""
    urls = ("postgresql://nobody@127.0.0.1:1/nothing", "redis://127.0.0.1:1/0", "file:///nowhere")
    return create_app(Settings(*urls, Path("/nowhere"), 8000, "json", "INFO", 1 << 20, 1 << 20, 30.0, 30, 2))


def test_every_route_says_what_it_takes(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api/", "/dashboard"))]
    assert len(rules) > 15
    unmarked = [rule.rule for rule in rules if "permission" not in vars(app.view_functions[rule.endpoint])]
    assert unmarked == []


def test_only_health_documentation_and_login_are_public(app: Flask) -> None:
    views = app.view_functions
    public = {
        rule.rule for rule in app.url_map.iter_rules() if vars(views[rule.endpoint]).get("permission", "") is None
    }
    assert {rule for rule in public - PUBLIC if not re.match(r"/api/v1/(docs|openapi\.json)", rule)} == set()


def test_every_permission_that_a_route_takes_is_held_by_somebody(app: Flask) -> None:
    taken = {vars(view).get("permission") for view in app.view_functions.values()} - {None}
    assert taken <= PERMISSIONS[Role.ADMIN]


def test_each_role_holds_more_than_the_one_before() -> None:
    held = [PERMISSIONS[role] for role in Role]
    assert all(less < more for less, more in pairwise(held))


TABLES = [table for table in Base.metadata.sorted_tables if table.name not in PARTS | OF_THE_PLATFORM]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_of_a_tenants_data_names_the_tenant(table: Table) -> None:
    assert not table.c.tenant_id.nullable


@pytest.mark.parametrize(
    "module",
    [
        *(artifacts, bulk, cancellation, queries, retrying, schedule_queries, schedules, selection, workflow_queries),
        *(overrides, plans, prices, states, federations, ledger, rounds, gossip_connections),
        *(classes, progress, submissions),
        *(
            actions,
            audiences,
            campaigns,
            connections,
            consents,
            crm_links,
            figures,
            identities,
            people,
            planning,
            refreshing,
            resolving,
            scoring,
            segments,
            signals,
            sweeping,
            syncing,
            trusting,
        ),
    ],
    ids=lambda module: module.__name__,
)
def test_whatever_a_request_reads_or_changes_is_within_its_tenant(module: ModuleType) -> None:
    public = [
        value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_")
    ]
    touching = [one for one in public if {"session", "database"} & set(inspect.signature(one).parameters)]
    assert touching
    scopes = {"tenant_id", "principal", "row", "station"}
    unscoped = {one.__name__ for one in touching if not scopes & set(inspect.signature(one).parameters)}
    assert unscoped <= OF_A_PART
