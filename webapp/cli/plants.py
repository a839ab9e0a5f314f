"""`penstock plants`: pumping stations, their measurements, schedules and orders."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

plant_argument = click.argument("plant", default="tunnel", required=False)


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Operate pumping stations: measure, look at the schedule, decide, order."""


@command.command("list", epilog=EXIT_CODES)
@remote_command
def list_plants(remote: Remote) -> None:
    """List stations."""
    with remote.connect() as client:
        found = list(client.plants)
    if remote.as_json:
        echo_json(found)
        return
    for plant in found:
        click.echo(f"{plant['id']:<20} {'active' if plant['active'] else 'idle':<8} {plant['title']}")


@command.command(epilog=EXIT_CODES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@remote_command
def add(remote: Remote, file: Path) -> None:
    """Keep a station's document (JSON FILE) under its own name."""
    with remote.connect() as client:
        _show(remote, client.plants.add(json.loads(file.read_text(encoding="utf-8"))).read())


@command.command(epilog=EXIT_CODES)
@plant_argument
@click.option("--active/--idle", default=None, help="Whether it is planned for each quarter of an hour.")
@click.option("--automatic/--advisory", default=None, help="Whether plans count without being accepted.")
@click.option("--timezone", help="By whose midnights days are told, as Europe/Helsinki.")
@remote_command
def change(remote: Remote, plant: str, **changes: Any) -> None:
    """Change how a station is operated."""
    given = {name: value for name, value in changes.items() if value is not None}
    with remote.connect() as client:
        _show(remote, client.plants[plant].change(**given))


@command.command(epilog=EXIT_CODES)
@plant_argument
@remote_command
def state(remote: Remote, plant: str) -> None:
    """Print the latest measurement and its age."""
    with remote.connect() as client:
        _show(remote, client.plants[plant].state())


@command.command(epilog=EXIT_CODES)
@click.argument("plant")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@remote_command
def ingest(remote: Remote, plant: str, file: Path) -> None:
    """Send measurements from a CSV file in the shared columns."""
    with remote.connect() as client:
        _show(remote, client.plants[plant].send_csv(file.read_bytes()))


@command.command(epilog=EXIT_CODES)
@plant_argument
@remote_command
def schedule(remote: Remote, plant: str) -> None:
    """Print the current recommendation: what each pump does when, and why."""
    with remote.connect() as client:
        plan = client.plants[plant].schedule()
    if remote.as_json:
        echo_json(plan)
        return
    from webapp.cli._plant_tables import print_plan  # noqa: PLC0415 - tables cost a tenth of a second

    print_plan(plan)


@command.command(epilog=EXIT_CODES)
@click.argument("plan_id", metavar="PLAN_ID")
@click.option("--note", help="For those who read the list of plans.")
@remote_command
def accept(remote: Remote, plan_id: str, note: str | None) -> None:
    """Accept a recommendation."""
    with remote.connect() as client:
        _show_plan(remote, client.plants["tunnel"].accept(plan_id, note))


@command.command(epilog=EXIT_CODES)
@click.argument("plan_id", metavar="PLAN_ID")
@click.option("--note", help="For those who read the list of plans.")
@remote_command
def reject(remote: Remote, plan_id: str, note: str | None) -> None:
    """Reject a recommendation: the station is on its own control until the next."""
    with remote.connect() as client:
        _show_plan(remote, client.plants["tunnel"].reject(plan_id, note))


@command.command(epilog=EXIT_CODES)
@click.argument("plant")
@click.argument("pump")
@click.argument("action", type=click.Choice(("on", "off", "out")))
@click.option("--minutes", type=click.FloatRange(1, 7 * 24 * 60), default=120.0, show_default=True)
@click.option("--why", required=True, help="The reason, for all to read.")
@click.option("--who", default="", help="Who ordered it; else who sends it.")
@remote_command
def override(remote: Remote, plant: str, pump: str, action: str, **rest: Any) -> None:
    """Order what PUMP does for some time; a plan that respects it is made at once."""
    with remote.connect() as client:
        _show(remote, client.plants[plant].override(pump, action, **rest))


@command.command(epilog=EXIT_CODES)
@plant_argument
@remote_command
def overrides(remote: Remote, plant: str) -> None:
    """List orders, newest first."""
    with remote.connect() as client:
        found = client.plants[plant].overrides()
    if remote.as_json:
        echo_json(found)
        return
    for order in found:
        live = "in force" if order["in_force"] else "over"
        click.echo(
            f"{order['id']} {order['pump']:<5} {order['action']:<4} {live:<9} until {order['until']} {order['why']}"
        )


@command.command("end-override", epilog=EXIT_CODES)
@click.argument("override_id", metavar="ID")
@remote_command
def end_override(remote: Remote, override_id: str) -> None:
    """End an order before its time."""
    with remote.connect() as client:
        _show(remote, client.plants["tunnel"].end_override(override_id))


@command.command(epilog=EXIT_CODES)
@plant_argument
@remote_command
def performance(remote: Remote, plant: str) -> None:
    """Compare the last day as measured with what was planned for it."""
    with remote.connect() as client:
        told = client.plants[plant].performance()
    if remote.as_json:
        echo_json(told)
        return
    from webapp.cli._plant_tables import print_performance  # noqa: PLC0415 - tables cost a tenth of a second

    print_performance(told)


@command.command(epilog=EXIT_CODES)
@plant_argument
@click.option("--quarters", type=click.IntRange(1, 10_000), default=96, show_default=True, help="How many to live.")
@click.option("--every", "every_s", type=click.FloatRange(0.2, 900), default=2.0, show_default=True, metavar="SECONDS")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the generated weather and prices.")
@remote_command
def live(remote: Remote, plant: str, quarters: int, every_s: float, seed: int) -> None:
    """Be a station: follow the schedule, measure, and send, a quarter of an hour each few seconds.

    The station's clock is set to the generated scenario's and runs as fast.
    """
    from webapp.cli._plant_life import live_on  # noqa: PLC0415 - a loop of its own

    with remote.connect() as client:
        for line in live_on(client, plant, quarters=quarters, every_s=every_s, seed=seed):
            if remote.as_json:
                click.echo(json.dumps(line))
            else:
                click.echo("  ".join(str(value) for value in line.values()))


def _show(remote: Remote, document: Mapping[str, Any]) -> None:
    if remote.as_json:
        echo_json(document)
        return
    from webapp.cli._plant_tables import print_document  # noqa: PLC0415 - tables cost a tenth of a second

    print_document(document)


def _show_plan(remote: Remote, plan: Mapping[str, Any]) -> None:
    names = ("id", "status", "in_force", "decided_by", "note", "reason")
    _show(remote, plan if remote.as_json else {name: plan[name] for name in names})
