"""`penstock segments`: groups of customers; made, explained, refreshed, their members and history."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from webapp.cli._following import print_outcome
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

segment_argument = click.argument("segment", metavar="SEGMENT")
file_option = click.option(
    "-f",
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True),
    required=True,
    help="The definition as JSON; - reads it from standard input.",
)


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Group customers by what is known of them."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_segments(remote: Remote) -> None:
    """List segments, newest first."""
    with remote.connect() as client:
        _show(remote, list(client.segments))


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@file_option
@click.option("--description", default="", help="What it is for.")
@click.option("--every", "refresh_every_s", type=int, default=3600, show_default=True, metavar="SECONDS")
@remote_command
def add(remote: Remote, name: str, file: Path, description: str, refresh_every_s: int) -> None:
    """Make the segment NAME."""
    fields = {"description": description, "refresh_every_s": refresh_every_s}
    with remote.connect() as client:
        _show(remote, [client.segments.add(name, _definition(file), **fields)])


@command.command(epilog=EXIT_CODES)
@segment_argument
@remote_command
def explain(remote: Remote, segment: str) -> None:
    """Count whom each clause of SEGMENT chooses by itself."""
    with remote.connect() as client:
        told = client.segments.explain(segment)
    if remote.as_json:
        echo_json(told)
        return
    click.echo(f"{told['chosen']:>10} of {told['profiles']} profiles")
    for one in told["clauses"]:
        click.echo(f"{one['profiles']:>10}  {one['place']}  {json.dumps(one['clause'], ensure_ascii=False)[:80]}")


@command.command(epilog=EXIT_CODES)
@segment_argument
@remote_command
def refresh(remote: Remote, segment: str) -> None:
    """Find out who belongs to SEGMENT now."""
    with remote.connect() as client:
        print_outcome(remote, client.submit("customers.refresh_segment", {"segment": segment}), None)


@command.command(epilog=EXIT_CODES)
@segment_argument
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@remote_command
def members(remote: Remote, segment: str, limit: int) -> None:
    """List members of SEGMENT by number of the profile."""
    with remote.connect() as client:
        found = [one for one, _ in zip(client.segments.members(segment), range(limit), strict=False)]
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(f"{one['profile']:>10}  since {one['joined_at']}")


@command.command(epilog=EXIT_CODES)
@segment_argument
@remote_command
def history(remote: Remote, segment: str) -> None:
    """List what the latest refreshes of SEGMENT found."""
    with remote.connect() as client:
        found = [one for one, _ in zip(client.segments.history(segment), range(100), strict=False)]
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(f"{one['at']}  {one['size']:>10}  +{one['joined']} -{one['left']}  in {one['duration_s']:.2f} s")


@command.command(epilog=EXIT_CODES)
@segment_argument
@remote_command
def remove(remote: Remote, segment: str) -> None:
    """Forget SEGMENT with its members and its history."""
    with remote.connect() as client:
        client.segments.remove(segment)
    if remote.as_json:
        echo_json({"removed": segment})


def _definition(file: Path) -> Mapping[str, Any]:
    text = sys.stdin.read() if str(file) == "-" else file.read_text()
    try:
        told: Mapping[str, Any] = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"{file} is no JSON: {error}") from None
    return told


def _show(remote: Remote, found: Sequence[Mapping[str, Any]]) -> None:
    if remote.as_json:
        echo_json(found)
        return
    for one in found:
        size = "not refreshed yet" if one["size"] is None else f"{one['size']} members"
        click.echo(f"{one['id']}  {one['name']:<24} {size}")
