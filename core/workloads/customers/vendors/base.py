"""What a vendor's file declares: how fields are normalized before they are hashed, and what one request may carry."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Normalize = Callable[[str], str | None]
"""Writes a value as the vendor documents it; None where the vendor would match nobody by it."""
DIGEST = re.compile(r"[0-9a-f]{64}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
EMPTY = hashlib.sha256(b"").hexdigest()
"""What hashing nothing gives: uploaded, it matches strangers with each other."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A platform's published rules."""

    name: str
    email: Normalize
    phone: Normalize | None = None
    """Takes E.164; None where the platform matches nobody by phone."""
    others: Mapping[str, Normalize] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    """Fields that are sent as they are, never hashed."""
    batch_rows: int = 10_000
    smallest_audience: int = 100
    expires_after_days: int | None = None
    source: str = ""

    def key(self, field_name: str, value: str) -> str | None:
        """Return what is uploaded for a field's value: normalized, then SHA-256 in lower hex unless it is sent plain.

        None where the platform would match nobody by it. What is a digest already is passed on, not hashed twice.
        """
        if DIGEST.fullmatch(value):
            return None if value == EMPTY else value
        normalize = self._rule(field_name)
        normalized = normalize(value) if normalize is not None else None
        if not normalized:
            return None
        return normalized if field_name in self.plain else hashlib.sha256(normalized.encode()).hexdigest()

    def _rule(self, field_name: str) -> Normalize | None:
        if field_name == "email":
            return self.email
        return self.phone if field_name == "phone" else self.others.get(field_name)


def trimmed(value: str) -> str | None:
    """Trim and lower."""
    return value.strip().lower() or None


def trimmed_email(value: str) -> str | None:
    """Trim and lower an address; None where it is none."""
    lowered = value.strip().lower()
    return lowered if _EMAIL.fullmatch(lowered) else None


def digits(value: str) -> str | None:
    """Leave the digits of a number with its country's code: no `+`, no leading zeros."""
    return re.sub(r"\D", "", value).lstrip("0") or None


def letters(value: str) -> str | None:
    """Lower a place's name and leave out digits, dots, blanks, hyphens and brackets."""
    return re.sub(r"[\d.\s()\[\]-]", "", value.lower()) or None


def lowered_name(value: str) -> str | None:
    """Trim and lower a name, without punctuation."""
    return re.sub(r"[^\w\s]|_", "", value.strip().lower()) or None
