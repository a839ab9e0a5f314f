"""`penstock domains`: sources of windows of data; made, watched, fed with files, written out."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from penstock_client import Domain

from webapp.cli._following import print_outcome
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

domain_argument = click.argument("domain", metavar="DOMAIN")
FORMATS = ("arrow", "parquet", "csv", "npy")
CONSTANT = ("keep", "drop", "refuse")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Make sources of windows of data, watch them, feed them with files, write them out."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_domains(remote: Remote) -> None:
    """List domains, newest first."""
    with remote.connect() as client:
        _show(remote, list(client.domains))


@command.command(epilog=EXIT_CODES)
@click.argument("name")
@click.option("--example", help="Like healthcare, finance, retail or economics.")
@click.option("-f", "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Fields as JSON.")
@click.option("--variable", "variables", multiple=True, help="A variable's name; may be repeated.")
@click.option("--window-size", type=click.IntRange(2), help="Rows of a window.")
@click.option("--interval", "interval_s", type=float, metavar="SECONDS", help="Between windows.")
@click.option("--seed", type=click.IntRange(0), help="All its windows follow from it.")
@remote_command
def add(remote: Remote, name: str, file: Path | None, variables: Sequence[str], **options: Any) -> None:
    """Make the domain NAME: like an example, or of fields of your own."""
    given = json.loads(file.read_text()) if file is not None else {}
    given |= {option: value for option, value in options.items() if value is not None}
    if variables:
        given["variables"] = list(variables)
    with remote.connect() as client:
        _show(remote, [client.domains.add(name, **given)])


@command.command(epilog=EXIT_CODES)
@domain_argument
@remote_command
def statistics(remote: Remote, domain: str) -> None:
    """Tell what DOMAIN's windows are like: counts, pace, each variable, drift."""
    with remote.connect() as client:
        told = client.domains.statistics(domain)
    if remote.as_json:
        echo_json(told)
        return
    drift = "still learned" if told["drift_score"] is None else f"{told['drift_score']:.2f}"
    stored = ", ".join(f"{count} {source}" for source, count in told["stored"].items())
    click.echo(f"{stored}; {told['kept']} kept; {told['windows_per_minute']:g} a minute; drift {drift}")
    for name, of in told["variables"].items():
        if of["mean"] is not None:
            figures = f"mean {of['mean']:.4g}  sd {of['sd']:.4g}  median {of['median']:.4g}"
            click.echo(f"{name:<20} {figures}  missing {of['missing']}")


@command.command(epilog=EXIT_CODES)
@domain_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(["csv", "parquet", "arrow", "json"]), help="Else by its name.")
@click.option("--drop", help="Columns to leave out, with commas between them.")
@click.option("--constant", type=click.Choice(CONSTANT), help="What becomes of columns that never vary.")
@remote_command
def upload(
    remote: Remote, domain: str, file: Path, format_: str | None, drop: str | None, constant: str | None
) -> None:
    """Read FILE's rows into DOMAIN; what is wrong is told by line and column, and then nothing is stored."""
    options = {name: value for name, value in (("drop", drop), ("constant", constant)) if value}
    with remote.connect() as client:
        handle = client.domains.upload(domain, file, format=format_, **options)
        print_outcome(remote, handle, None)


@command.command(epilog=EXIT_CODES)
@domain_argument
@click.option("--format", "format_", type=click.Choice(FORMATS), default="parquet", show_default=True)
@click.option("--first", type=click.IntRange(0), help="Of the first window; the oldest unless given.")
@click.option("--last", type=click.IntRange(0), help="Of the last window; the newest unless given.")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path(), help="File or folder.")
@remote_command
def download(remote: Remote, domain: str, format_: str, first: int | None, last: int | None, out: Path) -> None:
    """Write DOMAIN's windows as one file."""
    with remote.connect() as client:
        handle = client.domains.export(domain, format=format_, first=first, last=last)
        written = handle.download(handle.result()["artifact"], out)
    if remote.as_json:
        echo_json({"file": str(written)})
    else:
        click.echo(str(written))


@command.command(epilog=EXIT_CODES)
@domain_argument
@click.argument("name")
@remote_command
def clone(remote: Remote, domain: str, name: str) -> None:
    """Make the domain NAME like DOMAIN, without its windows."""
    with remote.connect() as client:
        _show(remote, [client.domains.clone(domain, name)])


@command.command(epilog=EXIT_CODES)
@domain_argument
@remote_command
def pause(remote: Remote, domain: str) -> None:
    """Generate no windows of DOMAIN until it is resumed."""
    with remote.connect() as client:
        _show(remote, [client.domains.pause(domain)])


@command.command(epilog=EXIT_CODES)
@domain_argument
@remote_command
def resume(remote: Remote, domain: str) -> None:
    """Go on generating windows of DOMAIN."""
    with remote.connect() as client:
        _show(remote, [client.domains.resume(domain)])


@command.command(epilog=EXIT_CODES)
@domain_argument
@remote_command
def remove(remote: Remote, domain: str) -> None:
    """Remove DOMAIN with its windows."""
    with remote.connect() as client:
        client.domains.remove(domain)
    if remote.as_json:
        echo_json({"removed": domain})


def _show(remote: Remote, found: Sequence[Domain]) -> None:
    if remote.as_json:
        echo_json([domain.document for domain in found])
        return
    for one in found:
        pace = "on demand" if one.interval_s is None else f"every {one.interval_s:g} s"
        size = f"{len(one.variables)} variables x {one.window_size} rows"
        click.echo(f"{one.id}  {one.name:<20} {one.status:<8} {size}  {pace}  {one.next_index} windows so far")
