"""Asking: every list and every page that lists, over HTTP, by its address; bulk actions without carrying them out."""

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from uuid import UUID

API, PAGES = "/api/v1", "/dashboard"
JOB_FILTERS = (
    *("", "state=succeeded", "state=failed", "state=queued", "state=expired", "kind=platform.sleep", "kind=no.such"),
    *("queue=science", "queue=io", "tag=rare", "tag=nightly", "tag=nobody", "q=echo", "q=key-1000", "q=nightly"),
    *("q=nothing-at-all", "state=failed&kind=code.run", "state=failed&tag=nightly", "state=queued&queue=science"),
    "kind=code.run&tag=nightly&queue=science",
)
TRAIL_FILTERS = ("", "outcome=denied", "action=POST%20/schedules", "actor=actor%207", "code=none")
EVENT_FILTERS = (
    *("", "topics=domain.drift_detected", "subject=subject-7"),
    "topics=causal.edges_changed&subject=subject-7",
)
LISTS = ("queues", "topics", "quotas", "kinds", "schedules", "alerts", "triggers", "webhooks", "health")
OTHER_PAGES = (
    *("now", "schedules", "admin", "admin/quotas", "admin/members", "workloads", "workloads/pumping"),
    "workloads/causal",
)
BULK_FILTERS: tuple[dict[str, str], ...] = (
    {"kind": "code.run"},
    {"kind": "no.such"},
    {"tag": "nightly"},
    {"state": "failed"},
    {"state": "failed", "queue": "io"},
)


@dataclass(frozen=True, slots=True)
class Question:
    """One request."""

    address: str
    body: str | None = None

    def __str__(self) -> str:
        """Write it as a reader would."""
        return f"GET {self.address}" if self.body is None else f"POST {self.address} {self.body}"


def questions(*, schedule: UUID, parent: UUID, old: str) -> Iterator[Question]:
    """Return all of them; `old` is an instant in the middle of the history."""
    owned = (f"schedule_id={schedule}", f"parent_id={parent}", f"workflow_id={parent}")
    then = (f"created_after={old}", f"created_before={old}", f"state=succeeded&kind=code.run&created_before={old}")
    for asked in (*JOB_FILTERS, *owned, *then):
        yield Question(f"{API}/jobs?{asked}")
        yield Question(f"{PAGES}/jobs?{asked}")
    yield Question(f"{API}/jobs?sort=created_at")
    yield Question(f"{API}/jobs?limit=200")
    for asked in (*TRAIL_FILTERS, f"until={old}"):
        yield Question(f"{API}/audit?{asked}")
        yield Question(f"{PAGES}/admin/audit?{asked}")
    yield from (Question(f"{API}/events?{asked}") for asked in EVENT_FILTERS)
    yield from (Question(f"{API}/{name}") for name in LISTS)
    yield from (Question(f"{PAGES}/{name}") for name in OTHER_PAGES)
    for chosen in BULK_FILTERS:
        body = json.dumps({"filter": chosen, "dry_run": True})
        yield Question(f"{API}/jobs/cancel", body)
        yield Question(f"{API}/jobs/retry", body)


class Asker:
    """One kept connection of somebody who is logged in both ways."""

    def __init__(self, port: int, key: str, refresh: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._bearer = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._cookies = {"penstock_refresh": refresh}

    def median_ms(self, question: Question, times: int) -> tuple[float, int]:
        """Ask so many times, once before that; return the median in milliseconds, and the status answered."""
        _, status = self._ask(question)
        return median(self._ask(question)[0] for _ in range(times)), status

    def _ask(self, question: Question) -> tuple[float, int]:
        began_at = time.perf_counter()
        method = "GET" if question.body is None else "POST"
        self._connection.request(method, question.address, question.body, headers=self._headers(question))
        answer = self._connection.getresponse()
        answer.read()
        took_ms = 1000 * (time.perf_counter() - began_at)
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        return took_ms, answer.status

    def _headers(self, question: Question) -> dict[str, str]:
        if question.address.startswith(API):
            return self._bearer
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
