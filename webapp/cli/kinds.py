"""`penstock kinds`: what may be submitted, and how."""

import json

import click
from penstock_client import Kind

from webapp.cli._remote import EXIT_CODES, Remote, echo_json, remote_command

LONGEST_EXAMPLE = 200


@click.command(epilog=EXIT_CODES)
@click.argument("name", required=False)
@remote_command
def command(remote: Remote, name: str | None) -> None:
    """List the kinds of jobs, or describe the kind NAME: params, result, example, limits."""
    with remote.connect() as client:
        kinds = client.kinds() if name is None else [client.kind(name)]
    if remote.as_json:
        echo_json([kind.document for kind in kinds] if name is None else kinds[0].document)
        return
    from webapp.cli._tables import kinds_table, print_table  # noqa: PLC0415 - tables cost a tenth of a second

    if name is None:
        print_table(kinds_table(kinds))
    else:
        _describe(kinds[0])


def _describe(kind: Kind) -> None:
    from webapp.cli._tables import print_table, schema_table  # noqa: PLC0415 - the same

    limits, retry = kind.limits, kind.retry
    click.echo(f"{kind.name} (version {kind.version}, queue {kind.queue}): {kind.summary}\n")
    print_table(schema_table("Params", kind.params_schema))
    print_table(schema_table("Result", kind.result_schema))
    click.echo(
        f"Limits of an attempt: {limits['soft_s']:g} s, {limits['memory_mib']:,} MiB of memory, "
        f"{limits['result_bytes'] >> 10:,} KiB of result, {limits['artifact_bytes'] >> 20:,} MiB of artifacts. "
        f"Tried at most {retry['max_attempts']} times.\n"
    )
    example = json.dumps(kind.example)
    if len(example) <= LONGEST_EXAMPLE:
        click.echo(f"Example:\n  penstock jobs submit {kind.name} '{example}' --watch")
    else:
        click.echo(
            f"Example:\n  penstock jobs submit {kind.name} --example --watch\n"
            f"  penstock kinds {kind.name} --json | jq .example > params.json   # to begin your own with"
        )
