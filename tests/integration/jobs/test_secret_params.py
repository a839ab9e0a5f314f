"""Secrets in params reach the computation and nothing else: no row, event, log line, answer, delivery or hash."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row

from core.canonical import fingerprint
from core.catalogue import Catalogue
from core.clock import utc_now
from core.crypto import CiphertextRefused
from core.database import Database
from core.errors import Conflict
from core.jobs import pruning, retrying, secret_params, settling
from core.jobs.context import JobContext
from core.jobs.idempotency import IdempotencyConflict, IdempotentRequest
from core.jobs.submission import JobRequest, ParamsInvalid, submit
from core.platform.access import Principal
from core.platform.sealing import keys, rotation
from core.platform.webhooks import subscriptions
from core.redaction import PLACEHOLDER
from core.workloads.platform import kinds
from tests.integration.jobs.secretive import SECRET, SECRETIVE, SIGNED

Submit = Callable[..., UUID]


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


def test_another_submitter_of_the_tenant_cannot_compare_a_guess(
    database: Database, admin: Principal, row: Callable[[UUID], Row[Any]]
) -> None:
    def submitted_by(principal: Principal, once: str | None = None) -> str:
        body = {"text": "hello", "key": SECRET}
        key = None if once is None else IdempotentRequest(once, body, secret_of=principal.id)
        with database.transaction() as session:
            asked = JobRequest(kinds.SIGN, body)
            job_id = submit(session, principal, asked, clock=utc_now, idempotency=key).job_id
        return str(row(job_id).params_hash)

    curious = replace(admin, id=uuid4())
    assert submitted_by(admin) == submitted_by(admin, "once") != submitted_by(curious)
    with pytest.raises(IdempotencyConflict):
        submitted_by(curious, "once")


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


def test_idempotency_holds_and_keeps_no_hash_of_it(
    database: Database, admin: Principal, whole_database: Callable[[], str]
) -> None:
    def ask(key: str) -> UUID:
        body = {"kind": "platform.sign", "params": {"text": "hello", "key": key}}
        request = IdempotentRequest("once", body, secret_of=admin.id)
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
