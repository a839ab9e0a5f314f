"""Automation as a Python program steers it: actions, campaigns, CRMs, and the connections that they go through."""

import json
import math
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from penstock_client.domains import pages
from penstock_client.transport import Transport

Document = dict[str, Any]
POLL_S = 0.3


@dataclass(frozen=True, slots=True)
class Autopilot:
    """What automation may do and does; answers are the API's own documents."""

    _transport: Transport

    def read(self) -> Document:
        """Tell the mode, and what holds whatever the gate says."""
        return self._ask("GET", "/autopilot")

    def hold_to(self, **bounds: Any) -> Document:
        """Set `ceiling`, `max_step`, `min_hours`, `max_per_day`; for operators."""
        return self._ask("PUT", "/autopilot", bounds)

    def connect(
        self,
        name: str,
        connector: str,
        *,
        secret: str | None = None,
        idempotency_key: str | None = None,
        **settings: Any,
    ) -> Document:
        """Connect to a platform by a connector, such as `simulated_ads`; for operators."""
        given = {"name": name, "connector": connector, "settings": settings, "secret": secret}
        return self._make("/connections", given, idempotency_key)

    def disconnect(self, connection: str, *, force: bool = False) -> None:
        """Forget a connection; what hangs on it is refused to end unless by `force`. For operators."""
        path = f"/connections/{quote(connection, safe='')}"
        self._transport.send("DELETE", path, params={"force": "true"} if force else None)

    def accounts(self) -> list[Document]:
        """List advertising accounts by name; trust is that of the worst."""
        found: list[Document] = self._ask("GET", "/ad-accounts")["items"]
        return found

    def watch(self, name: str, vendor: str, currency: str, **links: str | None) -> Document:
        """Have an account watched, through a `connection` and with a `source` of events, if it has them."""
        return self._ask("POST", "/ad-accounts", {"name": name, "vendor": vendor, "currency": currency, **links})

    def link_account(self, account: str, **links: str | None) -> Document:
        """Link an account to another `connection` or `source`, or to none; what is left out stays."""
        return self._ask("PATCH", f"/ad-accounts/{account}", links)

    def actions(self, state: str | None = None) -> Iterator[Document]:
        """Yield actions, newest first."""
        return pages(self._transport, "/actions", state=state)

    def propose(self, action: str, *, idempotency_key: str | None = None, **asked: Any) -> Document:
        """Propose an action: `connection`, `target`, `daily_budget`, `why`; the gate is asked at once."""
        return self._make("/actions", {"action": action, **asked}, idempotency_key)

    def read_action(self, action_id: str) -> Document:
        """Read an action as it stands."""
        return self._ask("GET", f"/actions/{action_id}")

    def approve(self, action_id: str) -> Document:
        """Approve what somebody else proposed."""
        return self._ask("POST", f"/actions/{action_id}/approve", {})

    def reject(self, action_id: str, why: str | None = None) -> Document:
        """Reject what was not begun."""
        return self._ask("POST", f"/actions/{action_id}/reject", {"why": why})

    def roll_back(self, action_id: str) -> Document:
        """Have put back what there was before an action."""
        return self._ask("POST", f"/actions/{action_id}/rollback", {})

    def ended(self, action_id: str, states: Collection[str] = ("verified",), timeout_s: float = 60.0) -> Document:
        """Wait until an action is in one of these states, or failed; raises `TimeoutError`."""
        return self._waited(f"/actions/{action_id}", {*states, "failed", "blocked"}, timeout_s)

    def campaigns(self, state: str | None = None) -> Iterator[Document]:
        """Yield campaigns, newest first."""
        return pages(self._transport, "/campaigns", state=state)

    def draft(self, name: str, *, idempotency_key: str | None = None, **fields: Any) -> Document:
        """Draft a campaign: `connection`, `daily_budget`, and `fields` by level."""
        return self._make("/campaigns", {"name": name, **fields}, idempotency_key)

    def change_campaign(self, campaign_id: str, **changes: Any) -> Document:
        """Change `name`, `daily_budget` or `fields`; it is a draft again, and yours."""
        return self._ask("PATCH", f"/campaigns/{campaign_id}", changes)

    def turn_campaign(self, campaign_id: str, step: str) -> Document:
        """Have a campaign go on: `submit`, `approve`, `reject`, or `activate`, which answers an action."""
        return self._ask("POST", f"/campaigns/{campaign_id}/{step}", {})

    def published(self, campaign_id: str, timeout_s: float = 60.0) -> Document:
        """Wait until a campaign that was approved is published, or failed to be; raises `TimeoutError`."""
        return self._waited(f"/campaigns/{campaign_id}", {"published", "failed"}, timeout_s)

    def crm_links(self) -> list[Document]:
        """List links to CRMs by name."""
        found: list[Document] = self._ask("GET", "/crm-links")["items"]
        return found

    def link_crm(
        self,
        name: str,
        connection: str,
        ownership: Mapping[str, str],
        *,
        idempotency_key: str | None = None,
        **more: Any,
    ) -> Document:
        """Link a CRM: whose each field is (`ours`, `theirs`, `newest`); `every_s`, `overlap_s`."""
        given = {"name": name, "connection": connection, "ownership": dict(ownership), **more}
        return self._make("/crm-links", given, idempotency_key)

    def sync_crm(self, link: str, *, dry_run: bool = False) -> str:
        """Have a CRM synced, or only told what would be; return the job's id."""
        return str(self._ask("POST", f"/crm-links/{link}/sync", {"dry_run": dry_run})["job_id"])

    def _waited(self, path: str, states: Collection[str], timeout_s: float) -> Document:
        for _ in range(math.ceil(timeout_s / POLL_S)):
            told = self._ask("GET", path)
            if told["state"] in states:
                return told
            self._transport.sleep(POLL_S)
        raise TimeoutError(f"{path} was not {' or '.join(sorted(states))} within {timeout_s:g} s")

    def _make(self, path: str, body: Mapping[str, Any], key: str | None) -> Document:
        """Make something once, however often the request has to be sent."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        answer = self._transport.send("POST", path, body=json.dumps(body).encode(), headers=headers)
        document: Document = answer.json()
        return document

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Document:
        encoded = None if body is None else json.dumps(body).encode()
        document: Document = self._transport.send(method, path, body=encoded, repeatable=method != "POST").json()
        return document
