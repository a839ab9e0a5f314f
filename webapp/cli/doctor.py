"""`penstock doctor`: whether this machine can run a platform, and what to do if not."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from core.config import sandbox_without
from core.platform.supervisor.diagnosis import Finding, examine
from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Order
from core.workloads.code.sandbox.layers import Layer
from webapp.cli._platform import data_dir_option, existing_folder

COLORS = {"ok": "green", "note": "yellow", "bad": "red"}


@click.command()
@data_dir_option
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Web port to look at.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of lines.")
def command(data_dir: Path, port: int, *, as_json: bool) -> None:
    """Examine this machine; exit code 1 when something keeps the platform from starting."""
    with Sandbox() as sandbox:
        findings = [*examine(existing_folder(data_dir), os.environ, port), walls(sandbox)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            verdict = click.style(f"{finding.verdict:<4}", fg=COLORS[finding.verdict])
            click.echo(f"{verdict} {finding.subject:<12} {finding.detail}")
    if any(finding.verdict == "bad" for finding in findings):
        raise click.exceptions.Exit(1)


def walls(sandbox: Sandbox) -> Finding:
    """Try every layer of the sandbox; one that is missing keeps native programs from running, and nothing else."""
    without = sandbox_without()
    try:
        sandbox.run(Order(("/bin/true",), without=without))
    except SandboxUnavailable as missing:
        return Finding("sandbox", "note", missing.detail)
    return Finding("sandbox", "ok", f"holds by {', '.join(one for one in Layer if one not in without)}")
