"""Errors as the platform's users meet them: five families, each error with a stable code.

The family decides what a caller may do about it (and the web layer's HTTP status); the class docstring's
first line is the title, the argument the detail.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: where (RFC 6901 pointer into the request) and why."""

    pointer: str
    detail: str


def field_errors(messages: Any, pointer: str = "") -> Iterator[FieldError]:
    """Flatten a schema's nested messages into one error for each wrong field."""
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from field_errors(below, pointer if name == "_schema" else f"{pointer}/{escape(name)}")
    else:
        yield from (FieldError(pointer, str(message)) for message in messages)


def escape(step: object) -> str:
    """Write one step of a pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


class PenstockError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail or self.title())
        self.detail = detail or self.title()
        self.errors = tuple(errors)

    @classmethod
    def title(cls) -> str:
        """Return the sentence that names this sort of error."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]


class Invalid(PenstockError):
    """The request cannot be understood or its values are out of range."""

    code = "invalid"


class Denied(PenstockError):
    """The caller may not do this."""

    code = "denied"


class Missing(PenstockError):
    """There is no such thing."""

    code = "missing"


class Conflict(PenstockError):
    """The request contradicts the present state."""

    code = "conflict"


class Transient(PenstockError):
    """A passing trouble: the same request may succeed later."""

    code = "transient"

    def __init__(self, detail: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
