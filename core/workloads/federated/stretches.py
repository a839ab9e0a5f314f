"""Stretches: parts of a job that tell their own progress from 0 to 1, and are a share of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from core.jobs.context import JobContext


@dataclass(frozen=True, slots=True)
class Stretch(JobContext):
    """A job's context whose progress is that of a part of it."""

    begins: float = 0.0
    share: float = 1.0

    @classmethod
    def of(cls, context: JobContext, begins: float, share: float) -> Self:
        """Return the context of a part that begins at a fraction of the whole and is a share of it."""
        return cls(context.job_id, context.attempt, context.seed, context.recorder, begins, share)

    def progress(
        self, fraction: float, step: str = "", message: str = "", *, frame: Mapping[str, Any] | None = None
    ) -> None:
        """Report how far the whole is."""
        whole = round(self.begins + self.share * min(fraction, 1.0), 9)  # a part ends where the next one begins
        JobContext.progress(self, whole, step, message, frame=frame)
