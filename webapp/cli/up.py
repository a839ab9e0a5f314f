"""`penstock up`: the whole platform, in the foreground or left running."""

import os
import random
import shlex
import subprocess
import sys
import time
from pathlib import Path

import click

import core
from core.errors import PenstockError
from core.platform import first_login
from core.platform.servers.folder import DataFolder, default_root, open_folder
from core.platform.servers.program import Program, spawn
from core.platform.supervisor.launch import Options, run
from core.platform.supervisor.records import read_status
from core.platform.supervisor.reporting import JsonLines, Reporter
from webapp.cli._platform import data_dir_option, told

CHECKOUT = Path(core.__file__).parent.parent
PREPARE = "core.platform.bootstrap:prepare"


@click.command()
@data_dir_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Web port; 0 is any free one."
)
@click.option("--detach", is_flag=True, help="Return when everything is ready and leave it running.")
@click.option("--procfile", type=click.Path(dir_okay=False, path_type=Path), default=CHECKOUT / "Procfile", hidden=True)
@click.option("--prepare", default=PREPARE, hidden=True)
@click.option("--unwatched", is_flag=True, hidden=True)
def command(data_dir: Path, port: int, *, detach: bool, procfile: Path, prepare: str, unwatched: bool) -> None:
    """Bring up the whole platform on embedded servers."""
    try:
        if detach:
            _leave_running(open_folder(data_dir), port, procfile, prepare)
        else:
            options = Options(data_dir, procfile, prepare, port, watched=not unwatched)
            run(options, os.environ, _reporter(), random.Random())  # noqa: S311 - ports
    except PenstockError as error:
        raise told(error) from error


def _reporter() -> Reporter:
    if not sys.stdout.isatty():
        return JsonLines()
    # Only here, as the table costs memory that a platform without a terminal need not carry.
    from core.platform.supervisor.table import LiveTable  # noqa: PLC0415

    return LiveTable()


def _leave_running(folder: DataFolder, port: int, procfile: Path, prepare: str) -> None:
    options = (
        "--data-dir",
        str(folder.root),
        "--port",
        str(port),
        "--procfile",
        str(procfile.absolute()),
        "--prepare",
        prepare,
        "--unwatched",
    )
    argv = (sys.executable, "-m", "webapp.cli", "up", *options)
    log = folder.log("supervisor")
    said_before = log.stat().st_size if log.exists() else 0
    process = spawn(Program("supervisor", argv, CHECKOUT, os.environ), log)
    try:
        _await_ready(folder, process, log, said_before)
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if (told := first_login.take(folder.root)) is not None:
        click.echo(told, err=True)
    elsewhere = "" if folder.root == default_root(os.environ) else f" --data-dir {shlex.quote(str(folder.root))}"
    stop = f"penstock down{elsewhere}"
    click.echo(f"Penstock is ready: {_url(folder)}  (data: {folder.root}; stop it with `{stop}`)", err=True)


def _await_ready(folder: DataFolder, process: subprocess.Popen[bytes], log: Path, said_before: int) -> None:
    while not (folder.endpoint.exists() and _belongs(folder, process.pid)):
        if process.poll() is not None:
            raise click.ClickException(
                _last_words(log, said_before) or f"It ended with {process.returncode}; see {log}."
            )
        time.sleep(0.05)


def _last_words(log: Path, said_before: int) -> str:
    """Return what the supervisor said besides its events: why it ended."""
    with log.open("rb") as stream:
        stream.seek(said_before)
        lines = stream.read().decode(errors="replace").splitlines()
    return "\n".join(line for line in lines if not line.startswith("{")).removeprefix("Error: ")


def _belongs(folder: DataFolder, supervisor: int) -> bool:
    status = read_status(folder)
    return status is not None and status.supervisor == supervisor


def _url(folder: DataFolder) -> str:
    status = read_status(folder)
    return status.endpoint if status is not None else ""
