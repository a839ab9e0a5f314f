"""What a computation may touch while it runs: progress, log, seed, checkpoint, artifacts, shards."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO, Literal, Protocol, overload
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import PenstockError
from core.jobs.domain_access import DomainAccess, MemoryDomains
from core.jobs.stages import Shard, Stage, checked_params, make_stage
from core.platform.bus.publishing import checked
from core.platform.bus.topic import News, Topic


class StopReason(StrEnum):
    """Why an attempt is made to stop."""

    CANCELLED = "cancelled"
    TIME_LIMIT = "time_limit"
    SHUTDOWN = "shutdown"
    MEMORY_LIMIT = "memory_limit"


class AttemptStopped(BaseException):
    """The attempt was made to stop; not an Exception, so that no computation swallows it."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Recorder(Protocol):
    """Where an attempt's traces go; the database for real jobs, memory for tests."""

    def progress(self, fraction: float, step: str, message: str, frame: Mapping[str, Any] | None = None) -> None:
        """Keep the latest progress; may drop some, never the last before the outcome."""

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        """Keep what `write` returns in the place of the snapshot before, unless that was only just kept."""

    def last_snapshot(self) -> bytes | None:
        """Return the snapshot that this or an earlier attempt left, if there is one of the same params and version."""

    def log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        """Append one log line of this attempt."""

    def artifact(self, name: str, content: bytes | BinaryIO, content_type: str) -> None:
        """Keep bytes to be recorded with the outcome."""

    def open_artifact(self, artifact_id: str) -> BinaryIO:
        """Open an artifact that the params name; raises `ArtifactMissing`."""

    def own_rows(self, subject: UUID | None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the rows of the job's own tenant, or those that name one person, with their tables' names."""

    def split(self, kind: str, params: Sequence[Mapping[str, Any]]) -> Stage:
        """Return what became of the next stage's shards; raises `Split` when there are none yet."""

    def publish(self, news: News) -> None:
        """Keep an event to be published with the outcome."""

    def audit(self, action: str, outcome: str, data: Mapping[str, Any]) -> None:
        """Keep an entry of the audit trail for the outcome, whatever that is."""

    @property
    def domains(self) -> DomainAccess:
        """The tenant's domains and their windows."""

    @property
    def tenant_id(self) -> UUID:
        """Whose job it is."""

    @property
    def submitted_by(self) -> UUID | None:
        """Who submitted it, or the job that it is a part of; None where no one did."""

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction on the rows of the job's own tenant; raises `LeaseLost` where the attempt is overtaken."""

    def stop_asked(self) -> StopReason | None:
        """Tell whether and why this attempt was asked to stop."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """One attempt as its computation sees it."""

    job_id: UUID
    attempt: int
    seed: int
    recorder: Recorder

    def progress(
        self, fraction: float, step: str = "", message: str = "", *, frame: Mapping[str, Any] | None = None
    ) -> None:
        """Report how far the attempt is (0 to 1); also a checkpoint.

        A frame is what there is to see at this moment, as JSON of a few KiB; whoever follows the job sees it live.
        """
        self.checkpoint()
        told = min(fraction, 1.0) if fraction > 0 else 0.0
        if frame is None:
            self.recorder.progress(told, step, message)
        else:
            self.recorder.progress(told, step, message, frame)

    def checkpoint(self) -> None:
        """Let the attempt be stopped here; raises `AttemptStopped` when that was asked for."""
        reason = self.recorder.stop_asked()
        if reason is not None:
            raise AttemptStopped(reason)

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        """Offer what the rest of the computation hangs on, as bytes; one is kept every few seconds.

        An attempt that finds one (`last_snapshot`) may go on from there, and has to come to the same result.
        """
        self.recorder.offer_snapshot(write)

    def last_snapshot(self) -> bytes | None:
        """Return the last snapshot kept by an earlier attempt at the same params, None where there is none."""
        return self.recorder.last_snapshot()

    def log(self, message: str, *, level: str = "info", **fields: Any) -> None:
        """Write one line to the job's log."""
        self.recorder.log(level, message, fields)

    def save_artifact(self, name: str, content: bytes | BinaryIO, content_type: str) -> None:
        """Leave bytes, or what a stream has from where it stands, under a name unique within the job.

        Recorded with the outcome or not at all.
        """
        self.recorder.artifact(name, content, content_type)

    def publish(self, topic: Topic, subject: str, data: Mapping[str, Any]) -> None:
        """Publish an event on the bus with the outcome or not at all; `subject` is the id of what it is about."""
        self.recorder.publish(News(topic, subject, data))

    def audit(self, action: str, outcome: str, data: Mapping[str, Any]) -> None:
        """Have the audit trail tell of a deed (`done`, `denied`) of this attempt, whatever its own outcome."""
        self.recorder.audit(action, outcome, data)

    @property
    def domains(self) -> DomainAccess:
        """The tenant's domains: windows to read, and new ones that land with the outcome."""
        return self.recorder.domains

    @property
    def tenant_id(self) -> UUID:
        """Whose job it is."""
        return self.recorder.tenant_id

    @property
    def submitted_by(self) -> UUID | None:
        """Who submitted it, or the job that it is a part of; None where no one did."""
        return self.recorder.submitted_by

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction on the rows of the job's own tenant, for what is kept in steps and not with the outcome.

        Row-level security holds it to the tenant; an attempt that lost its lease cannot commit. What is written may be
        written again by another attempt, so each step has to know what it has done already.
        """
        return self.recorder.transaction()

    @contextmanager
    def open_artifact(self, artifact_id: str) -> Iterator[BinaryIO]:
        """Read an artifact that the params name."""
        with self.recorder.open_artifact(artifact_id) as stream:
            yield stream

    def own_rows(self, subject: UUID | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what the platform keeps of the job's own tenant, or of one person of it: for exports."""
        return self.recorder.own_rows(subject)

    @overload
    def map(
        self, kind: str, params: Iterable[Mapping[str, Any]], *, allow_failure: Literal[False] = False
    ) -> Iterator[dict[str, Any]]: ...

    @overload
    def map(
        self, kind: str, params: Iterable[Mapping[str, Any]], *, allow_failure: Literal[True]
    ) -> Iterator[Shard]: ...

    def map(
        self, kind: str, params: Iterable[Mapping[str, Any]], *, allow_failure: bool = False
    ) -> Iterator[dict[str, Any]] | Iterator[Shard]:
        """Have each of these params computed as a job of that kind, and return the results in their order.

        The attempt ends here (by `Split`, which no computation catches) and gives its worker back. When all shards are
        final the computation starts again from its top, and this call returns; so up to here it must do the same each
        time, or else fails for good with `shards_changed`. A stage after a stage is fine, and each is a checkpoint.
        Raises `ShardsFailed` unless all succeed; with `allow_failure` what became of each is returned instead.
        """
        self.checkpoint()
        many = checked_params(kind, params)
        if not many:
            return iter(())
        stage = self.recorder.split(kind, many)
        return iter(stage.shards) if allow_failure else stage.results()

    def stream_key(self, *path: str | int) -> int:
        """Derive the 128-bit key of one random stream from the job's seed; equal paths give equal streams."""
        text = "/".join([str(self.seed), *map(str, path)])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


_NOBODY = UUID(int=0)


@dataclass(slots=True)
class MemoryRecorder:
    """A recorder that keeps everything in memory: for tests and for trying a computation by hand."""

    progressed: list[tuple[float, str, str]] = field(default_factory=list)
    lines: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    artifacts: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    inputs: dict[str, BinaryIO] = field(default_factory=dict)
    domains: MemoryDomains = field(default_factory=MemoryDomains)
    published: list[News] = field(default_factory=list)
    audited: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What `own_rows` yields."""
    tenant_id: UUID = _NOBODY
    submitted_by: UUID | None = None
    transact: Callable[[UUID], AbstractContextManager[Session]] | None = None
    """Opens a transaction on a tenant's rows, for computations that keep some."""
    frames: list[Mapping[str, Any]] = field(default_factory=list)
    snapshot: bytes | None = None
    """The last one offered, which `last_snapshot` returns."""
    stop: StopReason | None = None
    compute_shard: Callable[[str, Mapping[str, Any]], dict[str, Any]] | None = None
    """Computes a shard here and now, given its kind's name and its params."""

    def progress(self, fraction: float, step: str, message: str, frame: Mapping[str, Any] | None = None) -> None:
        """Keep every report."""
        self.progressed.append((fraction, step, message))
        if frame is not None:
            self.frames.append(frame)

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        """Keep every snapshot in the place of the one before."""
        self.snapshot = write()

    def last_snapshot(self) -> bytes | None:
        """Return `snapshot`."""
        return self.snapshot

    def log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        """Keep every line."""
        self.lines.append((level, message, fields))

    def artifact(self, name: str, content: bytes | BinaryIO, content_type: str) -> None:
        """Keep the bytes by name."""
        self.artifacts[name] = (content if isinstance(content, bytes) else content.read(), content_type)

    def open_artifact(self, artifact_id: str) -> BinaryIO:
        """Open one of `inputs`."""
        return self.inputs[artifact_id]

    def publish(self, news: News) -> None:
        """Keep every event."""
        self.published.append(checked(news))

    def audit(self, action: str, outcome: str, data: Mapping[str, Any]) -> None:
        """Keep every entry."""
        self.audited.append((action, outcome, data))

    def own_rows(self, subject: UUID | None) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ARG002 - all are meant
        """Yield `rows`."""
        return iter(self.rows)

    def transaction(self) -> AbstractContextManager[Session]:
        """Open what `transact` opens."""
        assert self.transact is not None, "a computation that keeps rows takes a `transact`"
        return self.transact(self.tenant_id)

    def split(self, kind: str, params: Sequence[Mapping[str, Any]]) -> Stage:
        """Compute every shard in this process."""
        return make_stage([self._shard(index, kind, one) for index, one in enumerate(params)])

    def stop_asked(self) -> StopReason | None:
        """Tell what `stop` says."""
        return self.stop

    def _shard(self, index: int, kind: str, params: Mapping[str, Any]) -> Shard:
        assert self.compute_shard is not None, "a computation with shards takes a `compute_shard`"
        try:
            return Shard(index, self.compute_shard(kind, params), None)
        except PenstockError as error:
            return Shard(index, None, {"code": error.code, "message": error.detail})
