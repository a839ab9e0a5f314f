"""`penstock status`: how the local platform's processes are."""

import json
from pathlib import Path
from typing import Any

import click
import psutil

from core.platform.servers.folder import DataFolder, is_held
from core.platform.supervisor.records import ProcessRecord, find_process, read_status
from webapp.cli._platform import data_dir_option, existing_folder

NOT_READY = 3


@click.command()
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def command(data_dir: Path, *, as_json: bool) -> None:
    """Show all processes; exit code 0 when the platform is ready, 3 otherwise."""
    report = describe(existing_folder(data_dir))
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        _print(report)
    if report["state"] != "ready":
        raise click.exceptions.Exit(NOT_READY)


def describe(folder: DataFolder) -> dict[str, Any]:
    """Return what the supervisor noted, checked against what lives, and each process tree's memory."""
    status = read_status(folder)
    if status is None:
        return {
            "state": "stopped",
            "data_dir": str(folder.root),
            "url": None,
            "flower_url": None,
            "supervisor": None,
            "processes": {},
        }
    return {
        # Without its supervisor, nobody restarts what dies.
        "state": status.platform if is_held(folder) else "abandoned",
        "data_dir": str(folder.root),
        "url": status.endpoint,
        "flower_url": _flower_url(folder),
        "supervisor": status.supervisor,
        "processes": {name: _process(record) for name, record in status.processes.items()},
    }


def _flower_url(folder: DataFolder) -> str | None:
    """Return Flower's address with its login; only who may read the endpoint file learns it."""
    try:
        return str(json.loads(folder.endpoint.read_text())["flower_url"])
    except (FileNotFoundError, PermissionError):
        return None


def _process(record: ProcessRecord) -> dict[str, Any]:
    process = find_process(record.pid, record.created) if record.pid is not None else None
    return {
        "state": record.state if process is not None or record.pid is None else "gone",
        "pid": record.pid,
        "restarts": record.restarts,
        "ready_after_s": record.ready_after_s,
        "exit_code": record.exit_code,
        "memory_mib": _memory_mib(process),
        "log": record.log,
    }


def _memory_mib(process: psutil.Process | None) -> float | None:
    """Return the proportional share of memory, so that the sum over all is what the machine really gives."""
    if process is None:
        return None
    try:
        tree = [process, *process.children(recursive=True)]
        return round(sum(member.memory_full_info().pss for member in tree) / (1 << 20), 1)
    except psutil.Error:
        return None


def _print(report: dict[str, Any]) -> None:
    click.echo(f"{report['state']}  {report['url'] or ''}  data: {report['data_dir']}")
    if report["flower_url"]:
        click.echo(f"  API documentation  {report['url']}/api/v1/docs")
        click.echo(f"  endpoint and key   {existing_folder(Path(report['data_dir'])).endpoint}")
        click.echo(f"  Flower             {report['flower_url']}")
    for name, process in report["processes"].items():
        memory = f"{process['memory_mib']:.0f} MiB" if process["memory_mib"] is not None else ""
        restarts = f"restarts: {process['restarts']}" if process["restarts"] else ""
        click.echo(f"  {name:<16} {process['state']:<12} {process['pid'] or '':>8} {memory:>9}  {restarts}".rstrip())
