"""Secrets in params reach the computation and nothing else: no row, event, log line, answer, delivery or hash."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import Schema, fields
from sqlalchemy import Row, text

from core.canonical import fingerprint
from core.catalogue import Catalogue
from core.clock import utc_now
from core.crypto import CiphertextRefused
from core.database import Database
from core.errors import Conflict
from core.jobs import firing, pruning, retrying, schedules, secret_params, settling, workflows
from core.jobs.context import JobContext
from core.jobs.execution import Station, execute
from core.jobs.idempotency import IdempotencyConflict, IdempotentRequest
from core.jobs.kind import JobKind, Params, RetryPolicy, Secret
from core.jobs.states import State
from core.jobs.submission import JobRequest, ParamsInvalid, submit
from core.platform.access import Principal
from core.platform.sealing import keys, rotation
from core.platform.webhooks import subscriptions
from core.redaction import PLACEHOLDER
from core.workloads.platform import kinds, probes

SECRET = "correct horse battery staple"
SIGNED = hmac.digest(SECRET.encode(), b"hello", "sha256").hex()
Submit = Callable[..., UUID]


class Place(Schema):
    password = Secret()


class Secretive(Params):
    """Secrets at every sort of place."""

    top = Secret()
    nested = fields.Nested(Place)
    many = fields.List(fields.Nested(Place))
    listed = fields.List(Secret())
    named = fields.Dict(fields.String(), Secret())
    word = fields.String()


class Anything(Schema):
    class Meta:
        unknown = "include"


SECRETIVE = JobKind("platform.secretive", "Has secrets everywhere.", Secretive, Anything, {}, retry=RetryPolicy(2, 0.0))


@pytest.fixture
def whole_database(database: Database) -> Callable[[], str]:
    """Write out every row of every table."""

    def dump() -> str:
        with database.statements() as session:
            tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
            return "\n".join(
                str(session.scalar(text(f"SELECT string_agg(to_jsonb(t)::text, E'\n') FROM {table} t")))
                for table in tables
            )

    return dump


@pytest.fixture
def run(station: Station, catalogue: Catalogue) -> Callable[..., object]:
    """Execute a queued job of `platform.sign`, or of another kind."""

    def execute_one(job_id: UUID, kind: JobKind = kinds.SIGN, compute: Any = probes.sign) -> object:
        known = {**catalogue.kinds, kind.name: kind}
        return execute(replace(station, kinds=known), kind, compute, job_id)

    return execute_one


def test_the_computation_has_it_and_nobody_else(
    submit_job: Submit,
    run: Callable[..., object],
    row: Callable[[UUID], Row[Any]],
    whole_database: Callable[[], str],
    database: Database,
    admin: Principal,
    catalogue: Catalogue,
) -> None:
    with database.transaction() as session:
        subscriptions.create(session, admin.tenant_id, {"url": "https://example.org/", "events": ["job.succeeded"]})
    job_id = submit_job("platform.sign", {"text": "hello", "key": SECRET})
    assert row(job_id).params == {"text": "hello", "key": PLACEHOLDER}
    run(job_id)
    with database.transaction() as session:
        settling.settle_batch(session, catalogue.kinds)
    assert (row(job_id).state, row(job_id).result) == ("succeeded", {"signature": SIGNED})
    told = whole_database()
    assert "webhook_deliveries" in told or '"url": "https://example.org/"' in told
    assert SECRET not in told


def test_hashes_are_equal_for_equal_secrets_and_of_no_use_to_guess_with(
    submit_job: Submit, row: Callable[[UUID], Row[Any]]
) -> None:
    params = {"text": "hello", "key": SECRET}
    one, same, other = (
        row(submit_job("platform.sign", given)).params_hash for given in (params, params, {**params, "key": "another"})
    )
    assert one == same != other
    assert one not in {fingerprint(params), fingerprint({**params, "key": PLACEHOLDER})}


def test_the_receipt_bears_the_hash(submit_job: Submit, run: Callable[..., object], row: Callable[..., Any]) -> None:
    job_id = submit_job("platform.sign", {"text": "hello", "key": SECRET})
    run(job_id)
    assert row(job_id).receipt["params_hash"] == row(job_id).params_hash


def tell_tales(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say the secrets wherever a computation can say anything."""
    secrets = json.dumps(params)
    context.log(f"working with {secrets}", password=params["top"], deep={"a": [params["nested"]]})
    context.progress(0.5, params["top"], f"half of {secrets}")
    if params["word"] == "fail":
        raise ValueError(params["top"], secrets)
    if params["word"] == "refuse":
        raise _Refusal(f"no {secrets}")
    return {"said": secrets, params["top"]: params["listed"]}


class _Refusal(Conflict):
    """Refused."""

    code = "refused_in_this_test"


@pytest.mark.parametrize(("word", "state"), [("succeed", "succeeded"), ("fail", "retryable"), ("refuse", "failed")])
def test_what_a_computation_says_does_not_tell_it(
    database: Database,
    admin: Principal,
    run: Callable[..., object],
    row: Callable[[UUID], Row[Any]],
    whole_database: Callable[[], str],
    capfd: pytest.CaptureFixture[str],
    word: str,
    state: str,
) -> None:
    secrets = [f"secret \"{number}\"\n'ö'" for number in range(6)]
    params = {
        "top": secrets[0],
        "nested": {"password": secrets[1]},
        "many": [{"password": secrets[2]}, {}],
        "listed": [secrets[3], secrets[4]],
        "named": {"a/b~c": secrets[5]},
        "word": word,
    }
    with database.transaction() as session:
        job_id = submit(session, admin, JobRequest(SECRETIVE, params), clock=utc_now).job_id
    run(job_id, SECRETIVE, tell_tales)
    assert row(job_id).state == state
    told = whole_database() + capfd.readouterr().err
    assert PLACEHOLDER in told
    assert [number for number in range(6) if f'secret \\"{number}' in told or f'secret "{number}' in told] == []


def test_a_retried_job_still_has_it(
    submit_job: Submit,
    run: Callable[..., object],
    row: Callable[[UUID], Row[Any]],
    database: Database,
    admin: Principal,
) -> None:
    job_id = submit_job("platform.sign", {"text": "hello", "key": SECRET})
    run(job_id, kinds.SIGN, lambda _params, _context: {"signature": "wrong"})
    with database.transaction() as session:
        retrying.retry(session, admin.tenant_id, job_id)
    run(job_id)
    assert row(job_id).result == {"signature": SIGNED}


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


def test_idempotency_holds_and_keeps_no_hash_of_it(
    database: Database, admin: Principal, whole_database: Callable[[], str]
) -> None:
    def ask(key: str) -> UUID:
        body = {"kind": "platform.sign", "params": {"text": "hello", "key": key}}
        request = IdempotentRequest("once", body, secret=True)
        with database.transaction() as session:
            asked = JobRequest(kinds.SIGN, body["params"])  # type: ignore[arg-type]  # a mapping
            return submit(session, admin, asked, clock=utc_now, idempotency=request).job_id

    assert ask(SECRET) == ask(SECRET)
    with pytest.raises(IdempotencyConflict):
        ask("another")
    body = {"kind": "platform.sign", "params": {"text": "hello", "key": SECRET}}
    told = whole_database()
    assert fingerprint(body) not in told
    assert hashlib.sha256(SECRET.encode()).hexdigest() not in told


def test_a_twin_that_was_not_made_leaves_no_secret(submit_job: Submit, count: Callable[[str], int]) -> None:
    params = {"text": "hello", "key": SECRET}
    first = submit_job("platform.sign", params, unique_key="one")
    assert submit_job("platform.sign", params, unique_key="one") == first
    assert count("sealed_params") == 1


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


def test_a_rotation_lets_jobs_keep_their_secrets(
    submit_job: Submit, run: Callable[..., object], row: Callable[..., Any], database: Database, admin: Principal
) -> None:
    job_id = submit_job("platform.sign", {"text": "hello", "key": SECRET})
    with database.transaction() as session:
        keys.retire(session, admin.tenant_id)
    assert rotation.go_on(database)["resealed"] == 1
    run(job_id)
    assert row(job_id).result == {"signature": SIGNED}


def test_a_secret_whose_key_was_destroyed_fails_the_job_by_name(
    submit_job: Submit, run: Callable[..., object], row: Callable[..., Any], database: Database, admin: Principal
) -> None:
    job_id = submit_job("platform.sign", {"text": "hello", "key": SECRET})
    with database.transaction() as session:
        keys.destroy(session, admin.tenant_id)
    run(job_id)
    assert (row(job_id).state, row(job_id).error["code"]) == ("failed", CiphertextRefused.code)


def test_it_goes_with_its_job(
    submit_job: Submit, run: Callable[..., object], database: Database, admin: Principal, count: Callable[[str], int]
) -> None:
    run(submit_job("platform.sign", {"text": "hello", "key": SECRET}))
    assert count("sealed_params") == 1
    with database.transaction() as session:
        pruning.prune_batch(session, admin.tenant_id, age=timedelta(), limit=10, after=pruning.Place())
    assert count("sealed_params") == 0


@pytest.mark.parametrize(("key", "fine"), [("abcd", True), ("abc", False), (PLACEHOLDER, False), (7, False)])
def test_what_is_no_secret_is_refused_by_name(submit_job: Submit, key: object, fine: bool) -> None:  # noqa: FBT001 - which
    if fine:
        submit_job("platform.sign", {"text": "hello", "key": key})
        return
    with pytest.raises(ParamsInvalid) as caught:
        submit_job("platform.sign", {"text": "hello", "key": key})
    assert [each.pointer for each in caught.value.errors] == ["/params/key"]


def test_a_kind_without_secrets_pays_nothing(catalogue: Catalogue) -> None:
    assert not secret_params.has_secrets(catalogue.find("platform.echo"))
    assert secret_params.has_secrets(SECRETIVE)
    params = {"key": SECRET, "id": str(uuid4())}
    assert secret_params.part(catalogue.find("platform.echo"), params).shown is params
