"""Logs of bounded size: a full one is copied aside and emptied under the process that appends to it."""

import shutil
from pathlib import Path

FULL_BYTES = 10 << 20


def rotate(folder: Path, *, full_bytes: int = FULL_BYTES) -> None:
    """Keep each log's last two parts; processes append, so an emptied file simply grows again from its start."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > full_bytes:
            shutil.copy2(log, log.with_suffix(".log.1"))
            with log.open("r+b") as stream:
                stream.truncate(0)


def tail(log: Path, count: int, *, most_bytes: int = 1 << 18) -> list[str]:
    """Return the last lines of a log, none when there is no log."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - most_bytes))
            lines = stream.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[-count:] if count else []
