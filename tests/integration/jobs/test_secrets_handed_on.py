"""Secrets that are handed on: to shards, through workflows, by schedules."""

import hmac
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Row, text

from core.catalogue import Catalogue
from core.clock import utc_now
from core.database import Database
from core.jobs import firing, schedules, settling, workflows
from core.jobs.context import JobContext
from core.jobs.states import State
from core.jobs.submission import JobRequest, submit
from core.platform.access import Principal
from core.redaction import PLACEHOLDER
from core.workloads.platform import kinds, probes
from tests.integration.jobs.secretive import SECRET, SECRETIVE, SIGNED


def split_signing(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    shards = [{"text": text, "key": params["top"]} for text in ("hello", "world")]
    return {"signatures": [each["signature"] for each in context.map("platform.sign", shards)]}


def test_shards_have_it_and_their_parent_goes_on(
    database: Database,
    admin: Principal,
    run: Callable[..., object],
    row: Callable[[UUID], Row[Any]],
    whole_database: Callable[[], str],
    catalogue: Catalogue,
) -> None:
    with database.transaction() as session:
        job_id = submit(session, admin, JobRequest(SECRETIVE, {"top": SECRET}), clock=utc_now).job_id
    run(job_id, SECRETIVE, split_signing)
    with database.statements() as session:
        shards = session.scalars(text("SELECT id FROM jobs WHERE parent_id = :id ORDER BY id"), {"id": job_id}).all()
    for shard in shards:
        run(shard)
    with database.transaction() as session:
        settling.settle_batch(session, catalogue.kinds)
    run(job_id, SECRETIVE, split_signing)
    assert row(job_id).state == State.SUCCEEDED, row(job_id).error
    assert row(job_id).result["signatures"][0] == SIGNED
    assert SECRET not in whole_database()


def test_a_workflow_may_hand_a_secret_on(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    run: Callable[..., object],
    row: Callable[[UUID], Row[Any]],
) -> None:
    """Given one secret in the step's own params and another that its parent leaves, both reach the computation."""
    steps = {
        "find": workflows.Step(JobRequest(kinds.ECHO, {"found": SECRET})),
        "sign": workflows.Step(JobRequest(kinds.SIGN, {"text": "hello"}), params_from={"/key": "find#/found"}),
        "keep": workflows.Step(JobRequest(kinds.SIGN, {"key": SECRET}), params_from={"/text": "find#/word"}, after=()),
    }
    steps["find"] = workflows.Step(JobRequest(kinds.ECHO, {"found": SECRET, "word": "hello"}))
    with database.transaction() as session:
        workflow_id = workflows.submit(session, admin, steps, clock=utc_now).workflow_id
    with database.statements() as session:
        found = session.execute(
            text("SELECT name, job_id FROM workflow_steps WHERE workflow_id = :id"), {"id": workflow_id}
        )
        named = {step.name: step.job_id for step in found}
    run(named["find"], kinds.ECHO, probes.echo)
    with database.transaction() as session:
        settling.settle_batch(session, catalogue.kinds)
    for name in ("sign", "keep"):
        assert row(named[name]).params == {"text": "hello", "key": PLACEHOLDER}
        run(named[name])
        assert row(named[name]).result == {"signature": SIGNED}


@pytest.mark.parametrize(
    "change", [{}, {"priority": 7}, {"timeout_s": 9.0}, {"params": {"text": "world", "key": SECRET}}]
)
def test_a_schedule_keeps_it_for_its_jobs(
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
    run: Callable[..., object],
    row: Callable[[UUID], Row[Any]],
    whole_database: Callable[[], str],
    count: Callable[[str], int],
    change: Mapping[str, Any],
) -> None:
    now = utc_now()
    asked = {"kind": "platform.sign", "params": {"text": "hello", "key": SECRET}, "every_s": 60.0}
    defaults = {"priority": 5, "tags": [], "timezone": "UTC", "jitter_s": 0.0, "missed": "once", "overlap": "allow"}
    with database.transaction() as session:
        schedule_id = schedules.create(session, admin, catalogue.find, {**defaults, **asked}, now=now)
    if change:
        with database.transaction() as session:
            schedules.change(session, admin, catalogue.find, schedule_id, change, now=now)
    with database.transaction() as session:
        job_id = firing.run_now(session, admin, catalogue.find, schedule_id, now=now)
        assert firing.fire_due(session, catalogue.kinds, now=now + timedelta(seconds=61)) == 1
    assert row(job_id).params["key"] == PLACEHOLDER
    assert SECRET not in whole_database()
    run(job_id)
    signed = hmac.digest(SECRET.encode(), change.get("params", {}).get("text", "hello").encode(), "sha256").hex()
    assert row(job_id).result == {"signature": signed}
    with database.transaction() as session:
        schedules.delete(session, admin.tenant_id, schedule_id)
    assert count("sealed_params") == 2  # those of its two jobs
