"""Sending an errand: one messenger process for it, and what it said of each message."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.platform.addresses import Network
from core.platform.notifications.messenger import TOTAL_S
from core.platform.notifications.outbox import Message

GRACE_S = 10
"""How much later than by its own alarm a messenger is killed."""
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Messengers:
    """Starts messengers, which may reach public addresses and these networks."""

    allowed: Sequence[Network] = ()

    def send(self, url: str, messages: Sequence[Message]) -> list[str | None]:
        """Send messages to an address; return for each why it was not sent, None if it was."""
        written = [
            {"title": one.title, "body": f"{one.body}{_repeated(one)}", "severity": one.severity} for one in messages
        ]
        said = self._carry({"url": url, "messages": written})
        told = [_error(line) for line in said[: len(messages)]]
        return told + ["timed_out: the messenger was ended before it came to this"] * (len(messages) - len(told))

    def flaw_in(self, url: str) -> str | None:
        """Tell what apprise has against an address; None when it understands it."""
        said = self._carry({"url": url, "messages": []})
        return _error(said[0]) if said else "the messenger was ended before it could look"

    def _carry(self, errand: dict[str, object]) -> list[str]:
        document = json.dumps({**errand, "allowed": [str(network) for network in self.allowed]})
        environ = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE") if name in os.environ}
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "core.platform.notifications.messenger"],
                input=document,
                capture_output=True,
                text=True,
                cwd=ROOT,
                env={**environ, "HOME": "/nonexistent"},
                timeout=TOTAL_S + GRACE_S,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            return _lines(expired.stdout)
        return ended.stdout.splitlines()


def _repeated(message: Message) -> str:
    return f"\n\n(and {message.repeats} more of the same)" if message.repeats else ""


def _lines(output: bytes | str | None) -> list[str]:
    text = output.decode() if isinstance(output, bytes) else output or ""
    return text.splitlines()


def _error(line: str) -> str | None:
    said = json.loads(line)
    return None if said is None else str(said)
