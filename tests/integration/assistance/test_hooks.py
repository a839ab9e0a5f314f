"""Hooks before a text leaves: consent and class of data, held and released, each verdict in the audit trail."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.database import Database
from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.execution import Station, execute
from core.jobs.kind import params_schema
from core.platform.access import PERMISSIONS, Role
from core.platform.tenants import ensure_tenant
from core.workloads.assistance import answering, kinds, orchestrating, setup
from core.workloads.assistance.chain import Chain
from core.workloads.customers.contacts import Contact
from core.workloads.customers.operations import consents
from tasks.workloads.assistance import run_complete
from tests.integration.assistance.conftest import Server

ASKED = {"instruction": "Why?", "text": "The breaker tripped."}
GATE = [("consent", "allow"), ("data_class", "allow")]
TRAIL = "SELECT outcome, target, data FROM audit_entries WHERE action = 'assistance.governance'"


@pytest.fixture(autouse=True)
def models(make_chain: Callable[..., Chain], monkeypatch: pytest.MonkeyPatch) -> None:
    chain = make_chain(cheaper=False)
    monkeypatch.setattr(setup, "chain", lambda: chain)
    setup.policy.cache_clear()


def complete(recorder: MemoryRecorder, **params: Any) -> dict[str, Any]:
    loaded = params_schema(kinds.COMPLETE.params).load({**ASKED, **params})
    return answering.complete(loaded, JobContext(UUID(int=1), 1, 1, recorder))


def verdicts(recorder: MemoryRecorder) -> tuple[str, list[tuple[str, str]]]:
    """Return what the one entry of the trail says."""
    ((_, outcome, data),) = recorder.audited
    return outcome, [(one["hook"], one["verdict"]) for one in data["verdicts"]]


@pytest.mark.parametrize("data_class", ["public", "internal"])
def test_what_is_free_leaves_and_the_trail_says_so(data_class: str, server: Server) -> None:
    recorder = MemoryRecorder()
    assert complete(recorder, data_class=data_class)["source"] == "model"
    assert verdicts(recorder) == ("done", GATE)
    assert len(server.asked) == 1


def test_what_is_held_is_answered_by_rules_until_it_is_released(server: Server) -> None:
    held, released = MemoryRecorder(), MemoryRecorder()
    told = complete(held, data_class="personal")
    assert (told["source"], told["reason"]) == ("rules", "claude-sonnet-5-5: call_held")
    assert verdicts(held) == ("denied", [("consent", "allow"), ("data_class", "hold")])
    assert server.asked == []
    assert complete(released, data_class="personal", released=True)["source"] == "model"
    assert verdicts(released) == ("done", GATE)


def test_what_may_not_leave_is_not_released_by_anybody_nor_told_from_memory(server: Server) -> None:
    assert complete(MemoryRecorder(), data_class="public")["source"] == "model"
    told = complete(MemoryRecorder(), data_class="confidential", released=True)
    assert (told["source"], told["reason"]) == ("rules", "claude-sonnet-5-5: call_denied")
    assert len(server.asked) == 1


def test_the_installation_says_which_classes_may_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_ASSISTANCE_FREE_CLASSES", "public")
    monkeypatch.setenv("PENSTOCK_ASSISTANCE_HELD_CLASSES", "internal,personal")
    assert complete(MemoryRecorder())["reason"].endswith("call_held")
    assert complete(MemoryRecorder(), data_class="public")["source"] == "model"


@pytest.mark.parametrize("said", [True, 1, "true", "yes", None, []])
@pytest.mark.parametrize("kind", [kinds.COMPLETE, kinds.STEP, kinds.ORCHESTRATE, kinds.DRAFT_SEGMENT])
def test_releasing_takes_more_than_submitting_however_it_is_written(kind: Any, said: object) -> None:
    permission = kind.permission({"released": said})
    assert permission in PERMISSIONS[Role.OPERATOR] - PERMISSIONS[Role.SUBMITTER]
    assert kind.permission({"released": False}) == kind.permission({}) != permission


def test_words_about_a_person_leave_only_with_that_persons_consent(database: Database, server: Server) -> None:
    with database.transaction() as session:
        tenant_id = ensure_tenant(session, "shopkeeper")
    recorders = [
        MemoryRecorder(tenant_id=tenant_id, transact=lambda whose: database.within(whose).transaction()) for _ in "1234"
    ]
    ada = agree(database, tenant_id, granted=True)
    assert ask_about(ada, recorders[0])["source"] == "model"
    assert verdicts(recorders[0]) == ("done", GATE)
    for recorder, subject in ((recorders[1], ada + 1), (recorders[2], agree(database, tenant_id, granted=False))):
        assert ask_about(subject, recorder)["reason"].endswith("call_denied")
        assert verdicts(recorder) == ("denied", [("consent", "deny")])
    assert len(server.asked) == 1


def agree(database: Database, tenant_id: UUID, *, granted: bool) -> int:
    """Keep a word of Ada's on profiling; the number of her profile."""
    said = {"purpose": "profiling", "channel": "any", "granted": granted, "proof": {"form": 7}, "jurisdiction": "eu"}
    with database.within(tenant_id).transaction() as session:
        row = consents.record(session, tenant_id, Contact("email", "ada@example.org"), said, datetime.now(UTC))
        (_, _, profile), *_ = consents.list_consents(session, tenant_id, limit=1)
        assert row is not None
        assert profile is not None
        return profile


def ask_about(subject: int, recorder: MemoryRecorder) -> dict[str, Any]:
    params = params_schema(kinds.COMPLETE.params).load({**ASKED, "subject": subject})
    return run_complete.compute(params, JobContext(UUID(int=1), 1, 1, recorder))


def test_every_step_of_an_orchestration_is_held_like_the_whole(server: Server) -> None:
    recorder = MemoryRecorder()
    recorder.compute_shard = lambda _kind, params: orchestrating.compute_step(
        params_schema(kinds.STEP.params).load(params), JobContext(UUID(int=2), 1, 1, recorder)
    )
    asked = params_schema(kinds.ORCHESTRATE.params).load({**ASKED, "data_class": "personal"})
    told = orchestrating.orchestrate(asked, JobContext(UUID(int=1), 1, 1, recorder))
    assert {one["source"] for one in told["steps"]} == {"rules"}
    assert len(recorder.audited) == len(told["steps"]) > 1
    assert server.asked == []


def test_where_no_model_is_set_up_the_gate_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Chain([], setup.chain().budget, setup.chain().breakers)
    monkeypatch.setattr(setup, "chain", lambda: nobody)
    recorder = MemoryRecorder()
    assert complete(recorder, data_class="confidential")["reason"] == "no model is set up"
    assert recorder.audited == []


def test_the_entry_is_kept_with_the_jobs_outcome(
    station: Station, submit_job: Callable[..., UUID], database: Database
) -> None:
    job_id = submit_job(kinds.COMPLETE.name, {**ASKED, "data_class": "personal"})
    execute(station, kinds.COMPLETE, partial(answering.complete), job_id)
    with database.transaction() as session:
        ((outcome, target, data),) = session.execute(text(TRAIL)).all()
    assert (outcome, target, data["source"], data["attempt"]) == ("denied", str(job_id), "rules", 1)
    assert [one["verdict"] for one in data["verdicts"]] == ["allow", "hold"]
