"""`penstock alerts`: what should be looked at."""

from itertools import islice
from typing import Any

import click

from webapp.cli._documents import show_document, show_documents
from webapp.cli._remote import EXIT_CODES, Remote, remote_command

COLUMNS = ("id", "severity", "state", "source", "key", "last_raised_at", "acknowledged_by", "text")
RULES = "alert-rules"
RULE_COLUMNS = ("id", "name", "state", "value", "threshold", "clear_threshold", "for_s", "severity", "active", "note")
id_argument = click.argument("alert_id", metavar="ID")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """See what should be looked at; acknowledge and resolve it."""


@command.command("list", epilog=EXIT_CODES)
@click.option("--state", type=click.Choice(["open", "pending", "firing", "resolved", "any"]), default="open")
@click.option("--source", help="Raised by this source only: platform, rule, or a workload.")
@click.option("--severity", type=click.Choice(["info", "warning", "critical"]))
@click.option("-n", "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many.")
@remote_command
def list_alerts(remote: Remote, state: str, source: str | None, severity: str | None, limit: int) -> None:
    """List alerts, newest first; those that are open unless --state says otherwise."""
    asked: dict[str, Any] = {"state": None if state == "any" else state, "source": source, "severity": severity}
    with remote.connect() as client:
        show_documents(remote, islice(client.collection("alerts").list(**asked), limit), *COLUMNS)


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def show(remote: Remote, alert_id: str) -> None:
    """Show an alert and what became of it."""
    with remote.connect() as client:
        alerts = client.collection("alerts")
        steps = list(alerts.list(below=f"{alert_id}/events"))
        show_document(remote, {**alerts.read(alert_id), "events": steps})


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def acknowledge(remote: Remote, alert_id: str) -> None:
    """Say that somebody takes care of it."""
    with remote.connect() as client:
        show_document(remote, client.collection("alerts").act(f"{alert_id}/acknowledge"))


@command.command(epilog=EXIT_CODES)
@id_argument
@remote_command
def resolve(remote: Remote, alert_id: str) -> None:
    """Say that it is over; what is still wrong will be raised again."""
    with remote.connect() as client:
        show_document(remote, client.collection("alerts").act(f"{alert_id}/resolve"))


@command.group()
def rules() -> None:
    """Which figures are watched each minute."""


@rules.command("list", epilog=EXIT_CODES)
@remote_command
def list_rules(remote: Remote) -> None:
    """List rules with the figures of the last round."""
    with remote.connect() as client:
        show_documents(remote, client.collection(RULES).list(), *RULE_COLUMNS)


@rules.command("add", epilog=EXIT_CODES)
@click.argument("name")
@click.argument("metric")
@click.argument("threshold", type=float)
@click.option("--below", is_flag=True, help="Less than the threshold is wrong.")
@click.option("--clear", "clear_threshold", type=float, help="What the figure has to come back to.")
@click.option("--for", "for_s", type=float, metavar="SECONDS", help="How long it has to be wrong.")
@click.option("--kind", help="Of this kind of job only.")
@click.option("--severity", type=click.Choice(["info", "warning", "critical"]), default="warning")
@remote_command
def add_rule(remote: Remote, *, below: bool, **asked: Any) -> None:
    """Have METRIC (job_failure_rate, job_wait_p95_s, job_run_p95_s, queue_age_s) watched by a rule called NAME."""
    fields = {"above": not below, **{name: value for name, value in asked.items() if value is not None}}
    with remote.connect() as client:
        show_document(remote, client.collection(RULES).add(fields))


@rules.command("change", epilog=EXIT_CODES)
@click.argument("rule_id", metavar="ID")
@click.option("--threshold", type=float)
@click.option("--clear", "clear_threshold", type=float)
@click.option("--for", "for_s", type=float, metavar="SECONDS")
@click.option("--severity", type=click.Choice(["info", "warning", "critical"]))
@click.option("--on/--off", "active", default=None, help="Whether it is looked at.")
@remote_command
def change_rule(remote: Remote, rule_id: str, **asked: Any) -> None:
    """Change a rule, which begins anew by that."""
    fields = {name: value for name, value in asked.items() if value is not None}
    with remote.connect() as client:
        show_document(remote, client.collection(RULES).change(rule_id, fields))


@rules.command("delete", epilog=EXIT_CODES)
@click.argument("rule_id", metavar="ID")
@remote_command
def delete_rule(remote: Remote, rule_id: str) -> None:
    """Delete a rule; what it fired is resolved."""
    with remote.connect() as client:
        client.collection(RULES).delete(rule_id)
