"""`penstock down`: the end of the platform that runs on a data folder, however it came to be left there."""

import time
from contextlib import suppress
from pathlib import Path

import click
import psutil

from core.errors import PenstockError
from core.platform.servers.folder import DataFolder, hold, is_held
from core.platform.supervisor.exits import await_exits
from core.platform.supervisor.leftovers import stop_leftovers
from core.platform.supervisor.records import find_process, read_status
from webapp.cli._platform import data_dir_option, existing_folder, told


@click.command()
@data_dir_option
@click.option("--timeout", "timeout_s", type=float, default=75.0, show_default=True, help="Seconds until it is forced.")
def command(data_dir: Path, timeout_s: float) -> None:
    """Stop the platform; nothing of it is left running."""
    folder = existing_folder(data_dir)
    if not is_held(folder) and read_status(folder) is None:
        click.echo(f"No platform runs on {folder.root}.", err=True)
        return
    supervisor = _supervisor(folder)
    stopped = _ask(folder, timeout_s) or _ask(folder, 10.0)
    if not stopped:
        raise click.ClickException(f"The supervisor of {folder.root} does not end; see {folder.log('supervisor')}.")
    try:
        with hold(folder):
            stop_leftovers(folder)
    except PenstockError as error:
        raise told(error) from error
    _await_exit(supervisor)
    click.echo("Stopped.", err=True)


def _await_exit(supervisor: psutil.Process | None) -> None:
    """Let the interpreter finish, which drops its lock a little before it is gone."""
    if supervisor is not None:
        await_exits([supervisor], within_s=5.0)


def _ask(folder: DataFolder, within_s: float) -> bool:
    """Ask the supervisor once and wait for its lock to fall; asked a second time, it kills what is left."""
    supervisor = _supervisor(folder)
    if supervisor is not None:
        with suppress(psutil.NoSuchProcess):
            supervisor.terminate()
    give_up_at = time.monotonic() + within_s
    while is_held(folder):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


def _supervisor(folder: DataFolder) -> psutil.Process | None:
    status = read_status(folder)
    return find_process(status.supervisor, status.created) if status is not None else None
