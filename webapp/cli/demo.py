"""`penstock demo`: the whole platform brought up, put to work and shown, in one go."""

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click
from penstock_client import Client, PenstockClientError

from webapp.cli._demo_causes import CAUSES_PART, print_causes
from webapp.cli._demo_jobs import cast, follow, judge, prepare
from webapp.cli._demo_loop import LOOP_PART, print_loop
from webapp.cli._demo_places import print_places
from webapp.cli._demo_platform import StartRefused, start, stop
from webapp.cli._demo_program import PROGRAM_PART, print_program
from webapp.cli._demo_pumping import Material, download_artifacts, find_material, print_plan
from webapp.cli._remote import EXIT_CODES, ExitCode

PLAN_PART = "plan the pumps"
PLOTS = {".png", ".svg"}


@click.command(epilog=EXIT_CODES)
@click.option("--keep", is_flag=True, help="Leave the platform running at the end.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="A new temporary folder if absent.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Web port; any free one unless given.")
@click.option(
    "--series",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="PENSTOCK_PUMPING_SERIES",
    help="Recorded days of a pumping station, as CSV; a generated scenario where there are none.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where the plots go.")
@click.option("--within", "within_s", type=float, default=240.0, show_default=True, help="Seconds for all jobs.")
def command(
    *, keep: bool, data_dir: Path | None, port: int, series: Path | None, out: Path | None, within_s: float
) -> None:
    """Bring up the whole platform, run jobs of every kind with live progress, and show what came out.

    Exit code 0 only if every job ended as it should.
    """
    began = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="penstock-demo-")) if data_dir is None else data_dir.absolute()
    folder = home / "data" if data_dir is None else home
    try:
        with _interruptible(), _running(folder, port, keep=keep, throwaway=data_dir is None) as client:
            passed = _show(client, find_material(series), out or home / "plots", within_s)
            print_places(client, folder, keep=keep)
            click.echo(f"\nAll of it took {time.monotonic() - began:.1f} s.")
    except KeyboardInterrupt:
        raise click.exceptions.Exit(ExitCode.INTERRUPTED) from None
    except StartRefused as error:
        raise click.ClickException(str(error)) from error
    except PenstockClientError as error:
        raise click.ClickException(f"{error}\nThe logs are in {folder / 'logs'}.") from error
    finally:
        with suppress(OSError):
            home.rmdir()  # nothing was left in it
    if not passed:
        raise click.exceptions.Exit(ExitCode.JOB_UNSUCCESSFUL)


@contextmanager
def _running(folder: Path, port: int, *, keep: bool, throwaway: bool) -> Iterator[Client]:
    """Run a platform; whatever happens before its work is shown, nothing of it is left running."""
    kept = False
    try:
        start(folder, port)
        with Client(data_dir=folder) as client:
            yield client
        kept = keep
    finally:
        if not kept:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it behind
            stop(folder)
            if throwaway:
                shutil.rmtree(folder, ignore_errors=True)


def _show(client: Client, material: Material, plots: Path, within_s: float) -> bool:
    click.echo(f"\n{click.style('Jobs', bold=True)} - pumping: {material.origin}")
    prepare(client)
    parts = cast(client.kinds(), material, PLAN_PART)
    handles = follow(client, parts, within_s)
    passed = judge(parts, handles)
    tellers: dict[str, Callable[[dict[str, Any]], None]] = {
        PLAN_PART: lambda result: print_plan(result, material),
        LOOP_PART: print_loop,
        CAUSES_PART: print_causes,
        PROGRAM_PART: print_program,
    }
    for part, handle in zip(parts, handles, strict=True):
        if part.label in tellers and handle.read().state == "succeeded":
            click.echo()
            tellers[part.label](handle.result())
            for path in download_artifacts(handle, plots):
                click.echo(f"{'Plot' if path.suffix in PLOTS else 'Data'}: {path}")
    return passed


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a request to terminate, or a terminal that is closed, end the demo as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
