"""`penstock run`: one process of the platform, as the Procfile has it, for those who start each by themselves."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from core.errors import PenstockError
from core.platform.supervisor.procfile import Line, read_procfile, words
from webapp.cli._checkout import CHECKOUT, passes_on
from webapp.cli._platform import told

PROCFILE = CHECKOUT / "Procfile"


@click.command(context_settings={**passes_on, "allow_interspersed_args": False})
@click.argument("name", required=False)
@click.argument("options", metavar="[OPTIONS]...", nargs=-1, type=click.UNPROCESSED)
def command(name: str | None, options: Sequence[str]) -> None:
    """Become the process NAME of the platform, or list what there is.

    Takes its settings from the environment; OPTIONS are added to its command, as in `penstock run worker-science
    --concurrency 8`. Containers, systemd and the like use this; `penstock up` starts all of them on one machine.
    """
    lines = {line.name: line for line in read_procfile(PROCFILE)}
    if name is None:
        click.echo("\n".join(lines))
        return
    if name not in lines:
        raise click.UsageError(f"There is no process {name!r}; there are: {', '.join(lines)}.")
    program, *rest = _words(lines[name])
    # Standing beside this interpreter, and found there though nobody has activated its environment.
    where = Path(sys.executable).with_name(program)
    os.execv(where, [str(where), *rest, *options])  # noqa: S606 - the Procfile's own command


def _words(line: Line) -> tuple[str, ...]:
    try:
        return words(line, os.environ)
    except PenstockError as error:
        raise told(error) from error
