"""The way into Flower for those who are logged in at the dashboard; programs go on by Flower's own login.

The dashboard sends a browser to `/enter` with a pass. Flower keeps a cookie for an hour; after it, opening a page leads
by way of the dashboard, which gives another pass to whoever is still logged in and may see Flower.
"""

import json
import os
from typing import Any

from flower.urls import handlers
from flower.views import BaseHandler
from tornado.web import Finish, HTTPError

from core.platform.passes import LIFE, PassInvalid, PassOffice

COOKIE = "penstock_flower"
LASTS_DAYS = 1 / 24
REMEMBERED_DAYS = 7
"""How long a browser is led back to the dashboard instead of being asked for Flower's own login."""
_ask_by_password = BaseHandler.get_current_user


def open_entry() -> None:
    """Add the entry, and have every page of Flower know who came by it; without the platform's secret there is none."""
    secret = os.environ.get("PENSTOCK_SECRET_KEY")
    if secret:
        handlers.insert(0, (r"/enter", Enter, {"office": PassOffice.of(secret)}))
        BaseHandler.get_current_user = _who


class Enter(BaseHandler):  # type: ignore[misc]  # Flower has no types
    """Takes a pass, once."""

    used: dict[str, float] = {}  # noqa: RUF012 - of the process: Flower is one
    """When each pass may be forgotten, by its id, on the clock of the event loop."""

    def initialize(self, office: PassOffice) -> None:
        """Keep what reads passes."""
        self.office = office

    def get(self) -> None:
        """Let the browser in, or say how to come."""
        try:
            shown = self.office.read(self.get_query_argument("pass", ""))
            self._use_up(shown.id)
        except PassInvalid as error:
            raise HTTPError(403, error.detail) from None
        cookie = json.dumps({"who": shown.who, "back": shown.back})
        self.set_secure_cookie(COOKIE, cookie, expires_days=None, samesite="Strict", secure=self._is_secure())
        self.redirect("/")

    def _use_up(self, pass_id: str) -> None:
        now = self.application.io_loop.time()
        for each in [each for each, until in self.used.items() if until < now]:
            del self.used[each]
        if pass_id in self.used:
            raise PassInvalid
        self.used[pass_id] = now + 2 * LIFE.total_seconds()

    def _is_secure(self) -> bool:
        return bool(self.request.protocol == "https")


def _who(handler: Any) -> Any:
    """Return who came by the entry, else whom Flower's own login knows."""
    if not handler.request.headers.get("Authorization"):
        if fresh := handler.get_secure_cookie(COOKIE, max_age_days=LASTS_DAYS):
            return json.loads(fresh)["who"]
        stale = handler.get_secure_cookie(COOKIE, max_age_days=REMEMBERED_DAYS)
        if stale and handler.request.method == "GET" and not handler.request.path.startswith("/api/"):
            handler.redirect(json.loads(stale)["back"])
            raise Finish
    return _ask_by_password(handler)
