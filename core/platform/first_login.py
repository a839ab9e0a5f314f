"""The first login of an installation: a password told once, on the terminal that started it, and kept nowhere."""

import json
from contextlib import suppress
from pathlib import Path

from core.platform.servers.folder import write_private

EMAIL = "admin@localhost"
_NAME = "first-login.json"


def leave(data_dir: Path, password: str) -> None:
    """Leave the password for whoever started the platform; nobody else can read it."""
    (data_dir / "run").mkdir(exist_ok=True)
    write_private(data_dir / "run" / _NAME, json.dumps({"password": password}))


def take(data_dir: Path) -> str | None:
    """Return what is to be told, once; None where nothing is."""
    path = data_dir / "run" / _NAME
    with suppress(FileNotFoundError, ValueError, KeyError):
        left = json.loads(path.read_text())
        path.unlink()
        return told(left["password"])
    return None


def told(password: str) -> str:
    """Say how to log in for the first time."""
    return (
        f"First login: {EMAIL} with the one-time password {password}\n"
        "  Choose your own at the first login, within 7 days: penstock login, or the dashboard"
    )
