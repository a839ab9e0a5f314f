"""Webhooks as a Python program makes and watches them; `verify_signature` is for those who receive."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from penstock_client.documents import _FromDocument
from penstock_client.transport import Transport

PAGE = 200


@dataclass(frozen=True, slots=True)
class Webhook(_FromDocument):
    """A webhook as it was when it was read."""

    id: str
    url: str
    events: list[str]
    active: bool
    disabled_reason: str | None
    failures: int
    secret: str | None = None
    """What its deliveries are signed with; only right after it was made or rotated."""


@dataclass(frozen=True, slots=True)
class Delivery(_FromDocument):
    """A delivery as it was when it was read: pending, delivered or failed."""

    id: str
    job_id: str | None
    event: str
    url: str
    state: str
    attempts: int
    created_at: datetime
    log: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The webhooks of a tenant; for operators."""

    transport: Transport

    def __iter__(self) -> Iterator[Webhook]:
        return map(Webhook.read, self._pages("/webhooks"))

    def add(self, url: str, **fields: Any) -> Webhook:
        """Have the ends of jobs told to an address; `events`, `kinds`, `tags` say which."""
        body = json.dumps({"url": url, **fields}).encode()
        return Webhook.read(self.transport.send("POST", "/webhooks", body=body, repeatable=False).json())

    def read(self, webhook_id: str) -> Webhook:
        """Ask how a webhook is now."""
        return Webhook.read(self.transport.send("GET", f"/webhooks/{webhook_id}").json())

    def change(self, webhook_id: str, **fields: Any) -> Webhook:
        """Change some fields; `active=True` enables what was disabled."""
        body = json.dumps(fields).encode()
        return Webhook.read(self.transport.send("PATCH", f"/webhooks/{webhook_id}", body=body).json())

    def rotate(self, webhook_id: str) -> Webhook:
        """Give it another secret; for a day deliveries are signed with both."""
        answer = self.transport.send("POST", f"/webhooks/{webhook_id}/rotate", repeatable=False)
        return Webhook.read(answer.json())

    def test(self, webhook_id: str) -> Delivery:
        """Deliver something that tells of nothing."""
        answer = self.transport.send("POST", f"/webhooks/{webhook_id}/test", repeatable=False)
        return Delivery.read(answer.json())

    def deliveries(self, webhook_id: str) -> Iterator[Delivery]:
        """Iterate over what was delivered during the last days, newest first."""
        return map(Delivery.read, self._pages(f"/webhooks/{webhook_id}/deliveries"))

    def replay(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery once more."""
        address = f"/webhooks/{webhook_id}/deliveries/{delivery_id}/replay"
        return Delivery.read(self.transport.send("POST", address).json())

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook with the log of its deliveries."""
        self.transport.send("DELETE", f"/webhooks/{webhook_id}")

    def _pages(self, address: str) -> Iterator[dict[str, Any]]:
        query: dict[str, Any] = {"limit": PAGE}
        while True:
            answer = self.transport.send("GET", address, params=query).json()
            yield from answer["items"]
            if answer["next_cursor"] is None:
                return
            query["cursor"] = answer["next_cursor"]
