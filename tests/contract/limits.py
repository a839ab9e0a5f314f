"""What tests of limits over HTTP share: a domain's fields, who asks, and how answers are judged."""

from collections.abc import Callable
from itertools import count
from typing import Any

from werkzeug.test import TestResponse

PAIR = ["a", "b"]
PLAIN: dict[str, Any] = {"variables": PAIR, "window_size": 10}
NORMAL: dict[str, Any] = {"generator": "independent", "families": [{"family": "normal"}]}
Ask = Callable[..., TestResponse]
numbers = count()


def fresh_name() -> str:
    return f"limits-{next(numbers)}"


def variables(many: int) -> list[str]:
    return [f"v{number}" for number in range(many)]


def check(answer: TestResponse, *, inside: bool, field: str) -> None:
    """Judge an answer: taken, or refused by this field or something within it."""
    if inside:
        assert answer.status_code in {200, 201, 202}, answer.text[:500]
        return
    assert answer.status_code == 422, answer.text[:500]
    assert answer.get_json()["errors"][0]["pointer"].startswith(field), answer.text[:500]
