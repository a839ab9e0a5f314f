"""How much memory a host has left for this process: the machine's, or that of the control group with the least."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1 << 20
_UNLIMITED = 1 << 60
"""Where control groups of version 1 have no limit they name one that no machine has."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What there is, and what may still be taken, in MiB."""

    total_mib: float
    available_mib: float

    @property
    def used_share(self) -> float:
        """Return which share is taken."""
        return 1.0 - self.available_mib / self.total_mib if self.total_mib else 1.0


def read_memory(root: Path = Path("/")) -> Memory:
    """Read it now; `root` is where the system's files lie."""
    machine = psutil.virtual_memory()
    whole = Memory(machine.total / MIB, machine.available / MIB)
    # Who has the least left decides: a group inside a group, or the machine around both.
    return min((whole, *_groups(root)), key=lambda one: one.available_mib)


def _groups(root: Path) -> Iterator[Memory]:
    """Yield what each control group around this process leaves, as far as it can be read."""
    for folder, limit_file, usage_file, cache_name in _folders(root):
        limit, usage = _number(folder / limit_file), _number(folder / usage_file)
        if limit is None or usage is None or limit >= _UNLIMITED:
            continue
        # Pages of files that nobody looked at lately are given back before anybody is refused.
        taken = max(0, usage - _line(folder / "memory.stat", cache_name))
        yield Memory(limit / MIB, max(0, limit - taken) / MIB)


def _folders(root: Path) -> Iterator[tuple[Path, str, str, str]]:
    mounted = root / "sys/fs/cgroup"
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, files = mounted, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            base, files = mounted / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        own = base / path.lstrip("/")
        for folder in (own, *own.parents):
            if folder.is_relative_to(base):
                yield (folder, *files)


def _number(path: Path) -> int | None:
    words = _lines(path)
    return int(words[0]) if words and words[0].isdigit() else None


def _line(path: Path, name: str) -> int:
    return next((int(line.split()[1]) for line in _lines(path) if line.startswith(f"{name} ")), 0)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
