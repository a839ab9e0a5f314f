"""What becomes of jobs, told by the commands that wait for it or change it."""

import sys
from collections.abc import Callable, Iterator, Sequence

import click
from penstock_client import Job, JobHandle, PenstockClientError

from webapp.cli._remote import ExitCode, Remote, describe_error, echo_json, exit_code


def show_until_final(handle: JobHandle, within_s: float | None) -> Job:
    """Show a job's progress on standard error until it is final."""
    from webapp.cli._progress import opened_board  # noqa: PLC0415 - bars cost a tenth of a second

    with opened_board(sys.stderr) as board:
        for job in changes_of(handle, within_s):
            board.show(job.kind, job)
    return job


def changes_of(handle: JobHandle, within_s: float | None) -> Iterator[Job]:
    """Follow a job over its live stream; who has a time to keep to asks instead, as a stream says nothing for long."""
    return handle.follow() if within_s is None else handle.watch(within_s)


def print_outcome(remote: Remote, handle: JobHandle, within_s: float | None) -> None:
    """Wait and print the result, or for machines the whole job; raises what the job ended with."""
    if remote.as_json:
        echo_json(handle.wait(within_s).document)
        handle.result()
    else:
        echo_json(handle.result(within_s))


def print_job(remote: Remote, job: Job) -> None:
    """Print what is known of a job."""
    if remote.as_json:
        echo_json(job.document)
        return
    from webapp.cli._tables import job_table, print_table  # noqa: PLC0415 - tables cost a tenth of a second

    print_table(job_table(job))


def change_each(remote: Remote, job_ids: Sequence[str], change: Callable[[JobHandle], Job]) -> None:
    """Change job after job and tell how each is now; those that refuse are told at the end, in the exit code too."""
    worst = ExitCode.OK
    changed = []
    with remote.connect() as client:
        for job_id in job_ids:
            try:
                changed.append(change(client.job(job_id)))
            except PenstockClientError as error:
                describe_error(error, as_json=remote.as_json, about=job_id)
                worst = exit_code(error)
    if remote.as_json:
        echo_json([job.document for job in changed])
    else:
        for job in changed:
            click.echo(f"{job.id} {job.state}{_asked(job)}")
    if worst:
        raise click.exceptions.Exit(worst)


def _asked(job: Job) -> str:
    return ", asked to stop" if job.document["cancel_requested_at"] and not job.is_final else ""
