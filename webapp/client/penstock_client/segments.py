"""Segments of customers as a Python program makes, explains and reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from penstock_client.domains import pages
from penstock_client.encoding import encode
from penstock_client.transport import Transport

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of a tenant; each is known by its id or its name, answers are the API's own documents."""

    transport: Transport

    def __iter__(self) -> Iterator[Document]:
        return pages(self.transport, "/segments")

    def add(self, name: str, definition: Mapping[str, Any], **fields: Any) -> Document:
        """Make a segment: `description`, `refresh_every_s`; for operators."""
        return self._send("POST", "/segments", {"name": name, "definition": definition, **fields})

    def read(self, segment: str) -> Document:
        """Ask how a segment is now."""
        return self._send("GET", _home(segment))

    def change(self, segment: str, **fields: Any) -> Document:
        """Change `definition`, `description` or `refresh_every_s`; for operators."""
        return self._send("PATCH", _home(segment), fields)

    def remove(self, segment: str) -> None:
        """Forget a segment with its members; for operators."""
        self.transport.send("DELETE", _home(segment))

    def explain(self, segment: str | Mapping[str, Any]) -> Document:
        """Count whom each clause chooses, of a segment or of a definition that is none yet."""
        if isinstance(segment, str):
            return self._send("GET", f"{_home(segment)}/explain")
        return self._send("POST", "/segments/explain", {"definition": segment})

    def members(self, segment: str) -> Iterator[Document]:
        """Iterate over the members, by number of the profile."""
        return pages(self.transport, f"{_home(segment)}/members")

    def history(self, segment: str) -> Iterator[Document]:
        """Iterate over what refreshes found, newest first."""
        return pages(self.transport, f"{_home(segment)}/history")

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Document:
        content = None if body is None else encode(body)
        answer: Document = self.transport.send(method, path, body=content, repeatable=method == "GET").json()
        return answer


def _home(segment: str) -> str:
    return f"/segments/{quote(segment, safe='')}"
