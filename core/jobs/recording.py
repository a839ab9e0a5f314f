"""What an attempt leaves in the database while it runs and when it ends."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.canonical import fingerprint
from core.clock import Clock, Monotonic, rfc3339
from core.database import Database
from core.errors import Invalid
from core.ids import uuid7
from core.jobs import artifacts, orphans, secret_params, snapshots, triggering
from core.jobs.context import StopReason
from core.jobs.domain_access import DatabaseDomains
from core.jobs.kind import JobKind, Limits
from core.jobs.leases import Claimed, LeaseLost, is_held
from core.jobs.lifecycle import Change, prepare_remark, transition
from core.jobs.models import Job, JobLogLine
from core.jobs.remarks import kept_fields, kept_report, kept_text
from core.jobs.stage_reading import read_stage
from core.jobs.stages import Split, Stage
from core.jobs.states import State
from core.platform.audit import entries
from core.platform.audit.entries import Entry
from core.platform.bus import publishing
from core.platform.bus.topic import News
from core.platform.erasure import exporting
from core.redaction import redact_value
from core.storage import Storage

PROGRESS_EVERY_S = 0.5


class OutputLimitExceeded(Invalid):
    """The artifacts of one attempt are larger than its kind allows."""

    code = "output_limit"


@dataclass(slots=True)
class DatabaseRecorder:
    """Keeps an attempt's progress and log lines at a bounded rate, and its artifacts for the outcome."""

    database: Database
    storage: Storage
    claimed: Claimed
    clock: Clock
    monotonic: Monotonic
    told_to_stop: Callable[[], StopReason | None]
    announce: Callable[[int, State], object]
    limits: Limits = field(default_factory=Limits)
    kinds: Mapping[str, JobKind] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each artifact read, by id; for the receipt."""
    domains: DatabaseDomains = field(init=False)
    _news: list[News] = field(default_factory=list)
    _deeds: list[Entry] = field(default_factory=list)
    _lines: list[dict[str, Any]] = field(default_factory=list)
    _logged: int = 0
    _stages: int = 0
    _latest: dict[str, Any] | None = None
    _written_at: float = float("-inf")
    _cancel_seen: bool = False
    _snapshot_at: float | None = None
    _has_snapshot: bool = False

    def __post_init__(self) -> None:
        self.domains = DatabaseDomains(self.database, self.storage, self.claimed.tenant_id, self.claimed.id)

    def progress(self, fraction: float, step: str, message: str, frame: Mapping[str, Any] | None = None) -> None:
        """Keep the report; write it if the last write is long enough ago."""
        now = self.clock()
        elapsed_s = (now - self.claimed.started_at).total_seconds()
        eta_s = round(elapsed_s * (1 - fraction) / fraction, 1) if fraction > 0 and elapsed_s > 0 else None
        self._latest = {"fraction": round(fraction, 4), "eta_s": eta_s}
        self._latest |= {"step": kept_text(step), "message": kept_text(message)}
        if frame is not None:
            self._latest["frame"] = frame
        self._write_if_due()

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        """Keep a snapshot if the last one kept, or else the first one offered, is long enough ago."""
        now = self.monotonic()
        if self._snapshot_at is None:
            self._snapshot_at = now
        if now - self._snapshot_at < snapshots.EVERY_S:
            return
        self._snapshot_at = now
        try:
            snapshots.keep(self.database, self.claimed, write())
        except OperationalError:
            return  # as with progress: the next one will do
        except snapshots.SnapshotTooLarge as error:
            self._snapshot_at = float("inf")
            self.log("warning", f"no snapshots are kept: {error.detail}", {})
            return
        self._has_snapshot = True

    def last_snapshot(self) -> bytes | None:
        """Return what an earlier attempt at the job left; the first one does not ask."""
        if (
            self.claimed.fence == 1 and not self._has_snapshot
        ):  # attempts that were released are not counted, claims are
            return None
        found = snapshots.find(self.database, self.claimed)
        self._has_snapshot = found is not None
        return found

    def log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        """Keep the line; write it with the next progress, or now if the last write is long enough ago."""
        self._logged += 1
        if self._logged <= self.limits.log_lines:
            self._keep_line(level, kept_text(message), kept_fields(fields))
            self._write_if_due()

    def artifact(self, name: str, content: bytes | BinaryIO, content_type: str) -> None:
        """Store the bytes now; the row that makes them visible comes with the outcome.

        Raises `OutputLimitExceeded` and keeps nothing of what would exceed the limit.
        """
        artifacts.check_name(name)
        others = [row for row in self.made if row["name"] != name]
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        begins_at = stream.tell()
        self._refuse_too_much(name, sum(row["size"] for row in others) + stream.seek(0, io.SEEK_END) - begins_at)
        stream.seek(begins_at)
        stored = self.storage.put(stream, limit=self.limits.artifact_bytes)
        self.made = others
        self.made.append(
            {
                "id": uuid7(),
                "tenant_id": self.claimed.tenant_id,
                "job_id": self.claimed.id,
                "name": name,
                "content_type": content_type,
                "sha256": stored.sha256,
                "size": stored.size,
            }
        )

    def open_artifact(self, artifact_id: str) -> BinaryIO:
        """Open an artifact of the same tenant."""
        with self.database.statements() as session:
            row = artifacts.get_artifact(session, self.claimed.tenant_id, UUID(artifact_id))
        self.read[artifact_id] = row.sha256
        return artifacts.open_bytes(self.storage, row)

    def publish(self, news: News) -> None:
        """Keep the event for the outcome's transaction."""
        self._news.append(publishing.checked(news))

    def audit(self, action: str, outcome: str, data: Mapping[str, Any]) -> None:
        """Keep the entry for the outcome's transaction."""
        told = redact_value({**data, "attempt": self.claimed.attempt})
        about = {"request_id": self.claimed.request_id, "target": str(self.claimed.id), "data": told}
        self._deeds.append(Entry(self.claimed.tenant_id, action, outcome, **about))

    def own_rows(self, subject: UUID | None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the rows of the job's own tenant, held to it by row-level security."""
        return exporting.own_rows(self.database, self.claimed.tenant_id, subject)

    @property
    def tenant_id(self) -> UUID:
        """Return whose job it is."""
        return self.claimed.tenant_id

    @property
    def submitted_by(self) -> UUID | None:
        """Return who submitted it."""
        return self.claimed.submitted_by

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction within the tenant; what a later attempt overtook is rolled back."""
        with self.database.within(self.claimed.tenant_id).transaction() as session:
            yield session
            key = {"job_id": self.claimed.id, "held_fence": self.claimed.fence}
            if not session.execute(_STILL_HELD, key).all():
                raise LeaseLost(f"the lease on {self.claimed.id} ended")

    def split(self, kind: str, params: Sequence[Mapping[str, Any]]) -> Stage:
        """Read what became of the next stage's shards; raises `Split` when they were not recorded yet."""
        stage = self._stages
        self._stages += 1
        if stage >= self.claimed.stages:
            raise Split(stage, kind, params)
        return read_stage(self.database, self.claimed.id, stage, kind, self._hashes(kind, params))

    def stop_asked(self) -> StopReason | None:
        """Tell what the worker was told, or that the last write saw a request to cancel in the row."""
        return self.told_to_stop() or (StopReason.CANCELLED if self._cancel_seen else None)

    def flush(self, session: Session, *, succeeded: bool = False) -> None:
        """Write what is still only in memory: the last progress, lines and artifacts, in the outcome's transaction.

        Windows and events come only with a success, what the audit trail tells with any outcome.
        """
        self._tell_of_dropped_lines()
        for row in self.made:
            orphans.hold(session, self.storage, row["sha256"])
        self._write(session, _LAST_PROGRESS)
        for row in self.made:
            artifacts.record_made(session, row)
        for deed in self._deeds:
            entries.append(session, deed)
        if succeeded:
            self._publish(session, [*self._news, *self.domains.flush(session)])
            if self._has_snapshot:
                snapshots.drop(session, self.claimed)

    def _hashes(self, kind: str, params: Sequence[Mapping[str, Any]]) -> list[str]:
        declared = self.kinds.get(kind)
        if declared is None or not secret_params.has_secrets(declared):
            return [fingerprint(one) for one in params]
        with self.database.statements() as session:
            # As its shards have it, which are submitted in the name of whoever submitted their parent.
            whose = (self.claimed.tenant_id, self.claimed.submitted_by or self.claimed.id)
            return [secret_params.hash_params(session, declared, *whose, one) for one in params]

    @property
    def has_more(self) -> bool:
        """Tell whether the outcome needs more than its one statement."""
        made = self.made or self._news or self._deeds or self.domains.has_more or self._has_snapshot
        return bool(self._latest or self._lines or made) or self._logged > self.limits.log_lines

    def _publish(self, session: Session, news: Sequence[News]) -> None:
        if news:
            part_of = [self.claimed.id] if self.claimed.parent_id is None else [self.claimed.id, self.claimed.parent_id]
            chain = triggering.chain_of(session, part_of)
            publishing.publish(session, self.claimed.tenant_id, news, job_id=self.claimed.id, chain=chain)

    def _keep_line(self, level: str, message: str, fields: dict[str, Any]) -> None:
        line = {"at": rfc3339(self.clock()), "level": level, "message": message, "fields": fields}
        self._lines.append({"job_id": self.claimed.id, "attempt": self.claimed.attempt, **line})

    def _tell_of_dropped_lines(self) -> None:
        dropped = self._logged - self.limits.log_lines
        if dropped > 0:
            self._logged = self.limits.log_lines  # once, though an outcome may be offered to the database again
            self._keep_line("warning", f"{dropped} further lines were dropped", {"dropped": dropped})

    def _refuse_too_much(self, name: str, size: int) -> None:
        if size > self.limits.artifact_bytes:
            raise OutputLimitExceeded(
                f"with {name!r} the artifacts of this attempt have {size} bytes, "
                f"{self.limits.artifact_bytes} are allowed"
            )

    def _write_if_due(self) -> None:
        now = self.monotonic()
        if now - self._written_at < PROGRESS_EVERY_S:
            return
        self._written_at = now
        try:
            with self.database.transaction() as session:
                version = self._write(session, _PROGRESS)
        except OperationalError:
            return  # the database is away for a moment: the computation goes on, the next write tells more
        self._latest, self._lines = None, []
        if version is not None:
            self.announce(version, State.RUNNING)

    def _write(self, session: Session, change: Change) -> int | None:
        key = {"job_id": self.claimed.id, "held_fence": self.claimed.fence}
        if self._latest is not None:
            latest = kept_report(self._latest)
            rows = transition(session, change, data=latest, latest=latest, **key)
        else:
            rows = session.execute(_STILL_HELD, key).all()
        if not rows:
            raise LeaseLost(f"the lease on {self.claimed.id} ended")
        self._cancel_seen = rows[0].cancel_requested_at is not None
        if self._lines:
            session.execute(insert(JobLogLine), self._lines)
        return None if self._latest is None else int(rows[0].version)


def _progress(*, durable: bool) -> Change:
    return prepare_remark(
        "job.progress",
        where=is_held(),
        values={"progress": bindparam("latest", type_=JSONB)},
        returning=(Job.cancel_requested_at,),
        durable=durable,
    )


_PROGRESS = _progress(durable=False)
_LAST_PROGRESS = _progress(durable=True)
"""Written with the outcome, whose commit must wait for the disk."""
_STILL_HELD = select(Job.cancel_requested_at).where(is_held())
