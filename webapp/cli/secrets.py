"""`penstock secrets`: the keys that seal secrets and personal fields."""

import time

import click

from webapp.cli._documents import show_document
from webapp.cli._remote import EXIT_CODES, ExitCode, Remote, remote_command

LOOK_EVERY_S = 2.0


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See how old the keys are that seal secrets and personal fields; rotate them."""


@command.command(epilog=EXIT_CODES)
@remote_command
def status(remote: Remote) -> None:
    """Show the keys' age, and how far a rotation is."""
    with remote.connect() as client:
        show_document(remote, client.collection("secrets").read())


@command.command(epilog=EXIT_CODES)
@click.option("--wait", "wait_s", type=float, default=0.0, metavar="SECONDS", help="Until all is sealed anew.")
@remote_command
def rotate(remote: Remote, wait_s: float) -> None:
    """Have everything sealed with new keys; nothing becomes unreadable meanwhile.

    New master keys are a setting: put the new one before the old one in PENSTOCK_MASTER_KEYS and start anew.
    """
    with remote.connect() as client:
        secrets = client.collection("secrets")
        found = secrets.act("rotate")
        give_up_at = time.monotonic() + wait_s
        while found["outdated"] and time.monotonic() < give_up_at:
            time.sleep(LOOK_EVERY_S)
            found = secrets.read()
        show_document(remote, found)
    if wait_s and found["outdated"]:
        raise click.exceptions.Exit(ExitCode.TIMED_OUT)
