"""Workflows on real rows: failures held or let through, all cancelled, all tried again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, func

from core.database import Database
from core.jobs import retrying, workflows
from core.jobs.workflows import NothingToRetry, WorkflowFinal, WorkflowMissing
from core.platform.access import Principal, Role
from tests.conftest import make_principal
from tests.integration.jobs.conftest import Graph

Act = Callable[..., None]
RowOf = Callable[[UUID], Row[Any]]


def test_a_failure_fails_what_comes_after_and_nothing_else(
    start: Callable[..., Graph], succeed: Act, fail: Act, settle: Act, row: RowOf
) -> None:
    graph = start({"a": {}, "b": {"after": ["a"]}, "c": {"after": ["b"]}, "free": {}})
    fail(graph.jobs["a"])
    settle()
    assert graph.states == {"a": "failed", "b": "failed", "c": "failed", "free": "queued"}
    errors = [row(graph.jobs[name]).error for name in "bc"]
    assert [error["code"] for error in errors] == ["dependency_failed"] * 2
    assert errors[0]["message"] == f"the job a ({graph.jobs['a']}, platform.echo) failed: no_water"
    assert graph.read().standing.state == "running"
    succeed(graph.jobs["free"])
    assert graph.read().standing.state == "failed"


@pytest.mark.parametrize("tolerant", ["parent", "child"])
def test_an_allowed_failure_is_no_reason_not_to_go_on(
    start: Callable[..., Graph], succeed: Act, fail: Act, settle: Act, tolerant: str
) -> None:
    graph = start(
        {
            "parent": {"allow_failure": tolerant == "parent"},
            "child": {"after": ["parent"], "allow_failure": tolerant == "child"},
        }
    )
    fail(graph.jobs["parent"])
    settle()
    assert graph.states == {"parent": "failed", "child": "queued"}
    succeed(graph.jobs["child"])
    assert graph.read().standing.state == ("succeeded" if tolerant == "parent" else "failed")


def test_a_cancelled_workflow_is_cancelled_altogether(
    start: Callable[..., Graph], take: Callable[..., Any], settle: Act, row: RowOf
) -> None:
    graph = start({"runs": {}, "a": {}, "b": {"after": ["a", "runs"]}})
    take(graph.jobs["runs"])
    graph.change(workflows.cancel)
    assert graph.states == {"runs": "running", "a": "cancelled", "b": "cancelled"}
    assert row(graph.jobs["runs"]).cancel_requested_at is not None
    assert graph.read().standing.state == "running"


def test_a_final_workflow_is_not_cancelled_nor_a_good_one_tried_again(
    start: Callable[..., Graph], succeed: Act, database: Database
) -> None:
    graph = start({"a": {}})
    succeed(graph.jobs["a"])
    with pytest.raises(WorkflowFinal):
        graph.change(workflows.cancel)
    with pytest.raises(NothingToRetry):
        graph.change(workflows.retry)
    stranger = make_principal(database, "stranger", Role.ADMIN)
    with pytest.raises(WorkflowMissing), database.transaction() as session:
        workflows.cancel(session, stranger.tenant_id, graph.id)


def test_a_retried_workflow_goes_on_where_it_failed(
    start: Callable[..., Graph], succeed: Act, fail: Act, settle: Act, row: RowOf
) -> None:
    graph = start({"a": {}, "b": {"after": ["a"]}, "c": {"params_from": {"/n": "b#/n"}}, "d": {"after": ["c"]}})
    succeed(graph.jobs["a"])
    settle()
    fail(graph.jobs["b"])
    settle()
    assert graph.read().standing.state == "failed"
    graph.change(workflows.retry)
    assert graph.states == {"a": "succeeded", "b": "waiting", "c": "waiting", "d": "waiting"}
    settle()
    assert graph.states == {"a": "succeeded", "b": "queued", "c": "waiting", "d": "waiting"}
    succeed(graph.jobs["b"], {"n": 2})
    settle()
    assert row(graph.jobs["c"]).params == {"n": 2}
    succeed(graph.jobs["c"])
    settle()
    succeed(graph.jobs["d"])
    assert graph.read().standing.state == "succeeded"


def test_once_a_failed_step_succeeds_those_after_it_can_be_tried_again_one_by_one(
    start: Callable[..., Graph], succeed: Act, fail: Act, settle: Act, database: Database, admin: Principal
) -> None:
    def retry(name: str) -> None:
        with database.transaction() as session:
            retrying.retry(session, admin.tenant_id, graph.jobs[name])

    graph = start({"a": {}, "b": {"after": ["a"]}})
    fail(graph.jobs["a"])
    settle()
    retry("a")
    succeed(graph.jobs["a"])
    settle()
    assert graph.states == {"a": "succeeded", "b": "failed"}
    retry("b")
    settle()
    assert graph.states["b"] == "queued"


def test_states_of_a_whole_go_by_causes(start: Callable[..., Graph], put: Act) -> None:
    names = ("one", "other")
    inherited = {"code": "dependency_failed"}
    for ends, whole in (
        ({"one": "succeeded", "other": "cancelled"}, "cancelled"),
        ({"one": "cancelled", "other": "failed"}, "failed"),
        ({"one": "expired", "other": "succeeded"}, "failed"),
        ({"one": "succeeded", "other": "running"}, "running"),
    ):
        graph = start({name: {} for name in names})
        for name, state in ends.items():
            put(graph.jobs[name], state=state, finished_at=func.now())
        assert graph.read().standing.state == whole
    put(graph.jobs["one"], state="cancelled")
    put(graph.jobs["other"], state="failed", error=inherited)
    assert graph.read().standing.state == "cancelled"
    put(graph.jobs["one"], state="succeeded")
    assert graph.read().standing.state == "failed"


def test_a_step_waits_for_jobs_outside_too(
    start: Callable[..., Graph], submit_job: Callable[..., UUID], succeed: Act, settle: Act
) -> None:
    outside = submit_job("platform.echo", {})
    graph = start({"a": {}, "b": {"after": ["a"], "depends_on": [outside]}})
    succeed(graph.jobs["a"])
    settle()
    assert graph.states["b"] == "waiting"
    succeed(outside)
    settle()
    assert graph.states["b"] == "queued"


def test_a_long_chain_falls_at_once_and_is_tried_again(start: Callable[..., Graph], fail: Act, settle: Act) -> None:
    steps = {"s0": {}, **{f"s{number}": {"after": [f"s{number - 1}"]} for number in range(1, 200)}}
    graph = start(steps)
    fail(graph.jobs["s0"])
    settle()
    assert set(graph.states.values()) == {"failed"}
    graph.change(workflows.retry)
    assert graph.read().standing.counts == {"queued": 1, "waiting": 199}


def test_many_settle_at_once_and_every_step_is_queued_once(
    start: Callable[..., Graph], succeed: Act, settle: Act, at_once: Callable[..., list[Any]], row: RowOf
) -> None:
    layers = [[f"{layer}.{number}" for number in range(6)] for layer in range(4)]
    graph = start(
        {
            name: {"params_from": {f"/{parent}": f"{parent}#/n" for parent in (layers[depth - 1] if depth else ())}}
            for depth, layer in enumerate(layers)
            for name in layer
        }
    )
    for layer in layers:
        assert {graph.states[name] for name in layer} == {"queued"}
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda name: succeed(graph.jobs[name], {"n": name}), layer))
        at_once(settle, 3)
    assert row(graph.jobs["3.0"]).params == {name: name for name in layers[2]}
    assert row(graph.jobs["3.0"]).version == 4
