"""What a computation may touch while it runs: progress, log, seed, checkpoint, artifacts."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO, Protocol
from uuid import UUID


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

    def progress(self, fraction: float, step: str, message: str) -> None:
        """Keep the latest progress; may drop some, never the last before the outcome."""

    def log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        """Append one log line of this attempt."""

    def artifact(self, name: str, content: bytes, content_type: str) -> None:
        """Keep bytes to be recorded with the outcome."""

    def open_artifact(self, artifact_id: str) -> BinaryIO:
        """Open an artifact that the params name; raises `ArtifactMissing`."""

    def stop_asked(self) -> StopReason | None:
        """Tell whether and why this attempt was asked to stop."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """One attempt as its computation sees it."""

    job_id: UUID
    attempt: int
    seed: int
    recorder: Recorder

    def progress(self, fraction: float, step: str = "", message: str = "") -> None:
        """Report how far the attempt is (0 to 1); also a checkpoint."""
        self.checkpoint()
        self.recorder.progress(min(fraction, 1.0) if fraction > 0 else 0.0, step, message)

    def checkpoint(self) -> None:
        """Let the attempt be stopped here; raises `AttemptStopped` when that was asked for."""
        reason = self.recorder.stop_asked()
        if reason is not None:
            raise AttemptStopped(reason)

    def log(self, message: str, *, level: str = "info", **fields: Any) -> None:
        """Write one line to the job's log."""
        self.recorder.log(level, message, fields)

    def save_artifact(self, name: str, content: bytes, content_type: str) -> None:
        """Leave bytes behind under a name unique within the job; recorded with the outcome or not at all."""
        self.recorder.artifact(name, content, content_type)

    @contextmanager
    def open_artifact(self, artifact_id: str) -> Iterator[BinaryIO]:
        """Read an artifact that the params name."""
        with self.recorder.open_artifact(artifact_id) as stream:
            yield stream

    def stream_key(self, *path: str | int) -> int:
        """Derive the 128-bit key of one random stream from the job's seed; equal paths give equal streams."""
        text = "/".join([str(self.seed), *map(str, path)])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


@dataclass(slots=True)
class MemoryRecorder:
    """A recorder that keeps everything in memory: for tests and for trying a computation by hand."""

    progressed: list[tuple[float, str, str]] = field(default_factory=list)
    lines: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    artifacts: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    inputs: dict[str, BinaryIO] = field(default_factory=dict)
    stop: StopReason | None = None

    def progress(self, fraction: float, step: str, message: str) -> None:
        """Keep every report."""
        self.progressed.append((fraction, step, message))

    def log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        """Keep every line."""
        self.lines.append((level, message, fields))

    def artifact(self, name: str, content: bytes, content_type: str) -> None:
        """Keep the bytes by name."""
        self.artifacts[name] = (content, content_type)

    def open_artifact(self, artifact_id: str) -> BinaryIO:
        """Open one of `inputs`."""
        return self.inputs[artifact_id]

    def stop_asked(self) -> StopReason | None:
        """Tell what `stop` says."""
        return self.stop
