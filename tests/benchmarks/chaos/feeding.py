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

from chaos.given import Given
from chaos.mixture import next_given
from chaos.site import Site

CLIENTS = 4
PAUSE_S = 0.2
REPEATED = 0.05
"""Which part of the accepted submissions is sent once more under its key."""
BACKLOG = 400
"""How many jobs may lie ready: beyond that the wait would tell of the load, not of the faults."""
LONGER = 1.5
"""How much longer than wanted the clients go on at most, when the platform does not carry their pace."""


@dataclass
class Feeding:
    """What the clients did and were told."""

    site: Site
    rng: random.Random
    seconds: float
    jobs: int
    accepted: dict[str, str] = field(default_factory=dict)
    """The sort of each job that was promised, by id."""
    cancelled: set[str] = field(default_factory=set)
    """Those whose cancelling was promised."""
    waits_s: list[float] = field(default_factory=list)
    """How long each client waited for its answer, with all repetitions."""
    repetitions: int = 0
    violations: list[str] = field(default_factory=list)
    took_s: float = 0.0
    _crowded: Event = field(default_factory=Event)
    _over: Event = field(default_factory=Event)
    _cancels: deque[tuple[float, Given, dict[str, Any]]] = field(default_factory=deque)
    _began_at: float = 0.0

    def run(self) -> None:
        """Submit at an even pace, making up for outages, until that many jobs were accepted or it takes too long."""
        self._began_at = time.monotonic()
        threads = [Thread(target=self._client, args=(random.Random(self.rng.random()),)) for _ in range(CLIENTS)]
        threads += [Thread(target=self._cancel_all), Thread(target=self._watch)]
        for thread in threads:
            thread.start()
        for thread in threads[:CLIENTS]:
            thread.join()
        self.took_s = time.monotonic() - self._began_at
        self._over.set()
        for thread in threads[CLIENTS:]:
            thread.join()

    def _client(self, rng: random.Random) -> None:
        with self._http() as http:
            while len(self.accepted) < self.jobs and self._elapsed_s() < LONGER * self.seconds:
                if self._crowded.is_set() or len(self.accepted) > self.jobs * self._elapsed_s() / self.seconds:
                    time.sleep(PAUSE_S / 4)
                else:
                    self._submit(http, rng)

    def _submit(self, http: httpx2.Client, rng: random.Random) -> None:
        given, key, began_at = next_given(rng), str(uuid.UUID(int=rng.getrandbits(128))), time.monotonic()
        if given.follows and self.accepted:
            given.body["depends_on"] = [next(reversed(self.accepted))]

        def send() -> httpx2.Response:
            return http.post(given.path, json=given.body, headers={"Idempotency-Key": key})

        answer = self._insist(send)
        self.waits_s.append(time.monotonic() - began_at)
        if answer.status_code not in {HTTPStatus.OK, HTTPStatus.ACCEPTED}:
            if answer.json().get("code") != "unique_key_busy":
                self.violations.append(f"{given.sort}: answered {answer.status_code} {answer.text[:200]}")
            return
        promised = given.promised(answer.json())
        for job_id, sort in promised.items():
            self.accepted.setdefault(job_id, sort)
        if rng.random() < REPEATED and (again := given.promised(self._insist(send).json())) != promised:
            self.violations.append(f"{given.sort}: its key gave {list(promised)}, then {list(again)}")
        if given.cancel_after_s is not None:
            self._cancels.append((time.monotonic() + given.cancel_after_s, given, answer.json()))

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
                _, given, submitted = self._cancels.popleft()
                path, body = given.cancelling(submitted)
                answer = self._insist(partial(http.post, path, json=body))
                if answer.status_code < HTTPStatus.BAD_REQUEST:
                    self.cancelled |= given.promised(submitted).keys()

    def _watch(self) -> None:
        """Hold the clients back while too many jobs lie ready; when the database does not tell, they may go on."""
        while not self._over.wait(PAUSE_S):
            try:
                ready = self.site.rig.query("SELECT count(*) AS ready FROM jobs WHERE state = 'queued'")[0].ready
            except SQLAlchemyError:
                continue
            if ready > BACKLOG:
                self._crowded.set()
            else:
                self._crowded.clear()

    def _elapsed_s(self) -> float:
        return time.monotonic() - self._began_at

    def _http(self) -> httpx2.Client:
        endpoint: dict[str, Any] = self.site.rig.endpoint
        key = {"Authorization": f"Bearer {endpoint['api_key']}"}
        return httpx2.Client(base_url=endpoint["url"] + "/api/v1", headers=key, timeout=10)
