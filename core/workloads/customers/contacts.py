"""This file is about identifiers as Penstock compares them: which types there are, written one way, none that lie."""

import re
from dataclasses import dataclass

import phonenumbers

PRIORITIES = {"user_id": 100, "email": 80, "phone": 70, "device_id": 40, "anonymous_id": 10}
"""Types of identifiers; where a limit is in the way, the one that counts least gives way."""
LIMITS = {"user_id": 1, "email": 5, "phone": 5, "device_id": 5, "anonymous_id": 5}
"""How many different ones of a type one profile may have."""
LONGEST = 320
BLOCKED = re.compile(
    r"[0-]*|-1|null|none|nil|nan|undefined|unknown|anonymous|guest|test|n/?a|\(not set\)|true|false", re.IGNORECASE
)
"""Values that programs send where they know nothing; they would glue strangers together."""
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@(?:[^@\s.\x00-\x1f\x7f]{1,63}\.)+[^@\s.\x00-\x1f\x7f]{2,63}")
_REGION = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True, order=True)
class Contact:
    """An identifier: its type, and its value written one way."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a value is no identifier."""

    type: str
    why: str


def read_contact(kind: str, value: object, region: str | None = None) -> Contact | Flaw:
    """Write an identifier one way: e-mail addresses in lower case, phone numbers as E.164 has them.

    `region` (ISO 3166, two letters) is where a number without a country's code is taken to be from; without it such a
    number is a flaw, as guessing would glue strangers of two countries together.
    """
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text or len(text) > LONGEST or "\x00" in text:
        return Flaw(kind, f"must be text of 1 to {LONGEST} characters")
    if BLOCKED.fullmatch(text):
        return Flaw(kind, "says nothing of anybody")
    if kind == "email":
        return _read_email(text)
    if kind == "phone":
        number = read_phone(text, region)
        return Flaw(kind, "is no phone number with its country") if number is None else Contact(kind, number)
    return Contact(kind, text)


def read_phone(text: str, region: str | None) -> str | None:
    """Return a phone number in E.164 (`+18005550100`), None where it is none."""
    if region is not None and not _REGION.fullmatch(region):
        region = None
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _read_email(text: str) -> Contact | Flaw:
    lowered = text.lower()
    return Contact("email", lowered) if _EMAIL.fullmatch(lowered) else Flaw("email", "is no e-mail address")
