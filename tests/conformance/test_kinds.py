"""What every kind of job promises, whatever it computes."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from core.canonical import canonical_json, fingerprint
from core.catalogue import Catalogue, KindUnknown, discover
from core.crypto import Keyring, MasterKey
from core.database import Database, connect
from core.jobs.context import AttemptStopped, JobContext, MemoryRecorder, StopReason
from core.jobs.execution import Compute
from core.jobs.kind import JobKind
from core.platform.domains.facts import DomainFacts
from core.platform.tenants import ensure_tenant
from tasks.binding import load_bindings
from webapp.openapi import json_schema

KINDS = list(discover())
COMPUTATIONS: dict[str, Compute] = {one.kind.name: one.compute for one in load_bindings(discover())}
JOB = UUID("01890000-0000-7000-8000-000000000001")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
OPEN = {"platform.echo"}
"""Kinds that take anything."""

RETAIL = DomainFacts(
    UUID("01890000-0000-7000-8000-000000000002"), "retail", ["x"], None, 10, 1, 1000, 0, None, "active", EPOCH
)
"""The domain that examples speak of."""

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@dataclass(frozen=True)
class Ran:
    """One run of a computation in memory."""

    result: dict[str, Any]
    recorder: MemoryRecorder


KEEPERS: list[Database] = []
"""Where computations keep rows that do not wait for the outcome; each run is of a tenant of its own."""


@pytest.fixture(scope="module", autouse=True)
def keeper(copied_database: Callable[[], AbstractContextManager[str]]) -> Iterator[None]:
    with copied_database() as url:
        database = connect(url, pool_size=1, keyring=Keyring([MasterKey("test", bytes(32))]))
        KEEPERS.append(database)
        yield
        KEEPERS.remove(database)
        database.engine.dispose()


def transact(tenant_id: UUID) -> AbstractContextManager[Session]:
    return KEEPERS[-1].within(tenant_id).transaction()


def new_tenant() -> UUID:
    with KEEPERS[-1].transaction() as session:
        return ensure_tenant(session, f"run-{uuid4()}")


def run(kind: JobKind, params: Mapping[str, Any], recorder: MemoryRecorder, *, attempt: int = 2) -> Ran:
    recorder.compute_shard = compute_shard
    if kind.name.startswith("customers.") or kind.name == "assistance.draft_segment":
        recorder.transact, recorder.tenant_id = transact, new_tenant()
    recorder.domains.facts.setdefault(RETAIL.name, RETAIL)
    context = JobContext(JOB, attempt, 7, recorder)
    return Ran(COMPUTATIONS[kind.name](kind.params().load(params), context), recorder)


def compute_shard(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return run(discover().find(kind), params, MemoryRecorder()).result


def unmeasured(kind: JobKind, result: Any) -> Any:
    """Leave out what an attempt took, which no two share."""
    if isinstance(result, dict):
        return {name: unmeasured(kind, value) for name, value in result.items() if name not in kind.measured}
    return [unmeasured(kind, one) for one in result] if isinstance(result, list) else result


@pytest.fixture(scope="module")
def once() -> Callable[[JobKind], Ran]:
    """Run a kind's example, once for all tests of this module."""
    ran: dict[str, Ran] = {}

    def run_example(kind: JobKind) -> Ran:
        if kind.name not in ran:
            ran[kind.name] = run(kind, kind.example, MemoryRecorder())
        return ran[kind.name]

    return run_example


def test_there_are_kinds_of_every_workload() -> None:
    assert {"platform.echo", "platform.sleep", "platform.fail", "pumping.optimize", "pumping.simulate"} <= {
        kind.name for kind in KINDS
    }


def test_an_unknown_kind_is_refused_with_the_known_ones(catalogue: Catalogue) -> None:
    with pytest.raises(KindUnknown) as caught:
        catalogue.find("platform.ecko")
    assert [field.pointer for field in caught.value.errors] == ["/kind"]
    assert "platform.echo" in caught.value.detail


@each_kind
def test_the_example_fits_the_params(kind: JobKind) -> None:
    kind.params().load(kind.example)
    assert json.loads(canonical_json(kind.example)) == kind.example


@each_kind
def test_its_result_fits_the_result_schema_and_the_limit(kind: JobKind, once: Callable[[JobKind], Ran]) -> None:
    result = once(kind).result
    assert kind.result().validate(json.loads(canonical_json(result))) == {}
    assert len(canonical_json(result).encode()) <= kind.limits.result_bytes


@each_kind
def test_an_unknown_field_is_refused(kind: JobKind) -> None:
    strange = {**kind.example, "no_such_field": 1}
    if kind.name in OPEN:
        assert kind.params().load(strange) == strange
        return
    with pytest.raises(ValidationError) as caught:
        kind.params().load(strange)
    assert caught.value.messages == {"no_such_field": ["Unknown field."]}


@each_kind
def test_the_same_params_and_seed_give_the_same_bytes(kind: JobKind, once: Callable[[JobKind], Ran]) -> None:
    first, second = once(kind), run(kind, json.loads(json.dumps(kind.example)), MemoryRecorder())
    assert canonical_json(unmeasured(kind, first.result)) == canonical_json(unmeasured(kind, second.result))
    assert first.recorder.artifacts == second.recorder.artifacts


@each_kind
def test_progress_only_grows(kind: JobKind, once: Callable[[JobKind], Ran]) -> None:
    fractions = [fraction for fraction, _, _ in once(kind).recorder.progressed]
    assert fractions == sorted(fractions)
    assert all(0.0 <= fraction <= 1.0 for fraction in fractions)


@each_kind
@pytest.mark.parametrize("reason", StopReason)
def test_it_stops_at_its_next_checkpoint(kind: JobKind, once: Callable[[JobKind], Ran], reason: StopReason) -> None:
    """Given a kind that reports progress, it stops at the first report after it was asked."""
    if not once(kind).recorder.progressed:
        pytest.skip("too quick to report progress")
    recorder = MemoryRecorder(stop=reason)
    with pytest.raises(AttemptStopped) as caught:
        run(kind, kind.example, recorder)
    assert caught.value.reason is reason
    assert recorder.progressed == []


@each_kind
def test_params_stay_as_they_were(kind: JobKind) -> None:
    before = fingerprint(kind.example)
    kind.params().load(kind.example)
    kind.permission(kind.example)
    assert fingerprint(kind.example) == before


@each_kind
@pytest.mark.parametrize("part", ["params", "result"])
def test_its_schemas_can_be_written_as_json_schema(kind: JobKind, part: str) -> None:
    written = json_schema(getattr(kind, part))
    assert written["type"] == "object"
    assert json.loads(json.dumps(written)) == written


@each_kind
def test_it_is_declared_in_words_that_a_person_can_read(kind: JobKind) -> None:
    assert kind.summary.endswith(".")
    assert 10 < len(kind.summary) < 120
    assert kind.name == kind.name.lower()
    assert kind.version >= 1


def test_a_kind_declared_twice_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = replace(KINDS[0], summary="The same again.")
    monkeypatch.setattr("core.workloads.pumping.kinds.TWIN", twin, raising=False)
    with pytest.raises(ValueError, match="declared twice"):
        discover()
