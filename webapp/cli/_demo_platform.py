"""The demo's own platform: brought up with each process told as it gets ready, and taken down."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import click

CHECKOUT = Path(__file__).parents[2]
LOOK_EVERY_S = 0.1
READY = frozenset({"ready", "done"})


class StartRefused(Exception):
    """The platform could not be started; the reason is what `penstock up` said."""


def start(folder: Path, port: int) -> None:
    """Bring a platform up on the folder and return when it is ready; raises `StartRefused`."""
    click.echo(f"{click.style('Platform', bold=True)} - bringing it up on {folder}")
    began = time.monotonic()
    told: set[str] = set()
    with tempfile.TemporaryFile("w+") as said:
        # In a session of its own: a Ctrl-C is for the demo, which then ends this in order.
        process = subprocess.Popen(  # noqa: S603 - this program itself
            _argv("up", "--detach", "--port", str(port), "--data-dir", str(folder)),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                _tell_ready(folder, told, began)
                time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        _tell_ready(folder, told, began)
        if process.returncode:
            said.seek(0)
            raise StartRefused(said.read().removeprefix("Error: ").strip())
    click.echo(f"  ready after {time.monotonic() - began:.1f} s")


def stop(folder: Path) -> None:
    """Take the platform down; fine when there is none."""
    with suppress(OSError):  # whoever was told may be gone
        click.echo("Stopping the platform ...")
    subprocess.run(  # noqa: S603 - this program itself
        _argv("down", "--data-dir", str(folder)),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def _argv(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "webapp.cli", *words)


def _tell_ready(folder: Path, told: set[str], began: float) -> None:
    for name, state in _states(folder).items():
        if state in READY and name not in told:
            told.add(name)
            click.echo(f"  {name:<16} {state:<6} {time.monotonic() - began:5.1f} s")


def _states(folder: Path) -> dict[str, str]:
    """Read what the supervisor notes; nothing yet is nothing."""
    try:
        processes = json.loads((folder / "run" / "status.json").read_text())["processes"]
    except (OSError, ValueError, KeyError):
        return {}
    return {name: process["state"] for name, process in processes.items()}
