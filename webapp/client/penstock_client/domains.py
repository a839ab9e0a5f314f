"""Domains, their windows and the bus as a Python program makes and watches them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from penstock_client.documents import Job, _FromDocument
from penstock_client.handle import JobHandle
from penstock_client.transport import Transport

PAGE = 200


@dataclass(frozen=True, slots=True)
class Domain(_FromDocument):
    """A domain as it was when it was read."""

    id: str
    name: str
    variables: list[str]
    window_size: int
    interval_s: float | None
    status: str
    retention_windows: int
    next_index: int


@dataclass(frozen=True, slots=True)
class Window(_FromDocument):
    """A window as it was when it was read, without its rows."""

    index: int
    source: str
    rows: int
    bytes: int
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BusEvent(_FromDocument):
    """An event of the bus."""

    seq: int
    topic: str
    subject: str
    data: dict[str, Any]
    depth: int


@dataclass(frozen=True, slots=True)
class Trigger(_FromDocument):
    """A trigger as it was when it was read."""

    id: str
    topic: str
    kind: str
    active: bool
    paused_reason: str | None
    fired: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class Domains:
    """The domains of a tenant; each is known by its id or its name."""

    transport: Transport

    def __iter__(self) -> Iterator[Domain]:
        return map(Domain.read, pages(self.transport, "/domains"))

    def add(self, name: str, **fields: Any) -> Domain:
        """Make a domain: `example="retail"`, or `variables`, `generator`, `window_size`, `interval_s` and the like."""
        return self._send("POST", "/domains", {"name": name, **fields})

    def read(self, domain: str) -> Domain:
        """Ask how a domain is now."""
        return Domain.read(self.transport.send("GET", _home(domain)).json())

    def change(self, domain: str, **fields: Any) -> Domain:
        """Change some fields."""
        return self._send("PATCH", _home(domain), fields)

    def clone(self, domain: str, name: str, **fields: Any) -> Domain:
        """Make another domain like one, without its windows."""
        return self._send("POST", f"{_home(domain)}/clone", {"name": name, **fields})

    def pause(self, domain: str) -> Domain:
        """Generate no windows until it is resumed."""
        return Domain.read(self.transport.send("POST", f"{_home(domain)}/pause").json())

    def resume(self, domain: str) -> Domain:
        """Go on generating windows."""
        return Domain.read(self.transport.send("POST", f"{_home(domain)}/resume").json())

    def remove(self, domain: str) -> None:
        """Take a domain away with its windows."""
        self.transport.send("DELETE", _home(domain))

    def statistics(self, domain: str) -> dict[str, Any]:
        """Ask what a domain's windows are like."""
        told: dict[str, Any] = self.transport.send("GET", f"{_home(domain)}/statistics").json()
        return told

    def windows(self, domain: str, **chosen: Any) -> Iterator[Window]:
        """Iterate over a domain's windows: `first`, `last`, `started_after`, `started_before`, `source`."""
        return map(Window.read, pages(self.transport, f"{_home(domain)}/windows", **chosen))

    def content(self, domain: str, index: int) -> bytes:
        """Return a window's rows as an Arrow stream."""
        return self.transport.send("GET", f"{_home(domain)}/windows/{index}/content").content

    def upload(self, domain: str, file: Path, *, format: str | None = None, **options: Any) -> JobHandle:  # noqa: A002 - as the API calls it
        """Upload a file of rows; the job that reads it reports what is wrong by line and column, or stores them all."""
        asked = {"format": format or _format_of(file), **options}
        with file.open("rb") as content:
            answer = self.transport.send(
                "POST",
                f"{_home(domain)}/windows",
                params=asked,
                body=lambda: _rewound(content),
                headers={"Content-Type": "application/octet-stream"},
                repeatable=False,
            )
        return self._follow(answer.json())

    def export(self, domain: str, **options: Any) -> JobHandle:
        """Have windows written as one file: `format`, `first`, `last`; the file is the job's artifact."""
        body = json.dumps(options).encode()
        answer = self.transport.send("POST", f"{_home(domain)}/windows/export", body=body, repeatable=False)
        return self._follow(answer.json())

    def _follow(self, document: Mapping[str, Any]) -> JobHandle:
        job = Job.read(document)
        return JobHandle(self.transport, job.id, job)

    def events(self, **chosen: Any) -> Iterator[BusEvent]:
        """Iterate over the events of the bus, newest first: `topics` (with commas between them), `subject`."""
        return map(BusEvent.read, pages(self.transport, "/events", **chosen))

    def _send(self, method: str, address: str, fields: Mapping[str, Any]) -> Domain:
        body = json.dumps(fields).encode()
        return Domain.read(self.transport.send(method, address, body=body, repeatable=method == "PATCH").json())


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers of a tenant; for operators."""

    transport: Transport

    def __iter__(self) -> Iterator[Trigger]:
        return map(Trigger.read, pages(self.transport, "/triggers"))

    def add(self, topic: str, kind: str, **fields: Any) -> Trigger:
        """Have a job of a kind submitted for each event of a topic: `params`, `params_from`, `filter`."""
        body = json.dumps({"topic": topic, "kind": kind, **fields}).encode()
        return Trigger.read(self.transport.send("POST", "/triggers", body=body, repeatable=False).json())

    def read(self, trigger_id: str) -> Trigger:
        """Ask how a trigger is now."""
        return Trigger.read(self.transport.send("GET", f"/triggers/{trigger_id}").json())

    def change(self, trigger_id: str, **fields: Any) -> Trigger:
        """Change some fields; `active=True` resumes what was paused."""
        body = json.dumps(fields).encode()
        return Trigger.read(self.transport.send("PATCH", f"/triggers/{trigger_id}", body=body).json())

    def delete(self, trigger_id: str) -> None:
        """Delete a trigger; its jobs stay."""
        self.transport.send("DELETE", f"/triggers/{trigger_id}")


def pages(transport: Transport, address: str, **chosen: Any) -> Iterator[dict[str, Any]]:
    """Iterate over the items of a list, page by page."""
    query = {"limit": PAGE, **{name: value for name, value in chosen.items() if value is not None}}
    while True:
        answer = transport.send("GET", address, params=query).json()
        yield from answer["items"]
        if answer["next_cursor"] is None:
            return
        query["cursor"] = answer["next_cursor"]


def _home(domain: str) -> str:
    return f"/domains/{quote(domain, safe='')}"


def _rewound(content: BinaryIO) -> BinaryIO:
    content.seek(0)
    return content


def _format_of(file: Path) -> str:
    known = {"csv": "csv", "parquet": "parquet", "pq": "parquet", "arrow": "arrow", "json": "json", "ndjson": "json"}
    return known.get(file.suffix.lstrip(".").lower(), "csv")
