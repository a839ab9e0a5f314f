"""Which addresses may be named as a webhook's: their form alone; where they lead is looked at before each delivery."""

import re
from urllib.parse import SplitResult, urlsplit

LONGEST = 2_000
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1024
"""Below it other services than the web's listen, which no request is to reach."""


def flaw_in(url: str) -> str | None:
    """Tell what is wrong with an address; None when nothing is."""
    if len(url) > LONGEST:
        return f"At most {LONGEST:,} characters."
    if not _VISIBLE.fullmatch(url):
        return "Visible ASCII characters only; write others percent-encoded, names of hosts as IDNA."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"Not a URL: {error}."
    return _flaw_in_parts(parts, port)


def receiver_of(url: str) -> str:
    """Return host and port of a sound address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    return f"[{host}]:{_port(parts)}" if ":" in host else f"{host}:{_port(parts)}"


def _flaw_in_parts(parts: SplitResult, port: int | None) -> str | None:
    if parts.scheme not in _PORTS or not parts.hostname:
        return "It has to begin with http:// or https:// and the name of a host."
    if "@" in parts.netloc:
        return "A user or password has no place in it; deliveries are signed."
    if "#" in parts.geturl() or "\\" in parts.geturl():
        return "A fragment or backslash has no place in it."
    if port is not None and port not in _PORTS.values() and port < _FIRST_FREE_PORT:
        return f"The port has to be 80, 443 or at least {_FIRST_FREE_PORT}."
    return None


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]
