"""One workflow as a Python program sees it: wait for it, follow it, stop it, try it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from penstock_client.documents import JobError, Progress
from penstock_client.errors import TimedOut
from penstock_client.handle import JobHandle
from penstock_client.transport import Transport

LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """One job of a workflow as it was when it was read."""

    name: str
    id: str
    kind: str
    state: str
    after: tuple[str, ...]
    progress: Progress | None
    error: JobError | None

    @classmethod
    def read(cls, name: str, document: Mapping[str, Any]) -> Self:
        """Read the API's JSON."""
        progress, error = document["progress"], document["error"]
        return cls(
            name,
            document["id"],
            document["kind"],
            document["state"],
            tuple(document["after"]),
            Progress.read(progress) if progress else None,
            JobError.read(error) if error else None,
        )


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it was when it was read; in a list it comes without its jobs."""

    document: Mapping[str, Any] = field(repr=False)
    id: str
    state: str
    created_at: datetime
    fraction: float
    finished: int
    total: int
    counts: Mapping[str, int]
    jobs: Mapping[str, WorkflowStep]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read the API's JSON."""
        progress = document["progress"]
        return cls(
            document,
            document["id"],
            document["state"],
            datetime.fromisoformat(document["created_at"]),
            progress["fraction"],
            progress["finished"],
            progress["total"],
            document["counts"],
            {name: WorkflowStep.read(name, job) for name, job in document.get("jobs", {}).items()},
        )

    @property
    def is_final(self) -> bool:
        """Tell whether every job is final."""
        return self.state != "running"


@dataclass(slots=True)
class WorkflowHandle:
    """A workflow of a platform; `last` is how it was when this handle last heard of it."""

    _transport: Transport = field(repr=False)
    id: str
    last: Workflow | None = None

    def read(self) -> Workflow:
        """Ask how the workflow is now."""
        self.last = Workflow.read(self._transport.send("GET", f"/workflows/{self.id}").json())
        return self.last

    def wait(self, timeout: float | None = None) -> Workflow:
        """Return the workflow once every job is final, however they ended; raises `TimedOut`."""
        *_, last = self.watch(timeout)
        return last

    def watch(self, timeout: float | None = None, *, every_s: float = LOOK_EVERY_S) -> Iterator[Workflow]:
        """Yield the workflow at once and whenever anything of it has changed, until every job is final."""
        clock = self._transport.clock
        give_up_at = clock() + timeout if timeout is not None else float("inf")
        seen: Mapping[str, Any] | None = None
        while True:
            workflow = self.read()
            if workflow.document != seen:
                seen = workflow.document
                yield workflow
            if workflow.is_final:
                return
            if clock() >= give_up_at:
                raise TimedOut(f"workflow {self.id} is not final after {timeout:g} s")
            self._transport.sleep(min(every_s, max(give_up_at - clock(), 0.0)))

    def job(self, name: str) -> JobHandle:
        """Return a handle on one of its jobs."""
        return JobHandle(self._transport, (self.last or self.read()).jobs[name].id)

    def results(self, timeout: float | None = None) -> dict[str, Any]:
        """Wait, and return the results of the jobs that succeeded, by name."""
        steps = self.wait(timeout).jobs.values()
        return {step.name: self.job(step.name).result() for step in steps if step.state == "succeeded"}

    def cancel(self) -> Workflow:
        """Cancel every job that is not final."""
        return self._post("cancel")

    def retry(self) -> Workflow:
        """Try every job again that ended without success, each after those it comes after."""
        return self._post("retry")

    def _post(self, verb: str) -> Workflow:
        answer = self._transport.send("POST", f"/workflows/{self.id}/{verb}", repeatable=False)
        self.last = Workflow.read(answer.json())
        return self.last
