"""Logins that the command line keeps: one for each platform, readable by their owner only, renewed as they are used."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from penstock_client import Login, Refused


def kept_logins() -> Path:
    """Name the file."""
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    home = Path(os.environ.get("HOME") or "~").expanduser()
    return (state if state.is_absolute() else home / ".local" / "state") / "penstock" / "logins.json"


def current_token(url: str) -> str | None:
    """Return the access token of the login to a platform, renewed if need be; None where there is none any more."""
    login = _read().get(url)
    if login is None:
        return None
    if not login.fresh:
        try:
            login = login.renew()
        except Refused:
            forget(url)
            return None
        keep(login)
    return login.access_token


def keep(login: Login) -> None:
    """Keep a login in place of the one before."""
    _write({**_read(), login.url: login})


def forget(url: str) -> Login | None:
    """Keep the login to a platform no more; return it."""
    kept = _read()
    login = kept.pop(url, None)
    _write(kept)
    return login


def _read() -> dict[str, Login]:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return {url: Login(**fields) for url, fields in json.loads(kept_logins().read_text()).items()}
    return {}


def _write(logins: Mapping[str, Login]) -> None:
    path = kept_logins()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    document: dict[str, Any] = {url: asdict(login) for url, login in logins.items()}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file)
    draft.replace(path)
