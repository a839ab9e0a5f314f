"""The plan of a platform: which processes, in which order they start and stop, and when each counts as ready."""

import sys
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from core.platform.servers.embedded import Placement
from core.platform.servers.folder import DataFolder
from core.platform.servers.program import Program
from core.platform.supervisor.environment import Ports, child_environ, ready_file
from core.platform.supervisor.probes import http_answers, port_answers
from core.platform.supervisor.procfile import Line, words
from core.platform.supervisor.unit import Unit

MIGRATE = "migrate"
# Those who make work stop first, those whom all others need stop last.
STOP_ORDER = ("beat", "worker*", "relay", "*", "stream", "web", "flower", MIGRATE, "redis", "postgres")
STOP_WITHIN_S = {"worker*": 20.0, "web": 25.0, "stream": 15.0, "*": 10.0}
OPTIONAL = frozenset({"flower", "stream"})


def make_plan(
    lines: Sequence[Line],
    placements: Sequence[Placement],
    folder: DataFolder,
    shared: Mapping[str, str],
    ports: Ports,
    *,
    cwd: Path,
    prepare: str,
) -> tuple[Unit, ...]:
    """Return all units in the order of their start: embedded servers, migration, then the Procfile's processes."""
    servers = tuple(_server(placement, folder) for placement in placements if placement.program is not None)
    migrate = _migrate(folder, shared, cwd, prepare, after=tuple(unit.name for unit in servers))
    needed = (*(unit.name for unit in servers), MIGRATE)
    return (*servers, migrate, *(_process(line, folder, shared, ports, cwd, needed) for line in lines))


def stop_ranks(names: Sequence[str]) -> list[list[str]]:
    """Group names in the order of their stop; those of one group stop together."""
    ranks: list[list[str]] = [[] for _ in STOP_ORDER]
    for name in names:
        exact = [index for index, pattern in enumerate(STOP_ORDER) if pattern != "*" and fnmatch(name, pattern)]
        ranks[exact[0] if exact else STOP_ORDER.index("*")].append(name)
    return [rank for rank in ranks if rank]


def _server(placement: Placement, folder: DataFolder) -> Unit:
    assert placement.program is not None
    return Unit(
        program=placement.program,
        ready=partial(placement.server.answers, placement.url),
        before=partial(placement.server.clear, folder),
    )


def _migrate(folder: DataFolder, shared: Mapping[str, str], cwd: Path, prepare: str, after: tuple[str, ...]) -> Unit:
    argv = (sys.executable, "-m", "core.platform.supervisor.preparation", prepare)
    program = Program(MIGRATE, argv, cwd, child_environ(shared, folder, MIGRATE))
    return Unit(program, ready=ready_file(folder, MIGRATE).exists, after=after, once=True, ready_within_s=300.0)


def _process(
    line: Line, folder: DataFolder, shared: Mapping[str, str], ports: Ports, cwd: Path, after: tuple[str, ...]
) -> Unit:
    environ = child_environ(shared, folder, line.name)
    patterns = [pattern for pattern in STOP_WITHIN_S if fnmatch(line.name, pattern)]
    program = Program(line.name, words(line, environ), cwd, environ, stop_within_s=STOP_WITHIN_S[patterns[0]])
    return Unit(program, _probe(line.name, folder, ports), after, optional=line.name in OPTIONAL)


def _probe(name: str, folder: DataFolder, ports: Ports) -> Callable[[], bool]:
    if name == "web":
        return partial(http_answers, ports.web, "/api/v1/health/live")
    if name == "stream":
        return partial(port_answers, ports.stream)
    if name == "flower":
        return partial(port_answers, ports.flower)
    return ready_file(folder, name).exists
