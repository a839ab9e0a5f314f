"""Who comes back to Flower when the cookie of the entry has aged: a real server, a cookie signed in the past."""

import asyncio
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flower.views import BaseHandler
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, authenticated, create_signed_value

from tasks import flower_entry

SECRET = "a secret of this test"
BACK = "http://127.0.0.1:1/dashboard/admin/flower"
HOUR_S = 3600.0


class Page(BaseHandler):  # type: ignore[misc]  # Flower has no types
    """A page that takes a login."""

    @authenticated
    def get(self) -> None:
        self.write(f"for {self.current_user}")


def cookie(age_s: float) -> str:
    value = json.dumps({"who": "member 1", "back": BACK})
    signed = create_signed_value(SECRET, flower_entry.COOKIE, value, clock=lambda: time.time() - age_s)
    return f"{flower_entry.COOKIE}={signed.decode()}"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., HTTPResponse]:
    monkeypatch.setattr(BaseHandler, "get_current_user", flower_entry._who)
    app = Application([(r"/page", Page), (r"/api/page", Page)], cookie_secret=SECRET)
    vars(app)["options"] = SimpleNamespace(basic_auth=["penstock:word"], auth="", url_prefix="")

    def ask(path: str, **headers: str) -> HTTPResponse:
        async def run() -> HTTPResponse:
            socket, port = bind_unused_port()
            server = HTTPServer(app)
            server.add_sockets([socket])
            try:
                address = f"http://127.0.0.1:{port}{path}"
                return await AsyncHTTPClient().fetch(
                    address, headers=headers, follow_redirects=False, raise_error=False
                )
            finally:
                server.stop()

        # In a thread of its own: a browser that tests before this one started keeps a loop running in the main one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, run()).result()

    return ask


@pytest.mark.parametrize(("age_s", "code"), [(0.9 * HOUR_S, 200), (1.1 * HOUR_S, 302), (8 * 24 * HOUR_S, 401)])
def test_a_cookie_lets_in_for_an_hour_and_leads_back_for_a_week(
    asked: Callable[..., HTTPResponse], age_s: float, code: int
) -> None:
    answer = asked("/page", Cookie=cookie(age_s))
    assert answer.code == code
    assert answer.headers.get("Location") == (BACK if code == 302 else None)


def test_programs_are_never_led_anywhere(asked: Callable[..., HTTPResponse]) -> None:
    assert asked("/api/page", Cookie=cookie(2 * HOUR_S)).code == 401
    assert asked("/page").code == 401
    assert asked("/page", Authorization="Basic cGVuc3RvY2s6d29yZA==", Cookie=cookie(2 * HOUR_S)).code == 200
