"""What must not be exposed: secrets that anybody knows, and a platform for one machine that all others can reach."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

EMBEDDED, PRODUCTION = "embedded", "production"
"""How a platform is run: by and for one machine, or for others."""
KNOWN = frozenset(
    {"postgres", "redis", "penstock", "password", "secret", "admin", "root", "changeme", "guest", "valkey"}
)
"""Passwords that come with images, examples and tutorials."""
TELLTALE = ("test", "example", "change", "default", "secret", "password", "insecure", "sample")
"""What a key says that stands in for one."""
SHORTEST_PASSWORD = 12
_SECOND_HOSTS = re.compile(r",[^/?]*")
"""What Sentinels' URLs have behind the first of them."""
_ADVICE = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
FEWEST_CHARACTERS = 12
"""How many different ones are in any key that chance made."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """What of a process's settings strangers might reach or guess."""

    host: str
    secrets: Mapping[str, str]
    urls: Mapping[str, str]


def flaws(mode: str, told: Exposed) -> Iterator[str]:
    """Yield what keeps a platform from being started in this mode, each with what to do."""
    if mode == EMBEDDED:
        if not is_loopback(told.host):
            yield (
                f"PENSTOCK_HOST: {told.host} can be reached from other machines, which takes PENSTOCK_MODE=production "
                "and secrets of your own"
            )
        return
    for name, secret in told.secrets.items():
        if not is_random(secret):
            yield f"{name}: it looks like an example; {_ADVICE}"
    for name, url in told.urls.items():
        if (flaw := flaw_of_password(url)) is not None:
            yield f"{name}: {flaw}"


def is_random(secret: str) -> bool:
    """Tell whether a key may have been made by chance."""
    said = secret.casefold()
    return len(set(secret)) >= FEWEST_CHARACTERS and " " not in secret and not any(word in said for word in TELLTALE)


def flaw_of_password(url: str) -> str | None:
    """Tell what is wrong with the password in a URL; nothing where a socket or this machine alone is asked."""
    try:
        parsed = make_url(_SECOND_HOSTS.sub("", url))
    except ArgumentError:
        return None  # told elsewhere
    password = "" if parsed.password is None else str(parsed.password)
    if password.casefold() in KNOWN:
        return "its password is one that comes with images and examples"
    if not password and (parsed.host is None or is_loopback(parsed.host)):
        return None
    return None if len(password) >= SHORTEST_PASSWORD else f"its password has less than {SHORTEST_PASSWORD} characters"


def is_loopback(host: str) -> bool:
    """Tell whether an address is of this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
