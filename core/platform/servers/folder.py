"""The data folder of one platform: what lies where, whether it can be used, and who holds it."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.errors import Conflict, Invalid

SMALLEST_FREE_BYTES = 256 << 20


class FolderUnusable(Invalid):
    """The data folder cannot be used."""

    code = "data_folder_unusable"


class FolderHeld(Conflict):
    """Another platform runs on this data folder."""

    code = "data_folder_held"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below the root; every subfolder is the platform's alone."""

    root: Path

    @property
    def run(self) -> Path:
        """Hold what describes the running platform: endpoint, status, ports, lock, ready files."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """Hold one log for each process."""
        return self.root / "logs"

    @property
    def artifacts(self) -> Path:
        """Hold what jobs leave behind."""
        return self.root / "artifacts"

    @property
    def endpoint(self) -> Path:
        """Name the file by which scripts find the running platform."""
        return self.run / "endpoint.json"

    @property
    def status(self) -> Path:
        """Name the file that records supervisor and processes."""
        return self.run / "status.json"

    @property
    def credentials(self) -> Path:
        """Name the file of generated secrets."""
        return self.root / "secrets.json"

    @property
    def lock(self) -> Path:
        """Name the file whose lock says that a supervisor lives."""
        return self.run / "lock"

    def log(self, name: str) -> Path:
        """Name the log of one process."""
        return self.logs / f"{name}.log"


def default_root(environ: Mapping[str, str]) -> Path:
    """Return the XDG state folder's share of Penstock."""
    state = environ.get("XDG_STATE_HOME", "")
    home = Path(environ.get("HOME") or "~").expanduser()
    base = Path(state) if Path(state).is_absolute() else home / ".local" / "state"
    return base / "penstock"


def open_folder(root: Path, *, smallest_free_bytes: int = SMALLEST_FREE_BYTES) -> DataFolder:
    """Create what is missing, closed to others; raises `FolderUnusable` when unwritable or (nearly) full."""
    folder = DataFolder(root.absolute())
    try:
        for path in (folder.root, folder.run, folder.logs, folder.artifacts):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _probe_writing(folder.run)
    except OSError as error:
        raise FolderUnusable(f"The data folder {folder.root} cannot be written: {error.strerror or error}.") from error
    free = shutil.disk_usage(folder.root).free
    if free < smallest_free_bytes:
        raise FolderUnusable(
            f"The data folder {folder.root} has {free >> 20} MiB free; {smallest_free_bytes >> 20} MiB are needed. "
            "Free some space or name another folder with --data-dir."
        )
    return folder


@contextmanager
def hold(folder: DataFolder, *, patience_s: float = 20.0) -> Iterator[None]:
    """Hold the folder's lock, which the kernel drops with the process; raises `FolderHeld` while its holder lives.

    The watcher of a killed supervisor keeps the lock until it has ended what was left; that is waited for.
    """
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    give_up_at = time.monotonic() + patience_s
    try:
        while not _try_lock(descriptor):
            holder = os.pread(descriptor, 32, 0).decode()
            if _lives(holder) or time.monotonic() > give_up_at:
                raise FolderHeld(
                    f"Another platform (supervisor {holder or 'unknown'}) runs on {folder.root}; "
                    f"stop it with `penstock down --data-dir {folder.root}` or name another folder."
                )
            time.sleep(0.05)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_held(folder: DataFolder) -> bool:
    """Tell whether a supervisor lives on this folder."""
    try:
        descriptor = os.open(folder.lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(holder: str) -> bool:
    try:
        return psutil.Process(int(holder)).status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.NoSuchProcess):
        return False


def _probe_writing(path: Path) -> None:
    probe = path / f".probe.{os.getpid()}"
    probe.write_bytes(bytes(4096))
    probe.unlink()
