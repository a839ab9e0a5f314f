"""One schedule as a Python program sees it: when it fires, what came of it, and whether it does at all."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from penstock_client.documents import Job
from penstock_client.handle import JobHandle
from penstock_client.transport import Transport

PAGE = 200


@dataclass(frozen=True, slots=True)
class ScheduleRun:
    """What became of one fire time: submitted, manual, missed, overlapped or refused."""

    document: Mapping[str, Any] = field(repr=False)
    fire_at: datetime
    outcome: str
    job_id: str | None
    detail: str | None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read the API's JSON."""
        fire_at = datetime.fromisoformat(document["fire_at"])
        return cls(document, fire_at, document["outcome"], document["job_id"], document["detail"])


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it was when it was read."""

    document: Mapping[str, Any] = field(repr=False)
    id: str
    name: str | None
    kind: str
    cron: str | None
    every_s: float | None
    timezone: str
    paused: bool
    next_fire_at: datetime | None
    last_run: ScheduleRun | None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read the API's JSON."""
        next_fire_at, last_run = document["next_fire_at"], document["last_run"]
        plain = {name: document[name] for name in ("id", "name", "kind", "cron", "every_s", "timezone", "paused")}
        return cls(
            document,
            **plain,
            next_fire_at=datetime.fromisoformat(next_fire_at) if next_fire_at else None,
            last_run=ScheduleRun.read(last_run) if last_run else None,
        )


@dataclass(slots=True)
class ScheduleHandle:
    """A schedule of a platform; `last` is how it was when this handle last heard of it."""

    _transport: Transport = field(repr=False)
    id: str
    last: Schedule | None = None

    def read(self) -> Schedule:
        """Ask how the schedule is now."""
        return self._heard(self._transport.send("GET", self._path()).json())

    def change(self, **changes: Any) -> Schedule:
        """Change some fields, named as the API names them; instants may be datetimes with a time zone."""
        return self._heard(self._transport.send("PATCH", self._path(), body=encode(changes)).json())

    def pause(self) -> Schedule:
        """Let it not fire until it is resumed."""
        return self._heard(self._transport.send("POST", self._path("pause")).json())

    def resume(self) -> Schedule:
        """Let it fire from now on; what fell into the pause is not made up for."""
        return self._heard(self._transport.send("POST", self._path("resume")).json())

    def run(self) -> JobHandle:
        """Submit its job now; its fire times stay as they are."""
        answer = self._transport.send("POST", self._path("run"), repeatable=False)
        job = Job.read(answer.json())
        return JobHandle(self._transport, job.id, job)

    def next(self, n: int = 5) -> list[datetime]:
        """Return the next fire times, fewer if it ends before."""
        answer = self._transport.send("GET", self._path("next"), params={"n": n}).json()
        return [datetime.fromisoformat(at) for at in answer["items"]]

    def runs(self, *, page: int = PAGE) -> Iterator[ScheduleRun]:
        """Iterate over what became of its fire times, newest first, in pages of so many as they are needed."""
        query: dict[str, Any] = {"limit": page}
        while True:
            answer = self._transport.send("GET", self._path("runs"), params=query).json()
            yield from map(ScheduleRun.read, answer["items"])
            if answer["next_cursor"] is None:
                return
            query["cursor"] = answer["next_cursor"]

    def delete(self) -> None:
        """Delete it with the history of its fire times; its jobs stay."""
        self._transport.send("DELETE", self._path())

    def _heard(self, document: Mapping[str, Any]) -> Schedule:
        self.last = Schedule.read(document)
        return self.last

    def _path(self, more: str = "") -> str:
        return f"/schedules/{self.id}/{more}" if more else f"/schedules/{self.id}"


def encode(fields: Mapping[str, Any]) -> bytes:
    """Write a schedule's fields as the API takes them."""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
    return json.dumps(plain, separators=(",", ":"), allow_nan=False).encode()
