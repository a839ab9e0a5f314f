"""What can go wrong between a client and its platform, told apart by what the caller may do about it."""

from collections.abc import Mapping
from typing import Any

from penstock_client.documents import Job


class PenstockClientError(Exception):
    """Base of everything that this package raises."""


class EndpointUnknown(PenstockClientError):
    """Nobody said where the platform is, and none runs on this machine."""


class Unreachable(PenstockClientError):
    """The platform did not answer for as long as the client was patient."""


class TimedOut(PenstockClientError, TimeoutError):
    """The job was not final in time; it goes on."""


class DownloadDamaged(PenstockClientError):
    """The bytes that arrived are not those that the job left behind."""


class Refused(PenstockClientError):
    """The platform answered with a problem document (RFC 9457), which is kept in `problem`."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.problem = problem
        self.status = int(problem.get("status", 0))
        self.code = str(problem.get("code", "unknown"))
        self.errors: list[Mapping[str, str]] = list(problem.get("errors", ()))
        said = str(problem.get("detail") or problem.get("title") or self.code)
        fields = [f"{error.get('pointer')}: {error.get('detail')}" for error in self.errors if error["detail"] != said]
        super().__init__("\n  ".join([said, *fields]))


class Invalid(Refused):
    """The request must be changed; `errors` name the wrong fields."""


class Denied(Refused):
    """The API key is not valid, or does not allow this."""


class NotFound(Refused):
    """There is no such thing."""


class Conflict(Refused):
    """The present state does not allow this."""


class Overloaded(Refused):
    """The platform asked to come back later, for longer than the client was patient."""


class JobUnsuccessful(PenstockClientError):
    """The job is final and has no result."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.code = job.error.code if job.error else job.state
        reason = f": {job.error.message} ({job.error.code})" if job.error else ""
        super().__init__(f"{job.kind} {job.id} {job.state}{reason}")


class JobFailed(JobUnsuccessful):
    """Its attempts are used up, or the error will not pass; `code` says what it was."""


class JobCancelled(JobUnsuccessful):
    """Somebody cancelled it."""


class JobExpired(JobUnsuccessful):
    """It was not started before its deadline."""


_REFUSALS: Mapping[int, type[Refused]] = {
    400: Invalid,
    401: Denied,
    403: Denied,
    404: NotFound,
    409: Conflict,
    413: Invalid,
    415: Invalid,
    422: Invalid,
    429: Overloaded,
    503: Overloaded,
}
_ENDINGS: Mapping[str, type[JobUnsuccessful]] = {"failed": JobFailed, "cancelled": JobCancelled, "expired": JobExpired}


def refusal(status: int, problem: Mapping[str, Any]) -> Refused:
    """Return the error for an answer of this status."""
    return _REFUSALS.get(status, Refused)({"status": status, **problem})


def ending(job: Job) -> JobUnsuccessful:
    """Return the error for a final job that did not succeed."""
    return _ENDINGS.get(job.state, JobUnsuccessful)(job)
