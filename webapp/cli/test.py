"""`penstock test`: the whole test suite."""

import os
import subprocess
import sys
from collections.abc import Sequence

import click

from webapp.cli._checkout import CHECKOUT, cache_folder, made_absolute, own_environ, passes_on, require

FEWEST, MOST = 2, 4
"""Processes that share the tests: one more than there are processors, since many tests wait for leases and starts."""


@click.command(context_settings=passes_on)
@click.option("--deep", is_flag=True, help="Also the long soaks, large generated sets and fuzzing.")
@click.argument("arguments", metavar="[PYTEST_ARGUMENTS]...", nargs=-1, type=click.UNPROCESSED)
def command(arguments: Sequence[str], *, deep: bool) -> None:
    """Run the test suite, or the part of it that the arguments for pytest name.

    Nothing need be running: the tests bring their own servers. The exit code is pytest's.
    """
    require("pytest", "test")
    processes = min(MOST, max(FEWEST, (os.cpu_count() or 1) + 1))
    chosen = () if deep else ("-m", "not deep")
    argv = (
        sys.executable,
        "-m",
        "pytest",
        "-n",
        str(processes),
        "--dist",
        "loadgroup",
        "--no-loadscope-reorder",
        *chosen,
    )
    environ = own_environ(HYPOTHESIS_STORAGE_DIRECTORY=str(cache_folder() / "hypothesis"))
    try:
        ended = subprocess.run([*argv, *made_absolute(arguments)], cwd=CHECKOUT, env=environ, check=False)  # noqa: S603 - the caller's own arguments
    except KeyboardInterrupt:
        raise click.exceptions.Exit(130) from None
    raise click.exceptions.Exit(ended.returncode)
