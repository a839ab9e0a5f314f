"""`penstock logs`: what the processes wrote, one or all, as it was or as it comes."""

import time
from pathlib import Path

import click

from core.platform.supervisor.rotation import tail
from webapp.cli._platform import data_dir_option, existing_folder

LOOK_EVERY_S = 0.2


@click.command()
@data_dir_option
@click.argument("name", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on as lines are written, until Ctrl-C.")
@click.option(
    "-n", "--lines", "count", type=click.IntRange(min=0), default=20, show_default=True, help="Lines of each."
)
def command(data_dir: Path, name: str | None, count: int, *, follow: bool) -> None:
    """Print the end of all logs, or of the one of process NAME."""
    logs = _logs(existing_folder(data_dir).logs, name)
    width = max((len(log.stem) for log in logs), default=0) if name is None else 0
    seen = {log: log.stat().st_size for log in logs}
    for log in logs:
        for line in tail(log, count):
            _print(log, line, width)
    while follow:
        time.sleep(LOOK_EVERY_S)
        for log in logs:
            seen[log] = _print_new(log, seen[log], width)


def _logs(folder: Path, name: str | None) -> list[Path]:
    logs = sorted(folder.glob("*.log"))
    if name is None:
        if not logs:
            raise click.ClickException(f"No logs in {folder}.")
        return logs
    named = [log for log in logs if log.stem == name]
    if not named:
        known = ", ".join(log.stem for log in logs) or "none"
        raise click.ClickException(f"No log of {name!r}; there are: {known}.")
    return named


def _print_new(log: Path, seen: int, width: int) -> int:
    """Print the whole lines beyond what was seen; a log that shrank was emptied and is read from its start."""
    with log.open("rb") as stream:
        stream.seek(seen if log.stat().st_size >= seen else 0)
        start = stream.tell()
        whole = stream.read().rpartition(b"\n")
    for line in whole[0].decode(errors="replace").splitlines():
        _print(log, line, width)
    return start + len(whole[0]) + len(whole[1])


def _print(log: Path, line: str, width: int) -> None:
    click.echo(f"{click.style(log.stem.ljust(width), fg='cyan')} | {line}" if width else line)
