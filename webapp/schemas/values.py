"""Fields that are stricter than marshmallow's own: JSON types as they are, instants with their offset."""

import math
import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Range

from core.platform.webhooks.urls import flaw_in

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


class Strict(Schema):
    """Base of what clients send: unknown fields are refused."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"


class Nothing(Strict):
    """No body is needed."""


class Instant(fields.DateTime):
    """An instant as RFC 3339 writes it, with its offset, read into UTC."""

    def _deserialize(self, value: Any, *_place: Any, **_options: Any) -> datetime:
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type="instant (RFC 3339 with offset)")
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("invalid", input=value, obj_type="instant (RFC 3339 with offset)") from None


class Seconds(fields.Float):
    """A positive duration in seconds, as a JSON number."""

    def __init__(self, *, longest: float, **options: Any) -> None:
        super().__init__(validate=Range(min=0, min_inclusive=False, max=longest), **options)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> float:
        if isinstance(value, str) or (isinstance(value, int) and abs(value) > 1 << 53) or value is math.inf:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *place, **options)


class Flag(fields.Boolean):
    """A JSON boolean; what only sounds like one is refused."""

    def _deserialize(self, value: Any, *_place: Any, **_options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class WebAddress(fields.String):
    """An address to which webhooks may be delivered, as far as its form shows."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_check_address, **options)


class ByName(fields.Dict):
    """Values by name; what is wrong with one, or with its name, is told under its name."""

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> Any:
        try:
            return super()._deserialize(value, *place, **options)  # type: ignore[no-untyped-call]  # not annotated there
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            told = {name: each.get("key") or each["value"] for name, each in error.messages.items()}
            raise ValidationError(told) from error


def _check_address(url: str) -> None:
    if flaw := flaw_in(url):
        raise ValidationError(flaw)
