"""Python by CPython."""

import re

from core.workloads.code.native.toolchains.base import Complaint, SelfTest, Toolchain

_REFUSED = re.compile(
    r'\A  File "/box/main\.py", line (?P<line>\d+)\n(?P<shown>(?:    .*\n)*)(?P<error>\w*Error): (?P<text>.*)\Z',
    re.MULTILINE,
)
_OF_INDENTATION = {"IndentationError", "TabError"}
_RAISED = re.compile(r"^(?P<error>[A-Za-z_][\w.]*)(?::|$)")
_SELF_TEST = """
import collections
import json
import math

n = int(input())
print(json.dumps(collections.Counter("penstock"[n % 8 :]), sort_keys=True), math.isqrt(n), 2**100)
"""


def rejection(stderr: str, source: str) -> list[Complaint]:
    """Read a syntax error of the main file, which comes without the head that a traceback has."""
    match = _REFUSED.match(stderr.rstrip("\n"))
    if match is None:
        return []
    shown = match["shown"].splitlines()
    caret = next((line.index("^") for line in shown[1:] if "^" in line), None)
    line = int(match["line"])
    lines = source.split("\n")
    indentation = len(text) - len(text.lstrip()) if (text := "".join(lines[line - 1 : line])) else 0
    # CPython shows the line without its indentation behind four columns of its own; where the indentation itself is
    # wrong, it points at the line's end, or nowhere.
    points = caret is not None and match["error"] not in _OF_INDENTATION
    column = indentation + (caret - 3 if points and caret is not None else 1)
    return [Complaint(f"{match['error']}: {match['text']}", line, column)]


def crash(exit_code: int, stderr: str) -> str | None:
    """Name the exception that nobody caught."""
    if exit_code != 1 or "Traceback (most recent call last):" not in stderr:
        return None
    last = stderr.rstrip("\n").splitlines()[-1]
    match = _RAISED.match(last)
    return match["error"] if match else None


TOOLCHAIN = Toolchain(
    language="python",
    title="Python by CPython",
    programs=("python3",),
    source="main.py",
    running=("{program}", "-I", "-S", "-B", "/box/main.py"),
    rejection=rejection,
    crash=crash,
    self_test=SelfTest(
        _SELF_TEST, "16\n", f'{{"c": 1, "e": 1, "k": 1, "n": 1, "o": 1, "p": 1, "s": 1, "t": 1}} 4 {2**100}\n'
    ),
)
