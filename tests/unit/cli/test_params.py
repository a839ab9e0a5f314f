"""What the command line makes of params and instants."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from webapp.cli._params import Instant, read_params, with_settings


def test_params_come_from_text_file_or_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "params.json"
    file.write_text('{"n": 2}')
    monkeypatch.setattr("sys.stdin", io.StringIO('{"n": 3}'))
    assert read_params(None, None, ()) == {}
    assert read_params('{"n": 1}', None, ()) == {"n": 1}
    assert read_params(None, file, ()) == {"n": 2}
    assert read_params("-", None, ()) == {"n": 3}


def test_single_values_win_and_reach_inside() -> None:
    params = read_params('{"a": {"b": 1, "c": 2}}', None, ["a.b=7", "x.y.z=true", "word=hello world", "list=[1,2]"])
    assert params == {"a": {"b": 7, "c": 2}, "x": {"y": {"z": True}}, "word": "hello world", "list": [1, 2]}


def test_an_example_is_begun_with_and_left_as_it_is() -> None:
    example = {"a": {"b": 1}}
    assert with_settings(example, ["a.b=2"]) == {"a": {"b": 2}}
    assert example == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        ("{", (), "PARAMS is no JSON"),
        ("[1]", (), "no object"),
        (None, ["a"], "KEY=VALUE"),
        (None, ["=1"], "KEY=VALUE"),
        (None, ["a..b=1"], "KEY=VALUE"),
        ('{"a": 1}', ["a.b=1"], "a is no object"),
    ],
)
def test_what_cannot_be_params_is_wrong_usage(text: str | None, settings: list[str], said: str) -> None:
    with pytest.raises(click.UsageError, match=said):
        read_params(text, None, settings)


def test_an_instant_is_read_into_utc() -> None:
    def read(text: str) -> datetime:
        return Instant().convert(text, None, None)

    assert read("2026-03-01T12:00:00+02:00") == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert read("2026-03-01T12:00:00Z") == datetime(2026, 3, 1, 12, tzinfo=UTC)
    before = datetime.now(UTC)
    assert timedelta(minutes=90) <= read("+1.5h") - before < timedelta(minutes=91)
    for nonsense in ("tomorrow", "+5", "-5m", ""):
        with pytest.raises(click.BadParameter):
            read(nonsense)
