"""What is said while a secret is known does not tell it, however it is spelled."""

import json
import traceback
from urllib.parse import quote, urlencode

import pytest

from core.redaction import PLACEHOLDER, redact, redact_entry, redact_value, redacting

SECRET = 'pa"ss\n wörd/100%'


@pytest.mark.parametrize(
    "said",
    [
        SECRET,
        f"before {SECRET} after {SECRET}",
        repr(SECRET),
        json.dumps({"password": SECRET}),
        json.dumps({"password": SECRET}, ensure_ascii=False),
        quote(SECRET),
        quote(SECRET, safe=""),
        urlencode({"password": SECRET}),
    ],
)
def test_every_spelling_is_taken_out(said: str) -> None:
    with redacting([SECRET]):
        told = redact(said)
    assert PLACEHOLDER in told
    assert "ss" not in told.replace("password", "")
    assert redact(said) == said


def test_a_traceback_tells_nothing() -> None:
    with redacting([SECRET]):
        try:
            int(SECRET)
        except ValueError:
            told = redact(traceback.format_exc())
    assert PLACEHOLDER in told
    assert "wörd" not in told


def test_values_are_redacted_names_and_all() -> None:
    value = {"a": [SECRET, 1, None, {SECRET: True}], "b": "plain"}
    with redacting([SECRET]):
        assert redact_value(value) == {"a": [PLACEHOLDER, 1, None, {PLACEHOLDER: True}], "b": "plain"}
    assert redact_value(value) is value


def test_a_secret_within_another_does_not_save_its_rest() -> None:
    with redacting(["pass", "password"]):
        assert redact("password") == PLACEHOLDER


def test_those_outside_are_known_inside_and_again_afterwards() -> None:
    with redacting(["outer"]):
        with redacting(["inner"]):
            assert redact("outer inner") == f"{PLACEHOLDER} {PLACEHOLDER}"
        assert redact("outer inner") == f"{PLACEHOLDER} inner"


def test_log_entries_are_redacted() -> None:
    with redacting([SECRET]):
        assert redact_entry(None, "info", {"event": SECRET}) == {"event": PLACEHOLDER}
    entry = {"event": SECRET}
    assert redact_entry(None, "info", entry) is entry
