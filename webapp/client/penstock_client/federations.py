"""Federations as a Python program takes part in them: updates out, models in."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from penstock_client.documents import Upload
from penstock_client.domains import pages
from penstock_client.handle import JobHandle
from penstock_client.transport import Transport

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Federations:
    """The federations of a tenant; iterating yields a document of each."""

    transport: Transport

    def __iter__(self) -> Iterator[Document]:
        return pages(self.transport, "/federations")

    def __getitem__(self, name: str) -> "FederationHandle":
        return FederationHandle(self.transport, name)

    def add(self, name: str, **fields: Any) -> "FederationHandle":
        """Make a federation: strategy, settings, form, quorum, members, privacy and the like; for operators."""
        self.transport.send("POST", "/federations", body=_encode({"name": name, **fields}), repeatable=False)
        return FederationHandle(self.transport, name)


@dataclass(frozen=True, slots=True)
class FederationHandle:
    """One federation, by name or id; answers are the API's own documents."""

    _transport: Transport
    name: str

    def read(self) -> Document:
        """Ask how the federation is."""
        return self._ask("GET")

    def change(self, **changes: Any) -> Document:
        """Change strategy, settings, form, quorum and the like; for operators."""
        return self._ask("PATCH", body=changes)

    def remove(self) -> None:
        """Forget it with its rounds, updates and models; for operators."""
        self._transport.send("DELETE", self._path())

    def members(self) -> list[str]:
        """Return the members' names."""
        return [one["name"] for one in self.roster()]

    def roster(self) -> Iterator[Document]:
        """Iterate over members, each with the data that it trains on here, None where it trains elsewhere."""
        return pages(self._transport, self._path("members"))

    def join(self, names: Iterable[str]) -> int:
        """Make some names members, and return how many are new; for operators."""
        return int(self._ask("POST", "members", {"names": list(names)})["joined"])

    def topology(self) -> Document:
        """Ask how connections were laid, and which members they do not reach."""
        return self._ask("GET", "topology")

    def lay(self, shape: str, **fields: Any) -> Document:
        """Lay connections among the members, which rounds then follow in the place of the server; for operators.

        Fields: degree, probability, seed, tolerance, rounds; for the shape `own` connections, pairs of names.
        """
        return self._ask("PUT", "topology", {"shape": shape, **fields})

    def clear_topology(self) -> None:
        """Forget the topology with its connections: rounds go over the server again; for operators."""
        self._transport.send("DELETE", self._path("topology"))

    def connections(self) -> Iterator[Document]:
        """Iterate over connections by the names of both."""
        return pages(self._transport, self._path("connections"))

    def connect(self, one: str, other: str) -> Document:
        """Connect two members; for operators."""
        return self._ask("PUT", self._between(one, other))

    def disconnect(self, one: str, other: str) -> None:
        """End a connection; for operators."""
        self._transport.send("DELETE", self._path(self._between(one, other)))

    def rounds(self) -> Iterator[Document]:
        """Iterate over rounds, newest first."""
        return pages(self._transport, self._path("rounds"))

    def place(self, member: str, data: Mapping[str, Any] | None) -> Document:
        """Make a name a member that trains on the platform, on these data; None: elsewhere; for operators."""
        return self._ask("PUT", f"members/{quote(member, safe='')}", {"data": data})

    def open_round(self, *, deadline_s: float | None = None, enough: int | None = None) -> Document:
        """Open the next round, which closes by itself at a deadline, or once enough are present; for operators."""
        given = {"deadline_s": deadline_s, "enough": enough}
        return self._ask("POST", "rounds", given, repeatable=False)

    def read_round(self, number: int) -> Document:
        """Ask how a round is; once it is published, with each member's part and who is suspected."""
        return self._ask("GET", f"rounds/{number}")

    def send(self, number: int, member: str, upload: Upload, **facts: Any) -> Document:
        """Send an upload as a member's update, in place of the one before; facts: weight, loss, began_with."""
        body = {"artifact": upload.artifact_id, **facts}
        return self._ask("PUT", f"rounds/{number}/updates/{quote(member, safe='')}", body)

    def updates(self, number: int) -> Iterator[Document]:
        """Iterate over what was sent for a round, by member."""
        return pages(self._transport, self._path(f"rounds/{number}/updates"))

    def aggregate(self, number: int) -> JobHandle:
        """Close a round and have it aggregated; the model is published when the job has succeeded; for operators."""
        path = self._path(f"rounds/{number}/aggregate")
        answer = self._transport.send("POST", path, repeatable=False).json()
        return JobHandle(self._transport, answer["links"]["job"].rsplit("/", 1)[1])

    def privacy(self) -> Document:
        """Ask what is spent of the privacy budget, and what is left."""
        return self._ask("GET", "privacy")

    def ledger(self) -> Iterator[Document]:
        """Iterate over what rounds were admitted for, newest first."""
        return pages(self._transport, self._path("privacy/ledger"))

    def models(self) -> Iterator[Document]:
        """Iterate over versions of the model, newest first."""
        return pages(self._transport, self._path("models"))

    def publish(self, upload: Upload) -> Document:
        """Publish an upload as the next version of the model; for operators."""
        return self._ask("POST", "models", {"artifact": upload.artifact_id}, repeatable=False)

    def download(self, version: int, path: str | os.PathLike[str]) -> Path:
        """Write a version of the model into a file, and return where."""
        content = self._transport.send("GET", self._path(f"models/{version}/content")).content
        target = Path(path)
        target.write_bytes(content)
        return target

    def _between(self, one: str, other: str) -> str:
        return f"connections/{quote(one, safe='')}/{quote(other, safe='')}"

    def _path(self, more: str = "") -> str:
        home = f"/federations/{quote(self.name, safe='')}"
        return f"{home}/{more}" if more else home

    def _ask(
        self, method: str, more: str = "", body: Mapping[str, Any] | None = None, *, repeatable: bool = True
    ) -> Document:
        sent = None if body is None else _encode(body)
        return dict(self._transport.send(method, self._path(more), body=sent, repeatable=repeatable).json())


def _encode(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
