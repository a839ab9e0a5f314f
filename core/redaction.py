"""Redaction: words that must not leave a computation, taken out of whatever it says while they are known."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote, quote_plus

PLACEHOLDER = "[sealed]"
"""What stands where a secret was."""
_WORDS: ContextVar[tuple[str, ...]] = ContextVar("redacted_words", default=())


@contextmanager
def redacting(secrets: Iterable[str]) -> Iterator[None]:
    """Have these taken out of what is redacted while the context lasts, in the spellings that text gives them."""
    spelled = {spelling for secret in secrets for spelling in _spellings(secret)}
    # The longest first: one secret may be a part of another.
    token = _WORDS.set((*sorted(spelled, key=len, reverse=True), *_WORDS.get()))
    try:
        yield
    finally:
        _WORDS.reset(token)


def redact(text: str) -> str:
    """Put the placeholder in place of every secret that is known just now."""
    for word in _WORDS.get():
        text = text.replace(word, PLACEHOLDER)
    return text


def redact_value(value: Any) -> Any:
    """Do the same in a JSON value, names included; what holds no secret comes back as it is."""
    if not _WORDS.get():
        return value
    match value:
        case str():
            return redact(value)
        case dict():
            return {redact(str(name)): redact_value(below) for name, below in value.items()}
        case list() | tuple():
            return [redact_value(below) for below in value]
        case _:
            return value


def redact_entry(_logger: object, _method: str, entry: Any) -> Any:
    """Redact one entry of the log: a processor of structlog's."""
    return redact_value(entry) if _WORDS.get() else entry


def _spellings(secret: str) -> set[str]:
    """Return how a secret is written in plain text, in a traceback, in JSON and in an address."""
    escaped = (repr(secret)[1:-1], json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    return {secret, *escaped, quote(secret), quote(secret, safe=""), quote_plus(secret)}
