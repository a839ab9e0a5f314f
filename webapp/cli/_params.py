"""What the command line says a job is to compute: params from text, file, standard input and single values."""

import copy
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

_AHEAD = re.compile(r"\+(\d+(?:\.\d+)?)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Instant(click.ParamType[datetime]):
    """An instant: RFC 3339, local time without an offset, or `+90s`, `+10m`, `+2h`, `+1d` from now."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it into UTC."""
        ahead = _AHEAD.fullmatch(value)
        if ahead is not None:
            return datetime.now(UTC) + timedelta(**{_UNITS[ahead[2]]: float(ahead[1])})
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is neither an instant like 2026-03-01T12:00:00Z nor a time ahead like +10m", param, ctx
            )


def read_params(text: str | None, file: Path | None, settings: Sequence[str]) -> dict[str, Any]:
    """Put the params together; single values win over the rest. Raises `click.UsageError`."""
    if text is not None and file is not None:
        raise click.UsageError("Give params as an argument or in a file, not both.")
    return with_settings(_object(*_source(text, file)), settings)


def with_settings(params: Mapping[str, Any], settings: Sequence[str]) -> dict[str, Any]:
    """Return a copy with single values set. Raises `click.UsageError`."""
    changed = copy.deepcopy(dict(params))
    for setting in settings:
        _set(changed, setting)
    return changed


def _source(text: str | None, file: Path | None) -> tuple[str, str]:
    if file is not None and str(file) != "-":
        return file.read_text(), str(file)
    if text == "-" or file is not None:
        return sys.stdin.read(), "standard input"
    return (text if text is not None else "{}"), "PARAMS"


def _object(text: str, source: str) -> dict[str, Any]:
    try:
        params = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{source} is no JSON: {error}") from error
    if not isinstance(params, dict):
        raise click.UsageError(f"{source} is JSON, but no object.")
    return params


def _set(params: dict[str, Any], setting: str) -> None:
    path, separator, text = setting.partition("=")
    *outer, name = path.split(".")
    if not separator or not all((*outer, name)):
        raise click.UsageError(f"--set takes KEY=VALUE, not {setting!r}.")
    place = params
    for key in outer:
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise click.UsageError(f"--set {path}: {key} is no object.")
        place = inner
    place[name] = _value(text)


def _value(text: str) -> Any:
    """Read JSON where it is some, else take the text as it is: `n=3`, `hello=world`."""
    try:
        return json.loads(text)
    except ValueError:
        return text
