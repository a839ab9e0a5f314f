"""What steps of a workflow take from each other: values and artifacts, checked before they are used."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row

from core.canonical import MAX_DEPTH
from core.catalogue import Catalogue
from core.database import Database
from core.jobs import resolution, settling
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.platform.access import Role
from tests.conftest import make_principal
from tests.integration.jobs.conftest import Graph

Act = Callable[..., None]
RowOf = Callable[[UUID], Row[Any]]


def test_a_diamond_hands_its_values_down(start: Callable[..., Graph], succeed: Act, settle: Act, row: RowOf) -> None:
    graph = start(
        {
            "a": {},
            "b": {"params": {"own": 1}, "params_from": {"/x": "a#/deep/0", "/nested/y": "a#/n"}},
            "c": {"params_from": {"/all": "a#"}},
            "d": {"after": ["b"], "params_from": {"": "c#"}},
        }
    )
    assert graph.states == {"a": "queued", "b": "waiting", "c": "waiting", "d": "waiting"}
    before = row(graph.jobs["b"]).params_hash
    succeed(graph.jobs["a"], {"deep": [{"k": 1.5}], "n": None})
    settle()
    assert row(graph.jobs["b"]).params == {"own": 1, "x": {"k": 1.5}, "nested": {"y": None}}
    assert row(graph.jobs["b"]).params_hash != before
    assert row(graph.jobs["c"]).params == {"all": {"deep": [{"k": 1.5}], "n": None}}
    assert graph.read().standing.fraction == 0.25
    succeed(graph.jobs["c"], {"from": "c"})
    settle()
    assert graph.states["d"] == "waiting"
    succeed(graph.jobs["b"])
    settle()
    assert (graph.states["d"], row(graph.jobs["d"]).params) == ("queued", {"from": "c"})
    succeed(graph.jobs["d"])
    assert (graph.read().standing.state, graph.read().standing.fraction) == ("succeeded", 1.0)


def test_a_value_that_cannot_be_had_fails_the_job_and_says_why(
    start: Callable[..., Graph], succeed: Act, fail: Act, settle: Act, row: RowOf
) -> None:
    graph = start(
        {
            "a": {},
            "failing": {"allow_failure": True},
            "astray": {"params_from": {"/x": "a#/nothing/there"}},
            "without": {"params_from": {"/x": "failing#/n"}},
        }
    )
    succeed(graph.jobs["a"], {"n": 1})
    fail(graph.jobs["failing"])
    settle()
    astray, without = (row(graph.jobs[name]).error for name in ("astray", "without"))
    assert (astray["code"], without["code"]) == ("dependency_failed", "dependency_failed")
    assert astray["message"] == "params/x cannot be had from a#/nothing/there: its result has nothing there"
    assert without["message"] == "params/x cannot be had from failing#/n: the job failed"


def test_a_value_that_does_not_fit_fails_the_job_naming_place_and_source(
    start: Callable[..., Graph], succeed: Act, settle: Act, row: RowOf
) -> None:
    sleep = {"kind": "platform.sleep", "params_from": {"/seconds": "a#/n"}}
    graph = start({"a": {}, "good": sleep, "bad": {**sleep, "params_from": {"/seconds": "a#/bad"}}})
    succeed(graph.jobs["a"], {"n": 1, "bad": "long"})
    settle()
    assert (graph.states["good"], row(graph.jobs["good"]).params) == ("queued", {"seconds": 1})
    error = row(graph.jobs["bad"]).error
    assert error["code"] == "params_invalid"
    assert error["message"] == "/params/seconds: Not a valid number. (from a#/bad)"


def test_results_may_not_bring_more_than_a_request_may(
    start: Callable[..., Graph], succeed: Act, settle: Act, row: RowOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolution, "LARGEST_PARAMS_BYTES", 100)
    graph = start(
        {"a": {}, "in": {"params_from": {"/x": "a#/x"}}, "out": {"params_from": {"/x": "a#/x", "/n": "a#/n"}}}
    )
    succeed(graph.jobs["a"], {"x": "x" * 98, "n": 1})
    settle()
    assert (graph.states["in"], graph.states["out"]) == ("queued", "failed")
    assert "results bring more than" in row(graph.jobs["out"]).error["message"]


def test_a_result_cannot_lend_a_permission(
    start: Callable[..., Graph], database: Database, succeed: Act, settle: Act, row: RowOf
) -> None:
    steps = {"a": {}, "b": {"kind": "platform.fail", "params_from": {"/error": "a#/error"}}}
    for role, ends in ((Role.SUBMITTER, "failed"), (Role.OPERATOR, "queued")):
        graph = start(steps, make_principal(database, "team", role))
        succeed(graph.jobs["a"], {"error": "crash"})
        settle()
        assert graph.states["b"] == ends
        assert ends == "queued" or row(graph.jobs["b"]).error["code"] == "permission_missing"


def test_results_may_nest_params_only_so_deep(
    start: Callable[..., Graph], succeed: Act, settle: Act, row: RowOf
) -> None:
    graph = start({"a": {}, "in": {"params_from": {"/x": "a#"}}, "out": {"params_from": {"/x/x": "a#"}}})
    succeed(graph.jobs["a"], nested(MAX_DEPTH - 1))
    settle()
    assert (graph.states["in"], graph.states["out"]) == ("queued", "failed")
    error = row(graph.jobs["out"]).error
    assert (error["code"], "levels of nesting" in error["message"]) == ("params_invalid", True)


def test_a_chain_that_nests_ever_deeper_ends_with_an_error_of_its_own(
    start: Callable[..., Graph], station: Station, catalogue: Catalogue, settle: Act
) -> None:
    names = [f"s{number}" for number in range(10)]
    steps = {name: {"params_from": {"/x" * 32: f"{before}#"}} for before, name in pairwise(names)}
    graph = start({names[0]: {"params": nested(60)}, **steps})
    echo = catalogue.find("platform.echo")
    for name in names:
        execute(station, echo, lambda params, _context: dict(params), graph.jobs[name])
        settle()
    assert [graph.states[name] for name in names] == [*["succeeded"] * 5, *["failed"] * 5]


def test_a_kind_that_stumbles_over_a_value_fails_the_job_and_nobody_else(
    start: Callable[..., Graph], succeed: Act, database: Database, catalogue: Catalogue, row: RowOf
) -> None:
    def stumble(params: Any) -> str:
        return "jobs:submit" if params["x"] + 1 else ""

    graph = start({"a": {}, "bad": {"params_from": {"/x": "a#/text"}}, "good": {"params_from": {"/x": "a#/number"}}})
    succeed(graph.jobs["a"], {"text": "one", "number": 1})
    kinds = {"platform.echo": replace(catalogue.find("platform.echo"), permission=stumble)}
    with database.transaction() as session:
        settling.settle_batch(session, kinds)
    assert (graph.states["good"], graph.states["bad"]) == ("queued", "failed")
    error = row(graph.jobs["bad"]).error
    assert (error["code"], error["message"].startswith("TypeError: ")) == ("params_invalid", True)


def test_an_artifact_is_handed_down_by_its_name(
    start: Callable[..., Graph], station: Station, catalogue: Catalogue, settle: Act, row: RowOf
) -> None:
    def compute(_params: Any, context: JobContext) -> dict[str, Any]:
        context.save_artifact("table.csv", b"1,2", "text/csv")
        return {"artifacts": {"mine": 1}}

    graph = start(
        {
            "a": {},
            "named": {"params_from": {"/t": "a#/artifacts/table.csv"}},
            "only": {"params_from": {"/t": "a#/artifact"}},
            "member": {"params_from": {"/t": "a#/artifacts/mine"}},
            "astray": {"params_from": {"/t": "a#/artifacts/other.csv"}},
        }
    )
    execute(station, catalogue.find("platform.echo"), compute, graph.jobs["a"])
    settle()
    given = {name: row(graph.jobs[name]).params.get("t") for name in ("named", "only", "member")}
    assert given["named"] == given["only"]
    assert row(graph.jobs["named"]).inputs == [UUID(given["named"]["artifact"])]
    assert given["member"] == 1
    assert graph.states["astray"] == "failed"


def test_a_result_that_names_an_artifact_that_is_not_there_fails_the_job(
    start: Callable[..., Graph], succeed: Act, settle: Act, row: RowOf
) -> None:
    graph = start({"a": {}, "b": {"params_from": {"/t": "a#/t"}}})
    succeed(graph.jobs["a"], {"t": {"artifact": "nonsense"}})
    settle()
    assert row(graph.jobs["b"]).error["code"] == "artifact_unknown"


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"x": value}
    return value
