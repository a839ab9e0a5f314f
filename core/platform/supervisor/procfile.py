"""The Procfile: one process a line, `name: command`, with variables but without a shell."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import Invalid

LINE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*):\s*(\S.*)$")
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
RESERVED = frozenset({"postgres", "redis", "migrate", "supervisor"})


class ProcfileInvalid(Invalid):
    """The Procfile cannot be understood."""

    code = "procfile_invalid"


@dataclass(frozen=True, slots=True)
class Line:
    """One process as the Procfile declares it."""

    name: str
    command: str


def read_procfile(path: Path) -> tuple[Line, ...]:
    """Read all lines; raises `ProcfileInvalid` with the number of the first wrong one."""
    try:
        text = path.read_text()
    except OSError as error:
        raise ProcfileInvalid(f"{path} cannot be read: {error.strerror}.") from error
    lines: dict[str, Line] = {}
    for number, content in enumerate(text.splitlines(), start=1):
        if not content.strip() or content.lstrip().startswith("#"):
            continue
        match = LINE.match(content.strip())
        if match is None or match[1] in lines or match[1] in RESERVED:
            raise ProcfileInvalid(f"{path}, line {number}: expected `name: command` with a new name, got {content!r}.")
        lines[match[1]] = Line(match[1], match[2])
    return tuple(lines.values())


def words(line: Line, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Split a command as a shell would and put in its variables; a value is never split or expanded again."""
    try:
        parts = shlex.split(line.command)
    except ValueError as error:
        raise ProcfileInvalid(f"{line.name}: {error}.") from error

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in environ:
            raise ProcfileInvalid(f"{line.name}: the variable {name} is not set.")
        return environ[name]

    return tuple(VARIABLE.sub(value, part) for part in parts)
