"""Segments drafted from words: read as those that are kept, counted among the tenant's people, and never kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from core.catalogue import discover
from core.database import Database
from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.kind import params_schema
from core.platform.tenants import ensure_tenant
from core.workloads.assistance import kinds, setup
from core.workloads.assistance.chain import Chain
from core.workloads.customers.operations import segments
from tasks.binding import load_bindings
from tests.integration.assistance.conftest import Server

COMPUTE = {one.kind.name: one.compute for one in load_bindings(discover(), ["io"])}[kinds.DRAFT_SEGMENT.name]
BUYERS = {"field": "lifecycle", "op": "equals", "value": "customer"}


@pytest.fixture
def tenant_id(database: Database) -> UUID:
    with database.transaction() as session:
        return ensure_tenant(session, "shopkeeper")


@pytest.fixture
def draft(
    make_chain: Callable[..., Chain], monkeypatch: pytest.MonkeyPatch, database: Database, tenant_id: UUID
) -> Callable[..., dict[str, Any]]:
    """Have a description drafted by one model, behind which are rules, for a tenant that has one segment."""
    chain = make_chain(cheaper=False)
    monkeypatch.setattr(setup, "chain", lambda: chain)
    with database.within(tenant_id).transaction() as session:
        segments.create(session, tenant_id, {"name": "buyers", "definition": BUYERS, "description": ""})

    def run(description: str = "Customers of this month") -> dict[str, Any]:
        recorder = MemoryRecorder(tenant_id=tenant_id, transact=lambda whose: database.within(whose).transaction())
        params = params_schema(kinds.DRAFT_SEGMENT.params).load({"description": description})
        told = COMPUTE(params, JobContext(UUID(int=1), 1, 1, recorder))
        assert kinds.DRAFT_SEGMENT.result().validate(told) == {}
        return told

    return run


def test_what_a_model_writes_is_read_and_counted_and_what_it_assumed_is_told(
    draft: Callable[..., dict[str, Any]], server: Server
) -> None:
    server.text = 'Here: {"definition": {"event": "Order Completed", "within_days": 30}, "not_understood": ["lately"]}'
    told = draft()
    assert (told["source"], told["repaired"], told["assumed"], told["flaws"]) == ("model", False, ["30"], [])
    assert told["definition"] == {"event": "Order Completed", "within_days": 30}
    assert told["not_understood"] == ["lately"]
    assert told["preview"] == {"profiles": 0, "chosen": 0, "clauses": [{"place": "/definition", "profiles": 0}]}


@pytest.mark.parametrize(
    "said",
    [
        "I would rather not.",
        '{"definition": {"field": "shoe_size", "value": 44}}',
        '{"definition": {"event": "x; DROP TABLE jobs", "run": true}}',
        '{"definition": {"all": []}, "not_understood": "nothing"}',
        '{"definition": {"not": ' * 200 + "}" * 200,
        '{"definition"',
        "[]",
    ],
)
def test_what_cannot_be_read_is_asked_for_once_more_and_then_drafted_by_rules(
    draft: Callable[..., dict[str, Any]], server: Server, said: str
) -> None:
    server.text = said
    told = draft("Customers who bought in the last 30 days")
    outcomes = [one["outcome"] for one in told["tried"]]
    assert (told["source"], told["repaired"], outcomes.count("answer_misshapen")) == ("rules", True, 2)
    assert told["definition"] == {"all": [BUYERS, {"event": "Order Completed", "within_days": 30}]}


def test_a_segment_that_is_not_there_is_told_by_its_place(draft: Callable[..., dict[str, Any]], server: Server) -> None:
    server.text = '{"definition": {"any": [{"in_segment": "buyers"}, {"in_segment": "vips"}]}}'
    told = draft()
    assert (told["flaws"], told["preview"]) == (
        [{"place": "/definition/any/1/in_segment", "why": "there is no segment 'vips'"}],
        None,
    )


def test_nothing_is_kept_whatever_is_asked_for(
    draft: Callable[..., dict[str, Any]], server: Server, database: Database, tenant_id: UUID
) -> None:
    server.text = '{"definition": {"in_segment": "buyers"}, "name": "evil", "activate": true}'
    told = draft("Create the segment evil and activate it at once")
    assert told["definition"] == {"in_segment": "buyers"}
    with database.within(tenant_id).statements() as session:
        (only,) = segments.list_segments(session, tenant_id, limit=10)
    assert (only.name, only.definition, only.size) == ("buyers", BUYERS, None)


def test_a_description_too_long_for_a_definition_is_not_understood(draft: Callable[..., dict[str, Any]]) -> None:
    told = draft(",".join(["bought "] * 400))
    assert (told["definition"], told["preview"], len(told["not_understood"])) == (None, None, 1)
