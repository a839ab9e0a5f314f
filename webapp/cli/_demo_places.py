"""Where the demo's visitors may go from here."""

import json
from pathlib import Path

import click
from penstock_client import Client

from core.platform import first_login

COMMAND = "./penstock"


def print_places(client: Client, folder: Path, *, keep: bool) -> None:
    """Print addresses, credentials and what to try next."""
    if not keep:
        click.echo(
            f"\n{click.style('Next', bold=True)} - `{COMMAND} demo --keep` leaves the platform running and tells"
        )
        click.echo("  where the API's documentation and Flower are, with their credentials; then try")
        click.echo(f"  {COMMAND} kinds, {COMMAND} jobs submit KIND --example --watch, {COMMAND} jobs list")
        return
    written = json.loads((folder / "run" / "endpoint.json").read_text())
    url, where = client.endpoint.url, f"--data-dir {folder}"
    places = {
        "Start page": f"{url}/",
        "Dashboard": f"{url}/dashboard/",
        "API": f"{url}/api/v1/docs  (OpenAPI: {url}/api/v1/openapi.json)",
        "Flower": f"{written['flower_url']}/  (workers and queues)",
        "Metrics": f"{url}/api/v1/metrics",
        "API key": client.endpoint.api_key,
    }
    click.echo(f"\n{click.style('Where', bold=True)} - the platform goes on running")
    for name, place in places.items():
        click.echo(f"  {name:<11} {place}")
    if (told := first_login.take(folder)) is not None:
        click.echo(told)
    click.echo(f"\n{click.style('Next', bold=True)}")
    click.echo(f"  {COMMAND} kinds {where}")
    click.echo(f"  {COMMAND} jobs submit platform.sleep --set seconds=5 --watch {where}")
    click.echo(f"  {COMMAND} jobs list {where}")
    click.echo(f"  curl -H 'Authorization: Bearer {client.endpoint.api_key}' {url}/api/v1/jobs")
    click.echo(f"  {COMMAND} down {where}")
