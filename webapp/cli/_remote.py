"""What the commands that talk to a platform share: how it is found, how its troubles are told, exit codes."""

import functools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import click
from penstock_client import (
    Client,
    EndpointUnknown,
    JobUnsuccessful,
    PenstockClientError,
    Refused,
    TimedOut,
    Unreachable,
    find_endpoint,
)

from webapp.cli._logins import current_token, kept_logins

PATIENCE_S = 5.0


class ExitCode(IntEnum):
    """How a command ended, for scripts."""

    OK = 0
    JOB_UNSUCCESSFUL = 1
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    TIMED_OUT = 5
    INTERRUPTED = 130


EXIT_CODES = """\b
Exit codes:
  0    done
  1    the job failed, was cancelled or expired
  2    wrong usage, or a local file cannot be read or written
  3    the platform refused: not found, not allowed, not valid, not now
  4    the platform cannot be reached
  5    the job was not final in time; it goes on
  130  interrupted
"""

_CODES: tuple[tuple[type[Exception], ExitCode], ...] = (
    (JobUnsuccessful, ExitCode.JOB_UNSUCCESSFUL),
    (TimedOut, ExitCode.TIMED_OUT),
    (Refused, ExitCode.REFUSED),
    (Unreachable, ExitCode.UNREACHABLE),
    (EndpointUnknown, ExitCode.UNREACHABLE),
    (PenstockClientError, ExitCode.REFUSED),
    (OSError, ExitCode.USAGE),
)


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the platform is said to be, and how answers are wanted."""

    url: str | None
    api_key: str | None
    data_dir: Path | None
    as_json: bool

    def connect(self, *, patience_s: float = PATIENCE_S) -> Client:
        """Find the platform; who logged in to it by `penstock login` asks as that member."""
        if self.api_key is None and not os.environ.get("PENSTOCK_API_KEY") and kept_logins().exists():
            url = find_endpoint(self.url, data_dir=self.data_dir).url
            if (token := current_token(url)) is not None:
                return Client(url, token, patience_s=patience_s)
        return Client(self.url, self.api_key, data_dir=self.data_dir, patience_s=patience_s)


def remote_command(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options about the platform as one `remote`, and tell what goes wrong without a traceback."""

    @click.option("--url", metavar="URL", help="Where the platform is; else PENSTOCK_URL, else the local one.")
    @click.option("--api-key", metavar="KEY", help="Who asks; else PENSTOCK_API_KEY, a login, the local key.")
    @click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Data folder of a local platform; else PENSTOCK_DATA_DIR, else the XDG state folder.",
    )
    @click.option("--json", "as_json", is_flag=True, help="JSON on standard output, and nothing else there.")
    @functools.wraps(function)
    def told(
        *args: Any, url: str | None, api_key: str | None, data_dir: Path | None, as_json: bool, **kwargs: Any
    ) -> None:
        try:
            function(*args, remote=Remote(url, api_key, data_dir, as_json), **kwargs)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(ExitCode.INTERRUPTED) from None
        except BrokenPipeError:
            raise
        except (PenstockClientError, OSError) as error:
            describe_error(error, as_json=as_json)
            raise click.exceptions.Exit(exit_code(error)) from None

    return told


def exit_code(error: Exception) -> ExitCode:
    """Return the exit code for an error."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def describe_error(error: Exception, *, as_json: bool, about: str = "") -> None:
    """Tell an error on standard error."""
    if as_json:
        click.echo(json.dumps(_document(error)), err=True)
    else:
        click.echo(f"{click.style('Error:', fg='red')} {about + ': ' if about else ''}{error}", err=True)


def echo_json(document: Any) -> None:
    """Print one document for machines."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def echo_json_line(document: Any) -> None:
    """Print one document of a stream for machines."""
    click.echo(json.dumps(document, ensure_ascii=False))


def _document(error: Exception) -> dict[str, Any]:
    match error:
        case Refused():
            return dict(error.problem)
        case JobUnsuccessful():
            return {"code": error.code, "detail": str(error), "job_id": error.job.id}
        case _:
            return {"code": exit_code(error).name.lower(), "detail": str(error)}
