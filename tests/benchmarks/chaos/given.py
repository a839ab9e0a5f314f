"""One submission: where it goes, which jobs its answer promises, how they are cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """One submission before it is sent; the first tag of each job is its sort."""

    path: str
    body: dict[str, Any] = field(repr=False)
    cancel_after_s: float | None = None
    follows: bool = False
    """Whether it waits for a job submitted before."""

    @property
    def sort(self) -> str:
        """Name it in a report."""
        return str(self._jobs[0]["tags"][0])

    def promised(self, answer: Mapping[str, Any]) -> dict[str, str]:
        """Return the sort of each job that an answer promises, by id."""
        match self.path:
            case "/jobs":
                ids = [answer["id"]]
            case "/jobs/bulk":
                ids = answer["ids"]
            case _:
                ids = [answer["jobs"][name]["id"] for name in self.body["jobs"]]
        return {job_id: job["tags"][0] for job_id, job in zip(ids, self._jobs, strict=True)}

    def cancelling(self, answer: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
        """Return the request that cancels what an answer promised: path and body."""
        if self.path == "/jobs":
            return f"/jobs/{answer['id']}/cancel", None
        return "/jobs/cancel", {"filter": {"tag": self._jobs[0]["tags"][1]}}

    @property
    def _jobs(self) -> list[dict[str, Any]]:
        match self.body.get("jobs"):
            case dict() as named:
                return list(named.values())
            case list() as listed:
                return listed
        return [self.body]
