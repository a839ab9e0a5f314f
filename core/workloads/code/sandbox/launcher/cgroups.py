"""Control groups: what a whole tree of processes may hold together, on version 1 and version 2 alike."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PREFIX = "penstock-box-"
_MOUNTS = Path("/proc/self/mountinfo")
_OWN = Path("/proc/self/cgroup")
_REMOVAL_TRIES = 200


class NoCgroup(OSError):
    """No control group with memory and pids can be made here."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where groups of one sort are made."""

    folder: Path
    version: int
    controllers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """The groups of one run, one for each hierarchy."""

    memory: Path
    pids: Path
    killer: Path | None
    """Where the whole tree can be killed at once."""
    version: int

    @property
    def folders(self) -> list[Path]:
        """List the folders, each once."""
        return list(dict.fromkeys(folder for folder in (self.memory, self.pids, self.killer) if folder is not None))

    def limit(self, memory_mib: int, processes: int) -> None:
        """Set the limits before anybody is in it."""
        limit = str(memory_mib << 20)
        if self.version == 1:
            (self.memory / "memory.limit_in_bytes").write_text(limit)
            with contextlib.suppress(OSError):  # swap is counted only where the kernel was told to
                (self.memory / "memory.memsw.limit_in_bytes").write_text(limit)
        else:
            (self.memory / "memory.max").write_text(limit)
            with contextlib.suppress(OSError):
                (self.memory / "memory.swap.max").write_text("0")
        (self.pids / "pids.max").write_text(str(processes))

    def enter(self, pid: int) -> None:
        """Put a process into it; its children follow."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def kill(self) -> None:
        """Kill everything in it."""
        if self.killer is not None:
            with contextlib.suppress(OSError):
                (self.killer / "cgroup.kill").write_text("1")

    def peak_kib(self) -> int:
        """Return how much memory it held at most."""
        name = "memory.max_usage_in_bytes" if self.version == 1 else "memory.peak"
        try:
            return int((self.memory / name).read_text()) >> 10
        except OSError:  # memory.peak is younger than version 2
            return 0

    def ran_out(self) -> str | None:
        """Name the limit that somebody in it met, if any."""
        name = "memory.oom_control" if self.version == 1 else "memory.events"
        if _count(self.memory / name, "oom_kill"):
            return "memory"
        return "processes" if _count(self.pids / "pids.events", "max") else None

    def remove(self) -> None:
        """Remove it; the last dead may need a moment to leave."""
        for folder in self.folders:
            _remove(folder)


def make(name: str) -> Group:
    """Make the groups of one run; raises `NoCgroup`."""
    hierarchies = find()
    memory = _with(hierarchies, "memory")
    pids = _with(hierarchies, "pids")
    killers = [one for one in hierarchies if one.version == 2 and os.access(one.folder, os.W_OK)]  # noqa: PLR2004 - the version's name
    made: list[Path] = []
    try:
        for hierarchy in dict.fromkeys([memory, pids, *killers[:1]]):
            folder = hierarchy.folder / f"{PREFIX}{name}"
            folder.mkdir()
            made.append(folder)
    except OSError as error:
        for folder in made:
            _remove(folder)
        raise NoCgroup(error.errno, f"{error.strerror}: {error.filename}") from error
    killer = killers[0].folder / f"{PREFIX}{name}" if killers else None
    if killer is not None and not (killer / "cgroup.kill").exists():
        killer = None
    return Group(memory.folder / f"{PREFIX}{name}", pids.folder / f"{PREFIX}{name}", killer, memory.version)


def find() -> list[Hierarchy]:
    """Find the folders in which this process may make groups: its own group, else the root of the hierarchy."""
    own = {}
    for line in _OWN.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        own[frozenset(controllers.split(",")) if controllers else frozenset()] = path.lstrip("/")
    return [hierarchy for mounted in _mounted() if (hierarchy := _usable(*mounted, own)) is not None]


def sweep() -> None:
    """Remove the groups that launchers which were killed left behind."""
    for hierarchy in find():
        for folder in hierarchy.folder.glob(f"{PREFIX}*"):
            owner = folder.name.removeprefix(PREFIX).partition("-")[0]
            if owner.isdecimal() and not _lives(owner):
                with contextlib.suppress(OSError):
                    (folder / "cgroup.kill").write_text("1")
                _remove(folder)


def _lives(pid: str) -> bool:
    try:
        state = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def _mounted() -> Iterator[tuple[Path, int, frozenset[str]]]:
    for line in _MOUNTS.read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind == "cgroup":
            yield Path(before.split()[4]), 1, frozenset(options.split(","))
        elif kind == "cgroup2":
            yield Path(before.split()[4]), 2, frozenset()


def _usable(mount: Path, version: int, options: frozenset[str], own: dict[frozenset[str], str]) -> Hierarchy | None:
    if version == 1:
        names = next((names for names in own if names and names <= options), None)
        if names is None:
            return None
        return Hierarchy(_own_or_root(mount, own[names]), 1, names)
    folder = _own_or_root(mount, own.get(frozenset(), ""))
    try:
        controllers = frozenset((folder / "cgroup.subtree_control").read_text().split())
    except OSError:
        return None
    return Hierarchy(folder, 2, controllers)


def _own_or_root(mount: Path, path: str) -> Path:
    own = mount / path
    return own if own.is_dir() else mount


def _with(hierarchies: list[Hierarchy], controller: str) -> Hierarchy:
    for hierarchy in hierarchies:
        if controller in hierarchy.controllers and os.access(hierarchy.folder, os.W_OK):
            return hierarchy
    raise NoCgroup(f"no control group in which this user may limit {controller}")


def _count(path: Path, name: str) -> int:
    try:
        pairs = (line.split() for line in path.read_text().splitlines())
        return next((int(value) for key, value in pairs if key == name), 0)
    except OSError:
        return 0


def _remove(folder: Path) -> None:
    for _ in range(_REMOVAL_TRIES):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.005)
        else:
            return
