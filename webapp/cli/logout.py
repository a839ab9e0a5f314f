"""`penstock logout`: act as a member no more."""

from contextlib import suppress

import click
from penstock_client import PenstockClientError, find_endpoint

from webapp.cli._logins import forget
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command


@click.command(epilog=EXIT_CODES)
@remote_command
def command(remote: Remote) -> None:
    """End the login to the platform, there and here."""
    url = find_endpoint(remote.url, data_dir=remote.data_dir).url
    login = forget(url)
    if login is not None:
        with suppress(PenstockClientError):  # it may have ended by itself
            login.end()
    if remote.as_json:
        echo_json({"url": url, "was_logged_in": login is not None})
