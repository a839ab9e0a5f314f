"""Programs that are none: each gets its diagnostic in the phase, line and column where a teacher would point.

`invalid.txt` has one a line: phase, a part of the message, and the source, in which `@` stands before the place and `⏎`
for the end of a line.
"""

from pathlib import Path

import pytest

from core.workloads.code.frontends.c.diagnosing import MOST, Finding
from core.workloads.code.frontends.c.unit import translate

LINES = (Path(__file__).parent / "invalid.txt").read_text().splitlines()
SURVIVORS = ("codegen",)
"""Phases behind the front end's own, which `test_front_end.py` looks at."""


def errors(source: str) -> list[Finding]:
    phases = translate(source)
    found = [one for one in phases.report.findings if one.severity == "error"]
    assert bool(found) == (phases.module is None)
    return sorted(found, key=lambda one: (one.at.line, one.at.column))


def test_there_are_as_many_as_there_should_be() -> None:
    assert len(LINES) >= 200


@pytest.mark.parametrize("line", LINES, ids=range(1, len(LINES) + 1))
def test_the_first_error_is_told_where_it_is(line: str) -> None:
    phase, part, marked = line.split(" | ", 2)
    marked = marked.replace("⏎", "\n")
    at = marked.index("@")
    if phase in SURVIVORS:
        return
    first = errors(marked.replace("@", ""))[0]
    assert part in first.message
    assert ("lex" if first.phase == "preprocess" else first.phase) == phase
    assert (first.at.line, first.at.column) == (marked.count("\n", 0, at) + 1, at - marked.rfind("\n", 0, at))
    assert first.end_column > first.at.column


def test_several_errors_are_told_in_one_run() -> None:
    source = "int main(void) {\n  int x = y;\n  z = 1;\n  return x + ;\n}\n"
    assert [one.at.line for one in errors(source)] == [4]
    source = "int main(void) {\n  int x = y;\n  z = 1;\n  break;\n  return *x;\n}\n"
    assert [one.at.line for one in errors(source)] == [2, 3, 4, 5]
    source = "int main(void) {\n  int = 1;\n  return 1 +;\n}\nint f( { }\nint g(void) { return 0 }\n"
    assert [one.at.line for one in errors(source)] == [2, 3, 5, 6]


def test_an_unknown_name_is_told_once() -> None:
    assert len(errors("int main(void) { n = n + n; return n * n; }")) == 1


def test_more_errors_than_anyone_reads_are_not_told() -> None:
    source = "int main(void) {\n" + "".join(f"  x{number} = 1;\n" for number in range(100)) + "}\n"
    assert len(errors(source)) == MOST


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("int main(void) { int count = 1; return cuont; }", "did you mean 'count'?"),
        ('int main(void) { printf("x"); return 0; }', "add #include <stdio.h>"),
        ("int main(void) { int x = 5 return x; }", "write ; here"),
        ('#include <stdio.h>\nint main(void) { printf("%d", 1.5); return 0; }', "write %f"),
        ("struct p { int x, y; } a; int main(void) { return a.z; }", "it has x, y"),
        ('#include <stdio.h>\nint main(void) { int n; scanf("%d", n); return n; }', "put & before it"),
    ],
)
def test_a_way_out_is_shown(source: str, hint: str) -> None:
    assert errors(source)[0].hint == hint


@pytest.mark.parametrize(
    "source",
    [
        "",
        " \n\t",
        "\x0c",
        "\ufeffint main(void) { return 0; }",
        "int main(void) { return 0; }\x00",
        "int \ud800 main(void) { return 0; }",
        "(" * 60_000,
        "{" * 60_000,
        "int main(void) { return " + "(" * 200 + "1" + ")" * 200 + "; }",
        "int main(void) { return " + "-" * 5000 + "1; }",
        "int main(void) { return " + "1+" * 20_000 + "1 }",
        "int " + "*" * 5000 + "p; int main(void) { return }",
        "int main(void) { " + "if (1) " * 5000 + "return }",
        "int main(void) { int a" + "[1]" * 5000 + "; return }",
        "int x = " + "{" * 1000 + "1" + "}" * 1000 + "; int main(void) { return }",
        "#if " + "(" * 1000 + "1" + ")" * 1000 + "\n#endif\nint main(void) { return }",
        "#if " + "!" * 5000 + "1\n#endif\nint main(void) { return }",
        "#if 1\n" * 3000,
        '#include "main.c"\n',
        "#define A B B\n#define B A A\nint x = A; int main(void) { return }",
        "#define A0 1\n" + "".join(f"#define A{n} A{n - 1} A{n - 1}\n" for n in range(1, 40)) + "int x = A39;",
        "#define F(x) x x\nint y = " + "F(" * 30 + "1" + ")" * 30 + ";",
        "#define F(x) F(x) F(x)\nint y = F(1); int main(void) { return }",
        "x" * 65_000,
        '"' + "a" * 65_000,
        "/*" * 30_000,
        "int a[1000000000000];",
        "struct s { struct s { int x; } y; }; int main(void) { return }",
        "int main(void) { switch (1) { " + "".join(f"case {n}: " for n in range(20)) + "} return }",
    ],
    ids=range(29),
)
def test_hostile_sources_get_a_diagnostic(source: str) -> None:
    assert errors(source)
