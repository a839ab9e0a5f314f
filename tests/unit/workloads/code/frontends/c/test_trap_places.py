"""A trap within the library is told at the line of the program that called it, whatever lies between."""

import pytest

from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends.c.front_end import FRONT_END

HEAD = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <assert.h>\n"
CALLS = {
    "strlen of nothing": ('char *p = 0; int n =\n    (int)strlen(p);\n    printf("%d", n);', "store_bounds", 2),
    "copying to nothing": ('char *p = 0;\n    strcpy(p, "text");', "store_bounds", 2),
    "freeing twice": ("int *p = malloc(8);\n    free(p);\n    free(p);", "raised", 3),
    "an assertion": ("int n = 3;\n    assert(n == 4);", "raised", 2),
    "the heap": ("for (;;)\n        if (!malloc(64))\n            return 1;", "heap", 2),
    "within printf": ('char *p = 0;\n    printf("%d and\\n", 1);\n    printf("%5s", p + 1);', "store_bounds", 3),
    "an unknown format": ('char *format = "%q";\n    printf(format, 1);', "raised", 2),
    "within scanf": ('int *p = 0;\n    scanf("%d", p);', "store_bounds", 2),
    "sorting with a wrong comparison": ("int a[3] = {3, 1, 2};\n    qsort(a, 3, sizeof *a, compare);", "div_zero", -1),
}
COMPARISON = "static int zero;\nint compare(const void *a, const void *b) { return *(int *)a / zero; }\n"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("deep", [False, True])
def test_a_trap_in_the_library_has_the_line_of_the_call(call: tuple[str, str, int], *, deep: bool) -> None:
    body, kind, line = call
    before = HEAD + COMPARISON
    name = "int work(int given)" if deep else "int main(void)"
    source = f"{before}{name} {{\n    {body}\n    return 0;\n}}\n"
    source += "int main(void) { int a = 5, b = work(a); return a + b; }\n" if deep else ""
    program = FRONT_END.translate(source).program
    assert program is not None
    ended = emulation.emulate(machine.start(program, stdin=b"42"), 1_000_000, lambda _: True)
    assert ended.report is not None
    found = before.count("\n") + 1 + line if line > 0 else before.count("\n")
    assert (ended.report.trap.value, ended.report.line) == (kind, found)
