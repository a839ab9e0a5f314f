"""One job as a Python program sees it: wait for it, follow it, stop it, take what it leaves."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from penstock_client.documents import Artifact, Event, Job, LogLine
from penstock_client.errors import Conflict, Denied, DownloadDamaged, NotFound, TimedOut, ending
from penstock_client.live import Live
from penstock_client.streams import follow_events
from penstock_client.transport import Transport

LONGEST_WAIT_S = 30.0
LINES = 200
CHUNK_BYTES = 1 << 18


@dataclass(slots=True)
class JobHandle:
    """A job of a platform; `last` is how it was when this handle last heard of it."""

    _transport: Transport = field(repr=False)
    id: str
    last: Job | None = None

    def read(self) -> Job:
        """Ask how the job is now."""
        return self._read(0.0)

    def wait(self, timeout: float | None = None) -> Job:
        """Return the job once it is final, however it ended; raises `TimedOut` after `timeout` seconds."""
        for job in self._follow(LONGEST_WAIT_S, timeout):
            if job.is_final:
                return job
        raise TimedOut(f"job {self.id} is not final after {timeout:g} s")

    def result(self, timeout: float | None = None) -> Any:
        """Return the result once there is one; raises `JobUnsuccessful` when there will be none, or `TimedOut`."""
        job = self.wait(timeout)
        if job.state != "succeeded":
            raise ending(job)
        if job.document.get("result_url") is None:
            return job.document["result"]
        return self._transport.send("GET", f"/jobs/{self.id}/result").json()

    def watch(self, timeout: float | None = None, *, every_s: float = 0.5) -> Iterator[Job]:
        """Yield the job at once and whenever its state or progress has changed, until it is final.

        Changes are seen at most `every_s` seconds late, the end at once; raises `TimedOut` after `timeout` seconds.
        """
        seen: tuple[Any, ...] | None = None
        for job in self._follow(every_s, timeout):
            now = (job.state, job.attempt, job.progress)
            if now != seen:
                seen = now
                yield job
            if job.is_final:
                return
        raise TimedOut(f"job {self.id} is not final after {timeout:g} s")

    def follow(self) -> Iterator[Job]:
        """Yield the job at once and whenever its live stream tells of a change, until it is final.

        It is asked for now and then where streams are not to be had. For as long as it takes; `watch` knows a timeout.
        """
        answer = self._transport.send("GET", self._path())
        self.last = job = Job.read(answer.json())
        yield job
        if job.is_final:
            return
        topic, number = f"job:{self.id}", _version(answer.headers["ETag"])
        try:
            with closing(iter(Live(self._transport, [topic], {topic: number}))) as told:
                for _ in told:
                    before, job = job, self.read()
                    if (job.state, job.attempt, job.progress) != (before.state, before.attempt, before.progress):
                        yield job
                    if job.is_final:
                        return
        except (Denied, NotFound):
            yield from self.watch()  # a platform before there were streams, or a key that may not have one

    def cancel(self) -> Job:
        """Cancel the job, or ask its worker to stop; that it was cancelled before is fine."""
        try:
            return self._post("cancel")
        except Conflict:
            job = self.read()
            if job.state == "cancelled":
                return job
            raise

    def retry(self) -> Job:
        """Queue a final job for another attempt."""
        return self._post("retry", repeatable=False)

    def events(self, *, follow: bool = False) -> Iterator[Event]:
        """Iterate over what happened to the job; with `follow` also over what happens, until it is final."""
        if follow:
            return follow_events(self._transport, self._path("events"))
        return map(Event.read, self._pages("events"))

    def logs(self) -> Iterator[LogLine]:
        """Iterate over what its attempts have logged so far."""
        return map(LogLine.read, self._pages("logs"))

    def artifacts(self) -> list[Artifact]:
        """Return what the job left behind, by name."""
        return [Artifact.read(item) for item in self._transport.send("GET", self._path("artifacts")).json()["items"]]

    def download(self, name: str, path: str | os.PathLike[str] = ".") -> Path:
        """Write an artifact into a file, or under its own name into a folder; return where.

        The file is there only once all its bytes are, and their hash is right (else `DownloadDamaged`).
        """
        target = Path(path)
        if target.is_dir():
            target /= Path(name).name
        draft = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            self._transport.repeat(lambda: self._download(name, draft))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return target

    def _read(self, wait_s: float) -> Job:
        query = {"wait": round(wait_s, 3)} if wait_s > 0 else None
        self.last = Job.read(self._transport.send("GET", self._path(), params=query, wait_s=wait_s).json())
        return self.last

    def _follow(self, every_s: float, timeout: float | None) -> Iterator[Job]:
        """Yield the job again and again, the first time at once; end after `timeout` seconds."""
        clock = self._transport.clock
        give_up_at = clock() + timeout if timeout is not None else float("inf")
        yield self._read(0.0)
        while (left_s := give_up_at - clock()) > 0:
            wait_s = min(every_s, left_s, LONGEST_WAIT_S)
            asked_at = clock()
            job = self._read(wait_s)
            yield job
            # A crowded server answers at once instead of holding the request: do not storm it.
            early_s = min(wait_s, 1.0) - (clock() - asked_at)
            if early_s > 0 and not job.is_final:
                self._transport.sleep(early_s)

    def _post(self, verb: str, *, repeatable: bool = True) -> Job:
        self.last = Job.read(self._transport.send("POST", self._path(verb), repeatable=repeatable).json())
        return self.last

    def _pages(self, what: str) -> Iterator[Mapping[str, Any]]:
        query: dict[str, Any] = {"limit": LINES}
        while True:
            page = self._transport.send("GET", self._path(what), params=query).json()
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]

    def _download(self, name: str, draft: Path) -> httpx2.Response:
        with closing(self._transport.open(self._path(f"artifacts/{quote(name, safe='')}"))) as response:
            if response.is_success:
                _write(response, draft, name)
            return response

    def _path(self, more: str = "") -> str:
        return f"/jobs/{self.id}/{more}" if more else f"/jobs/{self.id}"


def _version(etag: str) -> int:
    """Read the number of a job's latest event, behind which a compressed answer's tag names how it was compressed."""
    return int(etag.removeprefix("W/").strip('"').partition(":")[0])


def _write(response: httpx2.Response, draft: Path, name: str) -> None:
    digest = hashlib.sha256()
    with draft.open("wb") as file:
        for chunk in response.iter_bytes(CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != response.headers["ETag"].strip('"'):
        raise DownloadDamaged(f"{name} arrived damaged")
