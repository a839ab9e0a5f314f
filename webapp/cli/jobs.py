"""`penstock jobs`: submit jobs, follow them, take what they leave, cancel and retry them."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
from penstock_client import Client, JobHandle

from webapp.cli._following import change_each, changes_of, print_job, print_outcome, show_until_final
from webapp.cli._params import Instant, read_params, with_settings
from webapp.cli._remote import EXIT_CODES, ExitCode, Remote, echo_json, echo_json_line, remote_command
from webapp.cli._selecting import bulk_options, change_selected, filter_options, known_kinds

PAGE = 200
within_option = click.option("--within", "within_s", type=float, metavar="SECONDS", help="How long to wait at most.")


@click.group(epilog=EXIT_CODES)
def command() -> None:
    """Submit jobs, follow them, take what they leave, cancel and retry them."""


@command.command(epilog=EXIT_CODES)
@click.argument("kind", shell_complete=known_kinds)
@click.argument("params", metavar="[PARAMS_JSON|-]", required=False)
@click.option("-f", "--file", type=click.Path(dir_okay=False, path_type=Path), help="Params as a JSON file.")
@click.option("--example", is_flag=True, help="The kind's own example as params, to try it out.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One param; a.b=1 reaches inside.")
@click.option("--wait", is_flag=True, help="Wait for the end and print the result.")
@click.option("--watch", is_flag=True, help="The same, with progress on standard error.")
@within_option
@click.option("--priority", type=click.IntRange(0, 9), help="9 is served first; 5 unless given.")
@click.option("--run-at", type=Instant(), help="Not before; an instant or +10m.")
@click.option("--deadline", "deadline_at", type=Instant(), help="Expires unless started before; an instant or +10m.")
@click.option("--timeout", "timeout_s", type=float, metavar="SECONDS", help="Limit of one attempt.")
@click.option("--max-attempts", type=click.IntRange(1, 100), help="How often it is tried.")
@click.option("--tag", "tags", multiple=True, help="A word to find it by; may be repeated.")
@click.option("--unique-key", help="At most one job that is not final holds it.")
@click.option("--concurrency-key", help="Jobs of the same key run one at a time.")
@click.option("--concurrency-limit", type=click.IntRange(1, 10_000), help="So many of the same key at a time instead.")
@click.option("--idempotency-key", help="Submitted twice with the same key, it is one job.")
@remote_command
def submit(
    remote: Remote,
    kind: str,
    params: str | None,
    file: Path | None,
    settings: Sequence[str],
    *,
    example: bool,
    wait: bool,
    watch: bool,
    within_s: float | None,
    **options: Any,
) -> None:
    """Submit a job of KIND and print its id, or with --wait or --watch its result."""
    if example and (params is not None or file is not None):
        raise click.UsageError("Give params or --example, not both; --set changes single ones of the example.")
    asked = read_params(params, file, settings)
    with remote.connect() as client:
        if example:
            asked = with_settings(client.kind(kind).example, settings)
        handle = client.submit(kind, asked, **options)
        if watch:
            show_until_final(handle, within_s)
        if wait or watch:
            print_outcome(remote, handle, within_s)
        elif remote.as_json:
            echo_json(handle.read().document)
        else:
            click.echo(handle.id)


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@remote_command
def get(remote: Remote, job_id: str) -> None:
    """Print what is known of a job."""
    with remote.connect() as client:
        job = client.job(job_id).read()
    print_job(remote, job)


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@within_option
@remote_command
def watch(remote: Remote, job_id: str, within_s: float | None) -> None:
    """Show a job's progress until it is final, live where streams are to be had; with --json a line for each change."""
    with remote.connect() as client:
        handle = client.job(job_id)
        if remote.as_json:
            for job in changes_of(handle, within_s):
                echo_json_line(job.document)
        else:
            show_until_final(handle, within_s)
        if handle.wait().state != "succeeded":
            raise click.exceptions.Exit(ExitCode.JOB_UNSUCCESSFUL)


@command.command("list", epilog=EXIT_CODES)
@filter_options
@click.option("--oldest-first", "sort", flag_value="created_at", default=None)
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@remote_command
def list_jobs(remote: Remote, limit: int, **filters: Any) -> None:
    """List jobs, newest first."""
    with remote.connect() as client:
        jobs = list(islice(client.jobs(page=min(limit, PAGE), **filters), limit))
    if remote.as_json:
        echo_json([job.document for job in jobs])
        return
    from webapp.cli._tables import jobs_table, print_table  # noqa: PLC0415 - tables cost a tenth of a second

    print_table(jobs_table(jobs))


@command.command(epilog=EXIT_CODES)
@click.argument("job_ids", metavar="[ID]...", nargs=-1)
@bulk_options
@remote_command
def cancel(remote: Remote, job_ids: Sequence[str], **selected: Any) -> None:
    """Cancel jobs by their ids or by what is known of them; running ones are asked to stop."""
    if not job_ids:
        change_selected(remote, Client.cancel_many, "cancel", **selected)
    elif any(selected.values()):
        raise click.UsageError("Give either ids or options that say which jobs are meant.")
    else:
        change_each(remote, job_ids, JobHandle.cancel)


@command.command(epilog=EXIT_CODES)
@click.argument("job_ids", metavar="[ID]...", nargs=-1)
@bulk_options
@remote_command
def retry(remote: Remote, job_ids: Sequence[str], **selected: Any) -> None:
    """Queue final jobs for another attempt, by their ids or by what is known of them."""
    if not job_ids:
        change_selected(remote, Client.retry_many, "retry", **selected)
    elif any(selected.values()):
        raise click.UsageError("Give either ids or options that say which jobs are meant.")
    else:
        change_each(remote, job_ids, JobHandle.retry)


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")
@click.option("--wait", is_flag=True, help="Wait for the end first.")
@within_option
@remote_command
def result(remote: Remote, job_id: str, output: Path | None, *, wait: bool, within_s: float | None) -> None:
    """Print a job's result as JSON."""
    with remote.connect() as client:
        handle = client.job(job_id)
        found = handle.result(within_s if wait else 0)
    if output is None:
        echo_json(found)
    else:
        output.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@click.option("--follow", is_flag=True, help="Go on until the job is final.")
@remote_command
def events(remote: Remote, job_id: str, *, follow: bool) -> None:
    """Print what happened to a job; with --json one line for each event."""
    with remote.connect() as client:
        for event in client.job(job_id).events(follow=follow):
            if remote.as_json:
                echo_json_line(event.document)
            else:
                said = json.dumps(event.data, ensure_ascii=False) if event.data else ""
                click.echo(f"{event.at.astimezone():%H:%M:%S.%f} {event.seq:>4} {event.type:<14} {said}".rstrip())


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@remote_command
def logs(remote: Remote, job_id: str) -> None:
    """Print what a job's attempts logged; with --json one line for each."""
    with remote.connect() as client:
        for line in client.job(job_id).logs():
            if remote.as_json:
                echo_json_line(line.document)
            else:
                said = " ".join(f"{name}={value}" for name, value in line.fields.items())
                click.echo(
                    f"{line.at.astimezone():%H:%M:%S} [{line.attempt}] {line.level} {line.message} {said}".rstrip()
                )


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@remote_command
def artifacts(remote: Remote, job_id: str) -> None:
    """List what a job left behind."""
    with remote.connect() as client:
        found = client.job(job_id).artifacts()
    if remote.as_json:
        echo_json([artifact.document for artifact in found])
        return
    from webapp.cli._tables import artifacts_table, print_table  # noqa: PLC0415 - tables cost a tenth of a second

    print_table(artifacts_table(found))


@command.command(epilog=EXIT_CODES)
@click.argument("job_id", metavar="ID")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="A folder, or a file when it is one artifact; the current folder unless given.",
)
@remote_command
def download(remote: Remote, job_id: str, names: Sequence[str], output: Path) -> None:
    """Download artifacts of a job, all of them unless named, and print where they are."""
    with remote.connect() as client:
        handle = client.job(job_id)
        wanted = names or [artifact.name for artifact in handle.artifacts()]
        if len(wanted) > 1:
            output.mkdir(parents=True, exist_ok=True)
        paths = [str(handle.download(name, output)) for name in wanted]
    if remote.as_json:
        echo_json(paths)
        return
    for path in paths:
        click.echo(path)
