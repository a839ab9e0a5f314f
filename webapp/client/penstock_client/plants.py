"""Pumping stations as a Python program operates them: measurements and prices in, schedules and figures out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from penstock_client.transport import Transport

PAGE = 200
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plants:
    """The stations of a tenant; iterating yields a document of each."""

    transport: Transport

    def __iter__(self) -> Iterator[Document]:
        return iter(self.transport.send("GET", "/plants").json()["items"])

    def __getitem__(self, name: str) -> "PlantHandle":
        return PlantHandle(self.transport, name)

    def add(self, document: Mapping[str, Any]) -> "PlantHandle":
        """Keep a station's document under its own name; for operators."""
        answer = self.transport.send("POST", "/plants", body=_encode({"document": document})).json()
        return PlantHandle(self.transport, answer["id"])


@dataclass(frozen=True, slots=True)
class PlantHandle:
    """One station; answers are the API's own documents."""

    _transport: Transport
    name: str

    def read(self) -> Document:
        """Ask how the station is operated."""
        return self._ask("GET", self._path())

    def change(self, **changes: Any) -> Document:
        """Change how it is operated: active, automatic, timezone, horizon_h, weights, clock and more; for operators."""
        return self._ask("PATCH", self._path(), changes)

    def delete(self) -> None:
        """Forget it with all that is kept of it; for operators."""
        self._transport.send("DELETE", self._path())

    def state(self) -> Document:
        """Ask for the latest measurement, its age, and whether it is stale."""
        return self._ask("GET", self._path("state"))

    def send_readings(self, readings: Iterable[Mapping[str, Any]]) -> Document:
        """Send measurements; one sent again replaces itself, so that a retry does no harm."""
        return self._ask("POST", self._path("state"), {"readings": list(readings)})

    def send_csv(self, content: bytes) -> Document:
        """Send measurements as CSV in the shared columns."""
        headers = {"Content-Type": "text/csv"}
        return _document(self._transport.send("POST", self._path("state"), body=content, headers=headers).json())

    def put_prices(self, prices: Iterable[Mapping[str, Any]]) -> int:
        """Keep prices, each `{"time", "eur_per_mwh"}`; return how many."""
        return int(self._ask("PUT", self._path("prices"), {"prices": list(prices)})["kept"])

    def performance(self, since: datetime | None = None, until: datetime | None = None) -> Document:
        """Compare what was measured with what was planned; the last day unless said otherwise."""
        stretch = {"since": since, "until": until}
        params = {name: value.isoformat() for name, value in stretch.items() if value is not None}
        return _document(self._transport.send("GET", self._path("performance"), params=params).json())

    def schedule(self) -> Document:
        """Return the current recommendation."""
        return self._ask("GET", f"/schedule?plant={self._quoted}")

    def plans(self, limit: int = PAGE) -> list[Document]:
        """Return the latest plans without their steps, newest first."""
        return list(self._ask("GET", f"/schedule/plans?plant={self._quoted}&limit={limit}")["items"])

    def plan_now(self) -> Document:
        """Have it planned anew now; for operators."""
        return self._ask("POST", f"/schedule?plant={self._quoted}", repeatable=False)

    def accept(self, plan_id: str, note: str | None = None) -> Document:
        """Accept a recommendation: it is followed from now on; for operators."""
        return self._ask("POST", f"/schedule/{plan_id}/accept", {"note": note})

    def reject(self, plan_id: str, note: str | None = None) -> Document:
        """Reject a recommendation: the station is on its own control until the next plan; for operators."""
        return self._ask("POST", f"/schedule/{plan_id}/reject", {"note": note})

    def forecast(self) -> Document:
        """Return what the newest plan was made by: inflow with its band, prices, the level of then."""
        return _document(self._ask("GET", f"/forecasts?plant={self._quoted}")["items"][0])

    def override(self, pump: str, action: str, *, minutes: float, why: str, who: str = "") -> Document:
        """Order a pump `on`, `off` or `out` for some minutes; a plan is made around it at once; for operators."""
        order = {"plant": self.name, "pump": pump, "action": action, "minutes": minutes, "why": why, "who": who}
        return self._ask("POST", "/overrides", order, repeatable=False)

    def overrides(self, limit: int = PAGE) -> list[Document]:
        """Return the latest orders, newest first."""
        return list(self._ask("GET", f"/overrides?plant={self._quoted}&limit={limit}")["items"])

    def end_override(self, override_id: str) -> Document:
        """End an order before its time; for operators."""
        return self._ask("DELETE", f"/overrides/{override_id}")

    @property
    def _quoted(self) -> str:
        return quote(self.name, safe="")

    def _path(self, more: str = "") -> str:
        return f"/plants/{self._quoted}/{more}" if more else f"/plants/{self._quoted}"

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, repeatable: bool = True
    ) -> Document:
        sent = None if body is None else _encode(body)
        return _document(self._transport.send(method, path, body=sent, repeatable=repeatable).json())


def _document(value: Any) -> Document:
    return dict(value)


def _encode(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False, default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON value")
