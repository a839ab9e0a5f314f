"""Audiences as a Python program makes, plans, applies and writes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from penstock_client.domains import pages
from penstock_client.encoding import encode
from penstock_client.transport import Transport

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audiences:
    """The audiences of a tenant; each is known by its id or its name, answers are the API's own documents.

    Syncs are jobs: `client.submit("customers.plan_audience_sync", {"audience": name})`, then
    `client.submit("customers.apply_audience_sync", {"plan": plan})`.
    """

    transport: Transport

    def __iter__(self) -> Iterator[Document]:
        return pages(self.transport, "/audiences")

    def add(self, name: str, *, segment: str, vendor: str, **fields: Any) -> Document:
        """Make an audience: `connection`, `field`, `purpose`, `channel`, `sync_every_s`; for operators."""
        return self._send("POST", "/audiences", {"name": name, "segment": segment, "vendor": vendor, **fields})

    def read(self, audience: str) -> Document:
        """Ask how an audience is now, and how many members its platform has."""
        return self._send("GET", _home(audience))

    def change(self, audience: str, *, sync_every_s: int | None) -> Document:
        """Change how often it is synced by itself; for operators."""
        return self._send("PATCH", _home(audience), {"sync_every_s": sync_every_s})

    def remove(self, audience: str) -> None:
        """Forget an audience of which its platform has no members any more; for operators."""
        self.transport.send("DELETE", _home(audience))

    def plans(self, audience: str) -> Iterator[Document]:
        """Iterate over plans with their counts, newest first."""
        return pages(self.transport, f"{_home(audience)}/plans")

    def chunks(self, audience: str, plan: str) -> Iterator[Document]:
        """Iterate over the ledger of a plan: each request to the platform."""
        return pages(self.transport, f"{_home(audience)}/plans/{plan}/chunks")

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Document:
        content = None if body is None else encode(body)
        answer: Document = self.transport.send(method, path, body=content, repeatable=method == "GET").json()
        return answer


def _home(audience: str) -> str:
    return f"/audiences/{quote(audience, safe='')}"
