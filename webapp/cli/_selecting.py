"""Which jobs a command is about, by what is known of them; and changing all of them, once that is agreed."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import click
from penstock_client import BulkOutcome, Client, PenstockClientError

from webapp.cli._params import Instant
from webapp.cli._remote import ExitCode, Remote, echo_json

STATES = ("scheduled", "waiting", "queued", "running", "retryable", "succeeded", "failed", "cancelled", "expired")
Command = Callable[..., None]


def known_kinds(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete a kind's name with what the platform offers, if it answers at once."""
    try:
        with Client(patience_s=0) as client:
            return [kind.name for kind in client.kinds() if kind.name.startswith(incomplete)]
    except PenstockClientError:
        return []


def filter_options(command: Command) -> Command:
    """Give a command the options that filter jobs, named as the API names them."""
    return reduce(lambda given, option: option(given), reversed(_FILTERS), command)


def bulk_options(command: Command) -> Command:
    """Give a command about jobs by their ids the options to choose them by a filter instead."""
    return filter_options(reduce(lambda given, option: option(given), reversed(_AGREEMENT), command))


def change_selected(
    remote: Remote,
    change: Callable[..., BulkOutcome],
    verb: str,
    *,
    dry_run: bool,
    yes: bool,
    everything: bool,
    **filters: Any,
) -> None:
    """Change all jobs that a filter finds, having shown how many there are and asked; tell what became of them."""
    if not everything and all(value is None for value in filters.values()):
        raise click.UsageError("Say which jobs: by their ids, by options like --state and --tag, or all with --all.")
    with remote.connect() as client:
        outcome = change(client, everything=everything, dry_run=dry_run or not yes, **filters)
        if outcome.dry_run and not dry_run and outcome.changed:
            _ask(f"{verb.capitalize()} {outcome.changed:,} job(s)?")
            outcome = change(client, everything=everything, **filters)
    if remote.as_json:
        echo_json({**outcome.document, "dry_run": dry_run})
    else:
        click.echo(_told(outcome, verb, dry_run=dry_run))


def _ask(question: str) -> None:
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        raise click.exceptions.Exit(ExitCode.INTERRUPTED)


def _told(outcome: BulkOutcome, verb: str, *, dry_run: bool) -> str:
    said = f"{verb}: {outcome.changed:,} of {outcome.matched:,} job(s)"
    left = [f"{count:,} {reason.replace('_', ' ')}" for reason, count in outcome.skipped.items() if count]
    return said + (f" ({', '.join(left)})" if left else "") + (", if it were not a dry run" if dry_run else "")


_FILTERS = (
    click.option("--state", type=click.Choice(STATES)),
    click.option("--kind", shell_complete=known_kinds),
    click.option("--queue"),
    click.option("--tag"),
    click.option("--schedule", "schedule_id", metavar="ID", help="Jobs of this schedule."),
    click.option("--workflow", "workflow_id", metavar="ID", help="Jobs of this workflow."),
    click.option("--parent", "parent_id", metavar="ID", help="Shards of this job."),
    click.option("--search", "q", help="Part of the kind, the beginning of the unique key or id, or a whole tag."),
    click.option("--created-after", type=Instant()),
    click.option("--created-before", type=Instant()),
)
_AGREEMENT = (
    click.option("--all", "everything", is_flag=True, help="All jobs, if no other option says which."),
    click.option("--dry-run", is_flag=True, help="Only tell how many there are."),
    click.option("--yes", is_flag=True, help="Do not ask before it is done."),
)
