"""Fields that are stricter than marshmallow's own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import ValidationError

from webapp.schemas.values import Instant, Seconds


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02t03:04:05z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.25+02:30", datetime(2026, 1, 2, 0, 34, 5, 250_000, tzinfo=UTC)),
    ],
)
def test_instants_are_read_into_utc(text: str, instant: datetime) -> None:
    assert Instant().deserialize(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02",
        "2026-01-02T03:04:05",
        "20260102T030405Z",
        "2026-02-30T00:00:00Z",
        "2026-01-02 03:04:05Z",
        "2026-01-02T03:04:05Z\n",
        "\uff12\uff1026-01-02T03:04:05Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        5,
        True,
    ],
)
def test_anything_else_is_no_instant(text: Any) -> None:
    with pytest.raises(ValidationError):
        Instant().deserialize(text)


@pytest.mark.parametrize("value", [1, 0.5, 10.0])
def test_seconds_are_positive_numbers(value: float) -> None:
    assert Seconds(longest=10).deserialize(value) == value


@pytest.mark.parametrize("value", [0, -1, 10.01, "1", True, 10**400, float("inf"), float("nan"), [], {}])
def test_anything_else_is_no_duration(value: Any) -> None:
    with pytest.raises(ValidationError):
        Seconds(longest=10).deserialize(value)
