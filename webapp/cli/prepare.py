"""`penstock prepare`: what has to be done once before the processes of a new version start on hosts of their own."""

import os

import click

from core.config import read_settings
from core.errors import PenstockError
from core.platform import bootstrap, first_login, starting
from webapp.cli._platform import told


@click.command()
def command() -> None:
    """Migrate the database that DATABASE_URL names, and make the first account of a new installation.

    `penstock up` does this by itself; where processes are started otherwise, it goes before them. It may run any number
    of times, on several hosts at once. The first account's one-time password is told once, here.

    A database that is away is waited for, 12 s; exit code 75 says that it may pass, 78 that somebody has to mend it.
    """
    try:
        read_settings()
        password = bootstrap.install(os.environ)
    except starting.FAULTS as fault:
        click.echo(f"Error: {fault.detail}", err=True)
        raise click.exceptions.Exit(starting.exit_code(fault)) from fault
    except PenstockError as error:
        raise told(error) from error
    click.echo("The database is ready." if password is None else first_login.told(password))
