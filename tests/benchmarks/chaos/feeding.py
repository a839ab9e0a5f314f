"""Feeding: clients that submit at a steady pace, repeat under the same key until they get an answer, and cancel."""

import random
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from threading import Event, Thread
from typing import Any

import httpx2
from sqlalchemy.exc import SQLAlchemyError

from chaos.faults import CROWD, Strike
from chaos.mixture import SORTS, next_given
from chaos.site import Site

CLIENTS = 4
PAUSE_S = 0.2
REPEATED = 0.05
"""Which part of the accepted submissions is sent once more under its key."""
BACKLOG = 400
"""How many jobs may lie ready: beyond that the wait would tell of the load, not of the faults."""


@dataclass
class Feeding:
    """What the clients did and were told."""

    site: Site
    rng: random.Random
    per_s: float
    jobs: int
    accepted: dict[str, str] = field(default_factory=dict)
    """The sort of each job that was promised, by id."""
    cancelled: set[str] = field(default_factory=set)
    """Those whose cancelling was promised."""
    waits_s: list[float] = field(default_factory=list)
    """How long each client waited for its answer, with all repetitions."""
    repetitions: int = 0
    violations: list[str] = field(default_factory=list)
    crowds: list[Strike] = field(default_factory=list)
    """When more jobs lay ready than workers could begin."""
    _crowded: Event = field(default_factory=Event)
    _over: Event = field(default_factory=Event)
    _cancels: deque[tuple[float, str]] = field(default_factory=deque)

    def run(self, until: float) -> None:
        """Submit until that many jobs were accepted or the (monotonic) time has come."""
        threads = [Thread(target=self._client, args=(random.Random(self.rng.random()), until)) for _ in range(CLIENTS)]
        threads += [Thread(target=self._cancel_all), Thread(target=self._watch)]
        for thread in threads:
            thread.start()
        for thread in threads[:CLIENTS]:
            thread.join()
        self._over.set()
        for thread in threads[CLIENTS:]:
            thread.join()

    def _client(self, rng: random.Random, until: float) -> None:
        with self._http() as http:
            while time.monotonic() < until and len(self.accepted) < self.jobs:
                if self._crowded.is_set():
                    time.sleep(PAUSE_S)
                    continue
                began_at = time.monotonic()
                self._submit(http, rng)
                time.sleep(max(0.0, began_at + CLIENTS / self.per_s - time.monotonic()))

    def _submit(self, http: httpx2.Client, rng: random.Random) -> None:
        given, key, began_at = next_given(rng), str(uuid.UUID(int=rng.getrandbits(128))), time.monotonic()
        if SORTS[given.sort].follows and self.accepted:
            given.body["depends_on"] = [next(reversed(self.accepted))]

        def send() -> httpx2.Response:
            return http.post("/jobs", json=given.body, headers={"Idempotency-Key": key})

        answer = self._insist(send)
        self.waits_s.append(time.monotonic() - began_at)
        if answer.status_code not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
            if answer.json().get("code") != "unique_key_busy":
                self.violations.append(f"{given.sort}: answered {answer.status_code} {answer.text[:200]}")
            return
        job_id = answer.json()["id"]
        self.accepted.setdefault(job_id, given.sort)
        if rng.random() < REPEATED and (again := self._insist(send).json().get("id")) != job_id:
            self.violations.append(f"{given.sort}: its key gave {job_id}, then {again}")
        if (after_s := SORTS[given.sort].cancel_after_s) is not None:
            self._cancels.append((time.monotonic() + after_s, job_id))

    def _insist(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        """Send again until there is an answer other than that it will pass."""
        while True:
            try:
                answer = send()
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    return answer
                if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                    self.violations.append(f"answered {answer.status_code}: {answer.text[:300]}")
            except httpx2.HTTPError:
                pass
            self.repetitions += 1
            time.sleep(PAUSE_S)

    def _cancel_all(self) -> None:
        with self._http() as http:
            while self._cancels or not self._over.is_set():
                if not self._cancels or self._cancels[0][0] > time.monotonic():
                    self._cancels.rotate(-1)
                    time.sleep(PAUSE_S / 4)
                    continue
                _, job_id = self._cancels.popleft()
                answer = self._insist(partial(http.post, f"/jobs/{job_id}/cancel"))
                if answer.status_code < HTTPStatus.BAD_REQUEST:
                    self.cancelled.add(job_id)

    def _watch(self) -> None:
        """Hold the clients back while too many jobs lie ready; when the database does not tell, they may go on."""
        while not self._over.wait(PAUSE_S):
            try:
                ready = self.site.rig.query("SELECT count(*) AS ready FROM jobs WHERE state = 'queued'")[0].ready
            except SQLAlchemyError:
                continue
            self._note(crowded=ready > BACKLOG)
        self._note(crowded=False)

    def _note(self, *, crowded: bool) -> None:
        if crowded and not self._crowded.is_set():
            self.crowds.append(Strike(CROWD, time.time()))
            self._crowded.set()
        elif not crowded and self._crowded.is_set():
            self.crowds[-1].ended_at = time.time()
            self._crowded.clear()

    def _http(self) -> httpx2.Client:
        endpoint: dict[str, Any] = self.site.rig.endpoint
        key = {"Authorization": f"Bearer {endpoint['api_key']}"}
        return httpx2.Client(base_url=endpoint["url"] + "/api/v1", headers=key, timeout=10)
