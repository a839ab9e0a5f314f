"""C by GCC."""

import re

from core.workloads.code.native.toolchains.base import Complaint, SelfTest, Toolchain

_LINE = re.compile(
    r"(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<severity>fatal error|error|warning|note): (?P<text>.*)"
)
_LINKER = re.compile(r"main\.c:\(.*?\): (?P<text>undefined reference to .*)")
_SELF_TEST = r"""
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n;
    double *squares = malloc(8 * sizeof *squares);
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < 8; i++) squares[i] = sqrt((double)(n + i));
    printf("%d %.6f %ld\n", n, squares[7], sizeof(long));
    free(squares);
    return 0;
}
"""


def complaints(stderr: str) -> list[Complaint]:
    """Read GCC's lines; a note belongs to what stands before it."""
    found: list[Complaint] = []
    for match in map(_LINE.match, stderr.splitlines()):
        if match is None or match["file"] != "main.c":
            continue
        line, column, text = int(match["line"]), int(match["column"]), match["text"]
        if match["severity"] == "note":
            if found and not found[-1].hint:
                found[-1] = Complaint(
                    found[-1].message, found[-1].line, found[-1].column, found[-1].severity, hint=text
                )
            continue
        severity = "warning" if match["severity"] == "warning" else "error"
        found.append(Complaint(text, line, column, severity))
    found += [Complaint(match["text"]) for match in _LINKER.finditer(stderr)]
    return found


TOOLCHAIN = Toolchain(
    language="c",
    title="C17 by GCC",
    programs=("gcc",),
    source="main.c",
    compiling=(
        "{program}",
        *("-std=c17", "-O0", "-Wall", "-Wextra", "-fmax-errors=20", "-fdiagnostics-plain-output", "-pipe"),
        *("-o", "program", "main.c", "-lm"),
    ),
    compiled=("program",),
    running=("./program",),
    complaints=complaints,
    self_test=SelfTest(_SELF_TEST, "42\n", "42 7.000000 8\n"),
)
