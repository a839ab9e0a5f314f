"""What students get wrong most often is told where it is, and with what they meant; `@` stands before the place."""

import pytest

from core.workloads.code.frontends.base import Severity
from core.workloads.code.frontends.python.front_end import FRONT_END
from tests.unit.workloads.code.frontends.python.test_programs import PROGRAMS

ERRORS = [
    ("x = 5\nx++@", "x += 1"),
    ("if x == 1 &@& y == 2:\n    pass", "write and"),
    ("if @!x:\n    pass", "write not"),
    ("int @x = 5", "name = value"),
    ("function @f():\n    pass", "def name(a, b):"),
    ("for i @range(3):\n    pass", "for name in ...:"),
    ("for i in range(3) @print(i)", "'for' needs a colon"),
    ("while True @print(1)", "'while' needs a colon"),
    ("@else:\n    pass", "right below the block of its 'if'"),
    ("if 1:\n    pass\nelse @if 2:\n    pass", "write elif"),
    ("def f() @{\n}", "no braces"),
    ("x = 1 +@", "missing at the end"),
    ("x = @true", "write True"),
    ("x = @null", "write None"),
    ("@println('a')", "write print"),
    ("print(len(@x=[1]))", "leave out 'x='"),
    ("print([1].index(@x=1))", "leave out 'x='"),
    ("print({}.get(@key=1))", "leave out 'key='"),
    ("def f(a, /):\n    return a\nf(@a=1)", "before the /"),
    ("def f(*, a):\n    return a\nf(@1)", "a=..."),
    ("def f(*, a):\n    return a\n@f()", "it takes a"),
    ("print('a'.@encode())", "capitalize"),
    ("import math\nprint(@math.sqrrt(4))", "'math.sqrt'"),
    ("print(1, sep=@5)", "sep='...'"),
    ("x = 1_000@_", "between two digits"),
    ("x = 0@xZ", "0 to f"),
]
WARNINGS = [
    ("print('a'.@foo)", ""),
    ("x = [1]\nx.@push(2)", "append(x)"),
    ("x = 'a'\nx += 'b'\nprint(x.@length)", "len(x)"),
    ("x = 'a'\nprint(x.@lenght)", "len(x)"),
    ("t = (1, 2)\nt.@append(3)", "never changes"),
    ("d = {}\nd.@append(1)", "d[key] = value"),
    ("class A:\n    def show(self):\n        print(1)\na = A()\na.@shwo()", "'show'"),
    ("class A:\n    def __init__(self):\n        self.count = 0\n        print(self.@cuont)\nA()", "'count'"),
    ("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e.@message)", "str(e)"),
    ("def f(x):\n    return x.@toUpperCase()\nf('a')", "upper()"),
]
QUIET = [
    "def f(x):\n    return x.data\nclass N:\n    def __init__(self):\n        self.data = 1\nf(N())",
    "x = 1\nx = 'a'\nprint(x.upper())",
    "try:\n    (1).foo\nexcept AttributeError:\n    print('caught')",
    "class A:\n    pass\na = A()\nsetattr(a, 'late', 1)\nprint(a.late)",
    "class A:\n    limit = 5\nprint(A.limit, A().limit)",
    "import math\nprint(math.pi)",
    "print(round(number=1.25, ndigits=1), 'a-b'.split(sep='-'), sorted([2, 1], reverse=True))",
    "class A:\n    def push(self, x):\n        return x\nprint(A().push(1))",
]


def found(marked: str, severity: Severity) -> list[tuple[int, int, str]]:
    diagnostics = FRONT_END.check(marked.replace("@", "", 1)).diagnostics
    return [(one.line, one.column, one.hint) for one in diagnostics if one.severity is severity]


def place(marked: str) -> tuple[int, int]:
    before = marked[: marked.index("@")]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(("marked", "hint"), ERRORS)
def test_a_mistake_is_told_with_what_was_meant(marked: str, hint: str) -> None:
    line, column, said = found(marked, Severity.ERROR)[0]
    assert (line, column) == place(marked)
    assert hint in said


@pytest.mark.parametrize(("marked", "hint"), WARNINGS)
def test_what_stops_a_program_as_it_runs_is_warned_of(marked: str, hint: str) -> None:
    assert found(marked, Severity.ERROR) == []
    [(line, column, said)] = found(marked, Severity.WARNING)
    assert (line, column) == place(marked)
    assert hint in said


@pytest.mark.parametrize("source", QUIET)
def test_what_is_well_meant_is_not(source: str) -> None:
    assert FRONT_END.check(source).diagnostics == []


def test_programs_that_run_are_told_nothing() -> None:
    warned = {path: FRONT_END.check(path.read_text()).diagnostics for path in PROGRAMS}
    ended_well = [path for path in PROGRAMS if path.with_suffix(".out").read_text().strip().endswith("end ok")]
    assert {str(path): warned[path] for path in ended_well if warned[path]} == {}
