"""`penstock schedules`: rules that submit jobs at times."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
from penstock_client import Schedule

from webapp.cli._params import Instant, read_params
from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

MOST_TIMES = 100


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Make rules that submit jobs at times; look when they fire and what came of it."""


@command.command("list", epilog=EXIT_CODES)
@click.option("--kind")
@click.option("--paused/--active", default=None, help="Only paused ones, or only others.")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many.")
@remote_command
def list_schedules(remote: Remote, limit: int, **filters: Any) -> None:
    """List schedules, newest first."""
    with remote.connect() as client:
        found = list(islice(client.schedules(**filters), limit))
    if remote.as_json:
        echo_json([schedule.document for schedule in found])
        return
    from webapp.cli._schedule_tables import print_schedules  # noqa: PLC0415 - tables cost a tenth of a second

    print_schedules(found)


@command.command(epilog=EXIT_CODES)
@click.argument("kind")
@click.argument("params", metavar="[PARAMS_JSON|-]", required=False)
@click.option("-f", "--file", type=click.Path(dir_okay=False, path_type=Path), help="Params as a JSON file.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One param; a.b=1 reaches inside.")
@click.option("--cron", help="Minute, hour, day of month, month, day of week; or six fields, seconds first.")
@click.option("--every", "every_s", type=float, metavar="SECONDS", help="Instead of --cron.")
@click.option("--timezone", metavar="ZONE", help="In which --cron is read, as Europe/Helsinki; UTC unless given.")
@click.option("--name", help="What to call it.")
@click.option("--jitter", "jitter_s", type=float, metavar="SECONDS", help="Jobs are due up to so much later.")
@click.option("--missed", type=click.Choice(("skip", "once", "all")), help="What is made up for after a downtime.")
@click.option("--overlap", type=click.Choice(("allow", "skip", "cancel")), help="While a job of it is not final.")
@click.option("--paused", is_flag=True, default=None, help="It does not fire until it is resumed.")
@click.option("--starts-at", type=Instant(), help="Not before; an instant or +10m.")
@click.option("--ends-at", type=Instant(), help="Not after; an instant or +10m.")
@click.option("--priority", type=click.IntRange(0, 9), help="Of its jobs.")
@click.option("--timeout", "timeout_s", type=float, metavar="SECONDS", help="Of its jobs.")
@click.option("--max-attempts", type=click.IntRange(1, 100), help="Of its jobs.")
@click.option("--tag", "tags", multiple=True, help="Of its jobs; may be repeated.")
@remote_command
def add(
    remote: Remote, kind: str, params: str | None, file: Path | None, settings: Sequence[str], **fields: Any
) -> None:
    """Make a schedule of jobs of KIND and print its id."""
    asked = read_params(params, file, settings)
    given = {name: value for name, value in fields.items() if value is not None}
    with remote.connect() as client:
        handle = client.add_schedule(kind, asked, **{**given, "tags": list(given["tags"])})
    assert handle.last is not None
    if remote.as_json:
        echo_json(handle.last.document)
    else:
        click.echo(handle.id)


@command.command(epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@remote_command
def get(remote: Remote, schedule_id: str) -> None:
    """Print what is known of a schedule."""
    with remote.connect() as client:
        _show(remote, client.schedule(schedule_id).read())


@command.command("next", epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@click.option("-n", type=click.IntRange(1, MOST_TIMES), default=5, show_default=True, help="How many.")
@remote_command
def next_times(remote: Remote, schedule_id: str, n: int) -> None:
    """Print when a schedule fires next, in local time; with --json in UTC."""
    with remote.connect() as client:
        times = client.schedule(schedule_id).next(n)
    if remote.as_json:
        echo_json([at.isoformat() for at in times])
        return
    for at in times:
        click.echo(f"{at.astimezone():%a %Y-%m-%d %H:%M:%S %z}")


@command.command(epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@remote_command
def runs(remote: Remote, schedule_id: str, limit: int) -> None:
    """List what became of a schedule's fire times, newest first."""
    with remote.connect() as client:
        found = list(islice(client.schedule(schedule_id).runs(), limit))
    if remote.as_json:
        echo_json([run.document for run in found])
        return
    from webapp.cli._schedule_tables import print_runs  # noqa: PLC0415 - tables cost a tenth of a second

    print_runs(found)


@command.command(epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@remote_command
def pause(remote: Remote, schedule_id: str) -> None:
    """Let a schedule not fire until it is resumed."""
    with remote.connect() as client:
        _show(remote, client.schedule(schedule_id).pause())


@command.command(epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@remote_command
def resume(remote: Remote, schedule_id: str) -> None:
    """Let a schedule fire from now on; what fell into the pause is not made up for."""
    with remote.connect() as client:
        _show(remote, client.schedule(schedule_id).resume())


@command.command(epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@remote_command
def run(remote: Remote, schedule_id: str) -> None:
    """Submit a schedule's job now and print the job's id."""
    with remote.connect() as client:
        handle = client.schedule(schedule_id).run()
    assert handle.last is not None
    if remote.as_json:
        echo_json(handle.last.document)
    else:
        click.echo(handle.id)


@command.command(epilog=EXIT_CODES)
@click.argument("schedule_id", metavar="ID")
@remote_command
def delete(remote: Remote, schedule_id: str) -> None:
    """Delete a schedule with the history of its fire times; its jobs stay."""
    with remote.connect() as client:
        client.schedule(schedule_id).delete()
    if remote.as_json:
        echo_json({"deleted": schedule_id})


def _show(remote: Remote, schedule: Schedule) -> None:
    if remote.as_json:
        echo_json(schedule.document)
        return
    from webapp.cli._schedule_tables import print_schedule  # noqa: PLC0415 - tables cost a tenth of a second

    print_schedule(schedule)
