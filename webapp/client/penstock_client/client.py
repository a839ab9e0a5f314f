"""A platform as a Python program sees it."""

import mimetypes
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx2

from penstock_client.audiences import Audiences
from penstock_client.bulk import BulkOutcome, act, chunks, selections
from penstock_client.collections import Collection
from penstock_client.documents import Job, Kind, Limit, Queue, Upload
from penstock_client.domains import Domains, Triggers
from penstock_client.encoding import chunked, encode, plain, submission
from penstock_client.endpoint import find_endpoint
from penstock_client.families import Families
from penstock_client.handle import JobHandle
from penstock_client.live import Live, News
from penstock_client.schedules import Schedule, ScheduleHandle
from penstock_client.schedules import encode as encode_schedule
from penstock_client.segments import Segments
from penstock_client.transport import Transport, connect
from penstock_client.webhooks import Webhooks
from penstock_client.workflows import Workflow, WorkflowHandle

PAGE = 200


class Client(Families):
    """A platform, found as `find_endpoint` says when no URL is given; usable by several threads at once.

    `patience_s` is how long a request is tried again while the platform does not answer or asks to come back later.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        data_dir: str | os.PathLike[str] | None = None,
        patience_s: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.endpoint = find_endpoint(url, api_key, data_dir=data_dir)
        self._transport = Transport(connect(self.endpoint, transport=transport), patience_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.http.close()

    def submit(
        self,
        kind: str,
        params: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        **options: Any,
    ) -> JobHandle:
        """Submit one job; once this returns, the job will reach a final state.

        `options` are the API's: priority, run_at, deadline_at, timeout_s, max_attempts, tags, unique_key,
        concurrency_key, concurrency_limit, depends_on; instants may be datetimes with a time zone. Sent twice with the
        same `idempotency_key` it is still one job; each call has a key of its own unless one is given.
        """
        response = self._transport.send(
            "POST",
            "/jobs",
            body=encode(submission(kind, params or {}, options)),
            headers={"Idempotency-Key": idempotency_key or str(uuid.uuid4())},
        )
        job = Job.read(response.json())
        return JobHandle(self._transport, job.id, job)

    def submit_many(
        self, kind: str, params: Iterable[Mapping[str, Any]], *, idempotency_key: str | None = None, **options: Any
    ) -> list[JobHandle]:
        """Submit many jobs of a kind in few requests, each of which is accepted as a whole or not at all.

        Sent twice with the same `idempotency_key` and params they are still the same jobs.
        """
        bodies = (encode(submission(kind, each, options)) for each in params)
        handles: list[JobHandle] = []
        key = idempotency_key or str(uuid.uuid4())
        for number, chunk in enumerate(chunks(bodies)):
            body = b'{"jobs":[' + b",".join(chunk) + b"]}"
            headers = {"Idempotency-Key": f"{key}/{number}"}
            response = self._transport.send("POST", "/jobs/bulk", body=body, headers=headers)
            handles += [self.job(job_id) for job_id in response.json()["ids"]]
        return handles

    def stream(self, *topics: str, after: Mapping[str, int] | None = None) -> Iterator[News]:
        """Yield for ever what happens: `job:<id>`, `jobs`, `queues`, `schedules`, `alerts`, `events` or `domain:<id>`.

        Events come once and in order, whatever breaks in between, behind the numbers in `after` by topic; what tells
        how things stand comes when that has changed. Where live streams are not to be had, the platform is polled.
        """
        return iter(Live(self._transport, topics, dict(after or {})))

    def map(
        self, kind: str, params: Iterable[Mapping[str, Any]], *, timeout: float | None = None, **options: Any
    ) -> Iterator[Any]:
        """Submit a job for each params at once, and yield their results in order; `timeout` holds for each.

        Raises `JobUnsuccessful` at the first job without a result; the others go on.
        """
        handles = self.submit_many(kind, params, **options)
        return (handle.result(timeout) for handle in handles)

    def cancel_many(
        self,
        ids: Iterable[str | uuid.UUID] | None = None,
        *,
        everything: bool = False,
        dry_run: bool = False,
        **filters: Any,
    ) -> BulkOutcome:
        """Cancel the jobs that `filters` find, as `jobs` takes them, or those of these ids; or only tell how many.

        Without a filter, `everything` has to say that every job is meant.
        """
        return self._act("cancel", selections(ids, plain(filters), everything=everything), dry_run=dry_run)

    def retry_many(
        self,
        ids: Iterable[str | uuid.UUID] | None = None,
        *,
        everything: bool = False,
        dry_run: bool = False,
        **filters: Any,
    ) -> BulkOutcome:
        """Retry jobs as `cancel_many` cancels them: those without success, unless `state="succeeded"`."""
        return self._act("retry", selections(ids, plain(filters), everything=everything), dry_run=dry_run)

    def job(self, job_id: str | uuid.UUID) -> JobHandle:
        """Return a handle on a job by its id; nothing is asked of the platform yet."""
        return JobHandle(self._transport, str(job_id))

    def jobs(self, *, page: int = PAGE, **filters: Any) -> Iterator[Job]:
        """Iterate over jobs, newest first, in pages of so many as they are needed.

        `filters` are the API's: state, kind, queue, tag, schedule_id, workflow_id, parent_id, created_after,
        created_before, q, sort.
        """
        return map(Job.read, self._pages("/jobs", page, filters))

    def submit_workflow(
        self, jobs: Mapping[str, Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> WorkflowHandle:
        """Submit a graph of jobs by name, each as the API takes it: kind, params, after, params_from and so on.

        Once this returns, every job will reach a final state.
        """
        response = self._transport.send(
            "POST",
            "/workflows",
            body=encode({"jobs": {name: {at: plain(one) for at, one in job.items()} for name, job in jobs.items()}}),
            headers={"Idempotency-Key": idempotency_key or str(uuid.uuid4())},
        )
        workflow = Workflow.read(response.json())
        return WorkflowHandle(self._transport, workflow.id, workflow)

    def workflow(self, workflow_id: str | uuid.UUID) -> WorkflowHandle:
        """Return a handle on a workflow by its id; nothing is asked of the platform yet."""
        return WorkflowHandle(self._transport, str(workflow_id))

    def workflows(self, *, page: int = PAGE) -> Iterator[Workflow]:
        """Iterate over workflows, newest first, in pages of so many as they are needed."""
        query: dict[str, Any] = {"limit": page}
        while True:
            answer = self._transport.send("GET", "/workflows", params=query).json()
            yield from map(Workflow.read, answer["items"])
            if answer["next_cursor"] is None:
                return
            query["cursor"] = answer["next_cursor"]

    def add_schedule(self, kind: str, params: Mapping[str, Any] | None = None, **fields: Any) -> ScheduleHandle:
        """Make a schedule that submits jobs of a kind; `fields` are the API's, `cron` or `every_s` among them.

        Instants may be datetimes with a time zone. Sent again only when it cannot have arrived.
        """
        body = encode_schedule({"kind": kind, "params": params or {}, **fields})
        schedule = Schedule.read(self._transport.send("POST", "/schedules", body=body, repeatable=False).json())
        return ScheduleHandle(self._transport, schedule.id, schedule)

    def schedule(self, schedule_id: str | uuid.UUID) -> ScheduleHandle:
        """Return a handle on a schedule by its id; nothing is asked of the platform yet."""
        return ScheduleHandle(self._transport, str(schedule_id))

    def schedules(self, *, page: int = PAGE, **filters: Any) -> Iterator[Schedule]:
        """Iterate over schedules, newest first, in pages of so many as they are needed; `filters`: kind, paused."""
        return map(Schedule.read, self._pages("/schedules", page, filters))

    def kinds(self) -> list[Kind]:
        """Return every kind of job, by name."""
        return [Kind.read(item) for item in self._transport.send("GET", "/kinds").json()["items"]]

    def kind(self, name: str) -> Kind:
        """Return one kind."""
        return Kind.read(self._transport.send("GET", f"/kinds/{name}").json())

    def upload(
        self, path: str | os.PathLike[str], *, name: str | None = None, content_type: str | None = None
    ) -> Upload:
        """Send a file, whose `reference` may then stand in params; one that no job names expires."""
        path = Path(path)
        guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        response = self._transport.send(
            "POST",
            "/artifacts",
            params={"name": name or path.name},
            body=lambda: chunked(path.open("rb")),
            headers={"Content-Type": content_type or guessed},
            wait_s=300.0,
        )
        return Upload.read(response.json())

    def queues(self) -> list[Queue]:
        """Return every queue, by name."""
        return [Queue.read(item) for item in self._transport.send("GET", "/queues").json()["items"]]

    def pause(self, queue: str) -> Queue:
        """Start nothing more of a queue until it is resumed; for operators."""
        return Queue.read(self._transport.send("POST", f"/queues/{queue}/pause").json())

    def resume(self, queue: str) -> Queue:
        """Let a paused queue go on; for operators."""
        return Queue.read(self._transport.send("POST", f"/queues/{queue}/resume").json())

    def limits(self) -> list[Limit]:
        """Return the concurrency limits of kinds and tenants; for operators."""
        return [Limit.read(item) for item in self._transport.send("GET", "/limits").json()["items"]]

    def set_limit(self, scope: str, subject: str, max_running: int | None) -> list[Limit]:
        """Set how many jobs of a `kind` or `tenant` may run at once, None to lift it; returns all limits."""
        address = f"/limits/{scope}s/{quote(subject, safe='')}"
        if max_running is None:
            answer = self._transport.send("DELETE", address)
        else:
            answer = self._transport.send("PUT", address, body=encode({"max_running": max_running}))
        return [Limit.read(item) for item in answer.json()["items"]]

    @property
    def webhooks(self) -> Webhooks:
        """Return the tenant's webhooks, to be iterated over, added to and changed; for operators."""
        return Webhooks(self._transport)

    @property
    def domains(self) -> Domains:
        """Return the tenant's domains, to be iterated over, added to and changed; and their windows."""
        return Domains(self._transport)

    @property
    def audiences(self) -> Audiences:
        """Return the tenant's audiences, to be iterated over, added to and changed; and what platforms have of them."""
        return Audiences(self._transport)

    @property
    def segments(self) -> Segments:
        """Return the tenant's segments of customers, to be iterated over, added to, explained and changed."""
        return Segments(self._transport)

    @property
    def triggers(self) -> Triggers:
        """Return the tenant's triggers, to be iterated over, added to and changed; for operators."""
        return Triggers(self._transport)

    def collection(self, path: str) -> Collection:
        """Return a collection of the API by its path: `alerts`, `audit`, `secrets` and others."""
        return Collection(self._transport, f"/{path.strip('/')}")

    def health(self) -> dict[str, Any]:
        """Return the platform's full report on itself."""
        return dict(self._transport.send("GET", "/health").json())

    def _pages(self, path: str, page: int, filters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        query = {"limit": page, **{name: plain(value) for name, value in filters.items() if value is not None}}
        while True:
            answer = self._transport.send("GET", path, params=query).json()
            yield from answer["items"]
            if answer["next_cursor"] is None:
                return
            query["cursor"] = answer["next_cursor"]

    def _act(self, action: str, wanted: Iterable[Mapping[str, Any]], *, dry_run: bool) -> BulkOutcome:
        def ask(body: Mapping[str, Any]) -> Any:
            # A retry whose answer was lost may have failed again by now: it would be retried twice.
            repeatable = dry_run or action == "cancel"
            return self._transport.send("POST", f"/jobs/{action}", body=encode(body), repeatable=repeatable).json()

        return act(ask, wanted, dry_run=dry_run)
