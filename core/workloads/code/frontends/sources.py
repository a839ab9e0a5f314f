"""This file is about source texts before any language looks at them: line ends, marks, and what no language accepts."""

import re

from core.workloads.code.frontends.base import Diagnostic, Phase

LARGEST_BYTES = 64 << 10
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def normalize(source: str) -> str:
    """Drop a byte order mark and turn every line end into a line feed."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def refuse(source: str) -> Diagnostic | None:
    """Return why no front end should see this normalized source, None when one may."""
    found = _UNREADABLE.search(source)
    if found is not None:
        line = source.count("\n", 0, found.start()) + 1
        column = found.start() - source.rfind("\n", 0, found.start())
        what = "a NUL character" if found[0] == "\x00" else "half of a character (a lone surrogate)"
        return Diagnostic(
            Phase.LEX,
            f"the source holds {what}",
            line,
            column,
            hint="save the file as plain UTF-8 text and send it anew",
        )
    size = len(source.encode())
    if size > LARGEST_BYTES:
        message = f"the source has {size} bytes; {LARGEST_BYTES} are allowed"
        return Diagnostic(Phase.LEX, message, 1, 1, hint="a program of this size belongs in several smaller ones")
    if not source.strip():
        return Diagnostic(Phase.PARSE, "the source is empty", 1, 1, hint="write a program first")
    return None
