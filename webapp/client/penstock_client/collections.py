"""Collections of the API, as documents: what a tenant's operators list, make, change and act on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstock_client.transport import Transport

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection under `/api/v1`, such as `alerts`; what it answers is kept as it comes."""

    transport: Transport
    path: str

    def __iter__(self) -> Iterator[Document]:
        return self.list()

    def list(self, *, below: str = "", **filters: Any) -> Iterator[Document]:
        """Iterate over all items, or those `below` one (`<id>/events`), page by page."""
        query = {name: value for name, value in filters.items() if value is not None}
        while True:
            answer = self._send("GET", below, params=query)
            yield from answer["items"]
            if answer["next_cursor"] is None:
                return
            query["cursor"] = answer["next_cursor"]

    def read(self, name: str = "", **query: Any) -> Document:
        """Read one item, or the collection itself where it is a document."""
        return self._send("GET", name, params=query)

    def add(self, fields: Mapping[str, Any]) -> Document:
        """Make an item."""
        return self._send("POST", "", fields)

    def change(self, name: str, fields: Mapping[str, Any]) -> Document:
        """Change some fields of an item."""
        return self._send("PATCH", name, fields)

    def put(self, name: str, fields: Mapping[str, Any]) -> Document:
        """Put fields in place of all that were set before."""
        return self._send("PUT", name, fields)

    def act(self, name: str, fields: Mapping[str, Any] | None = None) -> Document:
        """Have something done to an item (`<id>/acknowledge`)."""
        return self._send("POST", name, fields)

    def delete(self, name: str) -> None:
        """Delete an item."""
        self.transport.send("DELETE", f"{self.path}/{name}")

    def _send(
        self,
        method: str,
        name: str,
        fields: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, Any] | None = None,
    ) -> Document:
        address = f"{self.path}/{name}" if name else self.path
        body = None if fields is None else json.dumps(fields).encode()
        answer = self.transport.send(method, address, body=body, params=params, repeatable=method in {"GET", "PUT"})
        document: Document = answer.json()
        return document
