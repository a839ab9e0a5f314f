"""What students get wrong most often is told where it is, and with what they meant."""

import pytest

from core.workloads.code.frontends.base import Severity
from core.workloads.code.frontends.c.front_end import FRONT_END

HEAD = "#include <stdio.h>\n#include <string.h>\n#include <stdlib.h>\n"
ERRORS = [
    ('char c = @"a";', "single quotes"),
    ("char *s = @'abc';", "double quotes"),
    ("int p = @malloc(8);", "declare a pointer"),
    ('char s[9]; s @= "abc";', "strcpy"),
    ("int a[3], b[3] = {1}; a @= b;", "memcpy"),
    ('@pritnf("a");', "'printf'"),
    ("@cout << 1;", "printf"),
    ("int ok = @true;", "stdbool.h"),
    ("char *p = @null;", "NULL"),
    ('@whlie (1) { puts("a"); }', "'while'"),
    ("if (1) return 1; @elif (2) return 2;", "else if"),
    ("int x = 3; if (x > 1@ and x < 5) return 1;", "&&"),
    ("@bool ok = 1;", "stdbool.h"),
    ('@string s = "a";', "char name[20]"),
    ("int f(int x) @{ return x; }", "move it out"),
    ('printf(@"%d %d", 1);', "missing"),
    ("@retrun 0;", "'return'"),
]
WHOLE_ERRORS = [
    ("@main() { return 0; }", "int main(void)"),
    ("@public class A { }", "Java"),
    ("@public static void main(String[] args) { }", "Java"),
    ("@def f(): return 1", "type of its result"),
    ("#include @<stdoi.h>\nint main(void) { return 0; }", "'stdio.h'"),
    ("#include @<iostream>\nint main(void) { return 0; }", "C++"),
]
WARNINGS = [
    ("char c = @'ab'; putchar(c);", "double quotes"),
    ("int c = @'ä'; putchar(c);", "double quotes"),
    ('char *s = "a"; if (s @== "a") return 1;', "strcmp"),
    ("int x = 5; if (0 < x @< 3) return 1;", "a < b && b < c"),
    ("int a = 1, b = 2; if (a @& b == 2) return 1;", "( )"),
    ('printf("%d", 2 @^ 3);', "1 << n"),
    ("int a[3] = {1}; return a[@3];", "0 to 2"),
    ("int x = 3; x @=+ 2; return x;", "+="),
    ('for (int i = 0; i < 3; i++)@;\n        puts("x");', "take it out"),
    ("int i = 0; while (i < 3)@; { i++; }", "take it out"),
    ("int @sum; for (int i = 0; i < 3; i++) sum += i; return sum;", "sum = 0"),
]
WHOLE_WARNINGS = [
    ("int f(int x) { if (x) return 1; @}\nint main(void) { return f(0); }", "every way"),
    ("int *f(void) { int x = 5; return @&x; }\nint main(void) { return *f(); }", "static"),
    ("int *f(void) { int x[3] = {1}; return @x; }\nint main(void) { return *f(); }", "static"),
    ("#define N 5@;\nint main(void) { int x = N return x; }", "take it out"),
]
QUIET = [
    'int x; if (scanf("%d", &x) != 1) return 1; return x;',
    'int x; for (x = 0; x < 3; x++) puts(""); return x;',
    'char a[4], b[4] = "abc"; char *p = a, *q = b; while ((*p++ = *q++))\n        ;\n    return a[0] & 1;',
    "int a[3] = {1}; int *end = &a[2] + 1; int n = 0; for (int *p = a; p < end; p++) n += *p; return n;",
    "int x = 1; x = -x; x = +x; return x & 1 | x & 2;",
    'return strcmp("a", "a");',
    "int x; if (rand() < 0) exit(1); else x = 2; return x;",
]


def found(source: str, severity: Severity) -> list[tuple[int, int, str]]:
    text = source.replace("@", "", 1)
    listed = FRONT_END.check(text).diagnostics
    return [(one.line, one.column, one.hint) for one in listed if one.severity is severity]


def place(source: str) -> tuple[int, int]:
    before = source[: source.index("@")]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def in_main(body: str) -> str:
    return f"{HEAD}int main(void) {{\n    {body}\n    return 0;\n}}\n"


@pytest.mark.parametrize(("source", "hint"), [*[(in_main(body), hint) for body, hint in ERRORS], *WHOLE_ERRORS])
def test_a_mistake_is_told_with_what_was_meant(source: str, hint: str) -> None:
    line, column, said = found(source, Severity.ERROR)[0]
    assert (line, column) == place(source)
    assert hint in said


@pytest.mark.parametrize(("source", "hint"), [*[(in_main(body), hint) for body, hint in WARNINGS], *WHOLE_WARNINGS])
def test_what_is_hardly_meant_is_warned_of(source: str, hint: str) -> None:
    said = [hint for line, column, hint in found(source, Severity.WARNING) if (line, column) == place(source)]
    assert said
    assert hint in said[0]


@pytest.mark.parametrize("body", QUIET)
def test_what_is_well_meant_is_not(body: str) -> None:
    assert FRONT_END.check(in_main(body)).diagnostics == []
