"""`penstock login`: act as a member from now on."""

import sys

import click
from penstock_client import Refused, find_endpoint, log_in

from webapp.cli._logins import keep
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command


@click.command(epilog=EXIT_CODES)
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@click.option("--totp", help="Code of the authenticator app, or a recovery code.")
@remote_command
def command(remote: Remote, email: str, *, password_stdin: bool, totp: str | None) -> None:
    """Log in as EMAIL; commands that are given no key then act as that member, until `penstock logout`."""
    url = find_endpoint(remote.url, data_dir=remote.data_dir).url
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _asked("Password")
    new_password: str | None = None
    while True:
        try:
            login = log_in(url, email, password, totp=totp, new_password=new_password)
            break
        except Refused as refused:
            if password_stdin:
                raise
            if refused.code == "totp_required" and totp is None:
                totp = _asked("Code of the authenticator app")
            elif refused.code == "password_change_required" and new_password is None:
                new_password = _chosen()
            else:
                raise
    keep(login)
    if remote.as_json:
        echo_json({"url": login.url, "email": email})
    else:
        click.echo(f"Logged in to {login.url} as {email}.")


def _asked(what: str) -> str:
    return str(click.prompt(what, hide_input=True, err=True))


def _chosen() -> str:
    return str(click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True))
