"""Logging in as a member, for programs that act for a person; others take an API key."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx2

from penstock_client.endpoint import Endpoint
from penstock_client.transport import Transport, connect

RENEW_BEFORE_S = 60.0


@dataclass(frozen=True, slots=True)
class Login:
    """A session: an access token for `Client(url, api_key=…)`, and what renews it, once."""

    url: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    """When the access token expires, in epoch seconds."""

    @property
    def fresh(self) -> bool:
        """Tell whether the access token is good for a while yet."""
        return time.time() < self.expires_at - RENEW_BEFORE_S

    def renew(self, *, transport: httpx2.BaseTransport | None = None) -> Self:
        """Return the session with new tokens; these are used up. Raises `Refused` when it has ended."""
        told = _ask(self.url, "/auth/refresh", {"refresh_token": self.refresh_token}, transport)
        return type(self)(self.url, *_tokens(told))

    def end(self, *, transport: httpx2.BaseTransport | None = None) -> None:
        """Log out."""
        with connect(Endpoint(self.url, self.access_token), transport=transport) as http:
            Transport(http).send("POST", "/auth/logout")


def log_in(
    url: str,
    email: str,
    password: str,
    *,
    totp: str | None = None,
    new_password: str | None = None,
    transport: httpx2.BaseTransport | None = None,
) -> Login:
    """Log in; raises `Refused` with the code `login_refused`, `totp_required` or `password_change_required`."""
    sent = {"email": email, "password": password, "totp": totp, "new_password": new_password}
    told = _ask(url, "/auth/login", {name: value for name, value in sent.items() if value is not None}, transport)
    return Login(url.rstrip("/"), *_tokens(told))


def _ask(url: str, path: str, body: Mapping[str, Any], transport: httpx2.BaseTransport | None) -> dict[str, Any]:
    # Not sent twice: a refresh token that comes twice ends the session, a failed login counts.
    with connect(Endpoint(url.rstrip("/"), ""), transport=transport) as http:
        told: dict[str, Any] = (
            Transport(http).send("POST", path, body=json.dumps(body).encode(), repeatable=False).json()
        )
    return told


def _tokens(told: Mapping[str, Any]) -> tuple[str, str, float]:
    return told["access_token"], told["refresh_token"], time.time() + told["expires_in"]
