"""What the API answers, as frozen data; `document` keeps the whole answer, whatever newer servers add to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Self

FINAL_STATES = frozenset({"succeeded", "failed", "cancelled", "expired"})


@dataclass(frozen=True, slots=True)
class _FromDocument:
    document: Mapping[str, Any] = field(repr=False)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Take the fields that this version knows; `at` and its like become datetimes."""
        known = {each.name for each in fields(cls)}
        return cls(document, **{name: _parsed(name, value) for name, value in document.items() if name in known})


def _parsed(name: str, value: Any) -> Any:
    is_instant = isinstance(value, str) and (name == "at" or name.endswith("_at"))
    return datetime.fromisoformat(value) if is_instant else value


@dataclass(frozen=True, slots=True)
class Progress(_FromDocument):
    """How far the running attempt is."""

    fraction: float
    step: str = ""
    message: str = ""
    eta_s: float | None = None
    frame: dict[str, Any] | None = None
    """What there is to see just now, of kinds that show something."""


@dataclass(frozen=True, slots=True)
class JobError(_FromDocument):
    """Why the latest attempt failed."""

    code: str
    message: str = ""
    retryable: bool = False
    attempt: int = 0
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class Job(_FromDocument):
    """A job as it was when it was read."""

    id: str
    kind: str
    state: str
    attempt: int
    max_attempts: int
    progress: Progress | None
    error: JobError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read the API's JSON."""
        progress, error = document["progress"], document["error"]
        instants = {name: _parsed(name, document[name]) for name in ("created_at", "started_at", "finished_at")}
        plain = {name: document[name] for name in ("id", "kind", "state", "attempt", "max_attempts")}
        return cls(
            document=document,
            progress=Progress.read(progress) if progress else None,
            error=JobError.read(error) if error else None,
            **instants,
            **plain,
        )

    @property
    def is_final(self) -> bool:
        """Tell whether nothing will change any more, unless somebody retries the job."""
        return self.state in FINAL_STATES

    @property
    def run_s(self) -> float | None:
        """Return how long the latest attempt took, None while it has not ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Event(_FromDocument):
    """One change of a job."""

    seq: int
    type: str
    at: datetime
    attempt: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogLine(_FromDocument):
    """One line that a computation logged."""

    attempt: int
    at: datetime
    level: str
    message: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Artifact(_FromDocument):
    """What is known of bytes that a job left behind."""

    artifact_id: str
    name: str
    content_type: str
    bytes: int
    sha256: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Upload(_FromDocument):
    """What the server stored."""

    artifact_id: str
    bytes: int
    sha256: str
    content_type: str

    @property
    def reference(self) -> dict[str, str]:
        """Return what params hold to name this upload."""
        return {"artifact": self.artifact_id}


@dataclass(frozen=True, slots=True)
class Kind(_FromDocument):
    """What may be submitted, and how."""

    name: str
    summary: str
    version: int
    queue: str
    params_schema: Mapping[str, Any] = field(repr=False)
    result_schema: Mapping[str, Any] = field(repr=False)
    example: Mapping[str, Any] = field(repr=False)
    limits: Mapping[str, Any] = field(repr=False)
    retry: Mapping[str, Any] = field(repr=False)
    typical_run_s: float | None = None


@dataclass(frozen=True, slots=True)
class Queue(_FromDocument):
    """One queue as it was when it was read, over all tenants."""

    name: str
    depth: int
    running: int
    finished_last_minute: int
    oldest_age_s: float | None = None
    paused: bool = False
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limit(_FromDocument):
    """How many jobs of a kind or tenant may run at once, and how many do."""

    scope: str
    subject: str
    max_running: int
    running: int
    declared: bool = False
