"""What `penstock federations` prints of rounds, of members' data and of a model that was tried."""

from collections.abc import Mapping
from typing import Any

import click

from webapp.cli._remote import Remote, echo_json


def show_round_of(remote: Remote, told: Mapping[str, Any]) -> None:
    """Print a round: how it is, what its model is worth, who had which part, who is suspected or refused."""
    if remote.as_json:
        echo_json(told)
        return
    closes = f", closes {told['closes_at']}" if told["status"] == "open" and told["closes_at"] else ""
    click.echo(f"round {told['number']}: {told['status']}, {told['updates']} updates{closes}")
    for when in ("before", "after"):
        if worth := tried((told["outcome"] or {}).get(when)):
            click.echo(f"{when}:{worth}")
    if told["reason"]:
        click.echo(told["reason"])
    if agreed := _agreed((told["outcome"] or {}).get("gossip")):
        click.echo(agreed)
    for one in (told["outcome"] or {}).get("clients", ()):
        why = f"  suspected: {', '.join(one['reasons'])}" if one["reasons"] else ""
        away = "" if one["distance"] is None else f"  distance {one['distance']:.4g}"
        click.echo(f"{one['client']:<20} share {one['share']:+.3f}{away}{why}")
    for one in (told["outcome"] or {}).get("refused", ()):
        click.echo(f"{one['client']:<20} refused: {one['reason']}")


def told_data(data: Mapping[str, Any]) -> str:
    """Say in a few words what a member trains on."""
    if "domain_id" in data:
        return f"windows {data['first']} to {data['last']} of {data['domain_id']}"
    return f"the upload {data['artifact']}" if "artifact" in data else f"{len(data['targets'])} samples"


def tried(evaluation: Mapping[str, Any] | None) -> str:
    """Say how well a model does where it was tried."""
    if evaluation is None:
        return ""
    return "".join(f"  {name} {value:.4g}" for name, value in evaluation.items() if value is not None)


def _agreed(gossip: Mapping[str, Any] | None) -> str | None:
    if gossip is None:
        return None
    how = "all agree" if gossip["converged"] else f"models are still {gossip['apart']:.3g} apart"
    return f"mixed along {gossip['connections']} connections: {how} after {gossip['rounds']} rounds"
