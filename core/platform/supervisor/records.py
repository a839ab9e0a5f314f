"""What a platform writes down about itself: the status of its processes, and the endpoint by which it is found."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from core.platform.servers.folder import DataFolder, write_private
from core.platform.supervisor.unit import Child

# psutil derives the time of a process's start from the clock, which may be set in between.
CLOCK_TOLERANCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a ready platform is reached."""

    url: str
    stream_url: str
    flower_url: str
    api_key: str


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """One process as it was noted; pid and time of creation together name it for good."""

    state: str
    pid: int | None
    created: float
    restarts: int
    ready_after_s: float | None
    exit_code: int | None
    log: str


@dataclass(frozen=True, slots=True)
class Status:
    """All processes of one platform as its supervisor last saw them."""

    platform: str
    boot_id: str
    supervisor: int
    created: float
    endpoint: str
    processes: dict[str, ProcessRecord]


def write_status(folder: DataFolder, platform: str, url: str, children: Iterable[Child]) -> None:
    """Note the present state; a later start finds here what a killed supervisor left running."""
    status = Status(
        platform=platform,
        boot_id=boot_id(),
        supervisor=os.getpid(),
        created=psutil.Process().create_time(),
        endpoint=url,
        processes={child.unit.name: _record(folder, child) for child in children},
    )
    write_private(folder.status, json.dumps(asdict(status), indent=2))


def read_status(folder: DataFolder) -> Status | None:
    """Return what was noted last, `None` when nothing readable is there or the machine has booted since."""
    try:
        content: dict[str, Any] = json.loads(folder.status.read_text())
        processes = {name: ProcessRecord(**record) for name, record in content.pop("processes").items()}
        status = Status(processes=processes, **content)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return status if status.boot_id == boot_id() else None


def write_endpoint(folder: DataFolder, endpoint: Endpoint, children: Iterable[Child]) -> None:
    """Tell scripts where the platform is and which processes it consists of."""
    pids = {child.unit.name: child.pid for child in children if child.pid is not None and not child.unit.once}
    write_private(folder.endpoint, json.dumps({**asdict(endpoint), "pids": pids}, indent=2))


def remove(folder: DataFolder) -> None:
    """Take away endpoint and status: there is no platform here any more."""
    for path in (folder.endpoint, folder.status, *folder.run.glob("*.ready")):
        path.unlink(missing_ok=True)


def find_process(pid: int, created: float) -> psutil.Process | None:
    """Return the noted process if it still lives and is not another one with the same number."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if abs(process.create_time() - created) <= CLOCK_TOLERANCE_S and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def boot_id() -> str:
    """Return what distinguishes this boot of the machine from all others."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _record(folder: DataFolder, child: Child) -> ProcessRecord:
    return ProcessRecord(
        state=child.state.value,
        pid=child.pid,
        created=child.created,
        restarts=child.restarts,
        ready_after_s=child.ready_after_s,
        exit_code=child.exit_code,
        log=str(folder.log(child.unit.name)),
    )
