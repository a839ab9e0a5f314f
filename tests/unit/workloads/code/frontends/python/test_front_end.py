"""Python as a front end: diagnostics where a teacher would point, phases on request, and hostile sources.

`invalid.txt` has a program a line: phase, a part of the message, and the source, in which `§` stands before the place
and `⏎` for the end of a line.
"""

import json
import warnings
from pathlib import Path

import pytest

from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.frontends.base import Severity
from core.workloads.code.frontends.python.front_end import FRONT_END

LINES = (Path(__file__).parent / "invalid.txt").read_text().splitlines()
SOURCE = "def add(a, b):\n    return a + b\n\nname = input()\nprint(name, add(40, 2))\n"


def told(marked: str) -> tuple[str, str, int, int]:
    """Translate what stands around the mark; gives phase, message and place of the first error."""
    translation = FRONT_END.translate(marked.replace("§", ""))
    assert translation.program is None, marked
    first = next(one for one in translation.diagnostics if one.severity is Severity.ERROR)
    return first.phase.value, first.message, first.line, first.column


def test_the_first_error_is_told_where_it_is() -> None:
    assert len(LINES) >= 250
    wrong = []
    for line in LINES:
        phase, part, marked = line.split(" | ", 2)
        marked = marked.replace("⏎", "\n")
        at = marked.index("§")
        place = (marked.count("\n", 0, at) + 1, at - marked.rfind("\n", 0, at))
        found = told(marked)
        if part not in found[1] or (found[0], *found[2:]) != (phase, *place):
            wrong.append((line, found))
    assert wrong == []


def test_each_phase_is_shown_as_json_when_asked_for() -> None:
    shown = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir")).shown
    assert {"kind": "name", "text": "add", "line": 1, "column": 5} in shown["tokens"]
    assert [one["node"] for one in shown["ast"]] == ["FunctionDef", "Assign", "Expr"]
    assert "function main" in shown["ir"]
    assert "lib.write(" not in shown["ir"].partition("call")[0]
    assert json.loads(json.dumps(shown)) == shown


def test_what_cpython_only_warns_of_is_no_error_even_where_warnings_are() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert FRONT_END.translate("print(4in [4])\n").program is not None


def test_a_program_runs_on_the_engine() -> None:
    program = FRONT_END.translate(SOURCE).program
    assert program is not None
    engine = machine.start(program, stdin=b"Ada\n")
    assert Interpreter(engine).run(100_000) is None
    assert (bytes(engine.printer.rolls[0]), engine.exit_value) == (b"Ada 42\n", 0)


def test_a_trap_names_the_line_of_the_source_and_a_traceback_the_way_there() -> None:
    program = FRONT_END.translate("def f(x):\n    return 1 / x\n\nprint(f(0))\n").program
    assert program is not None
    engine = machine.start(program)
    trap = Interpreter(engine).run(100_000)
    assert trap is not None
    assert (trap.trap.value, trap.line) == ("raised", 2)
    told = bytes(engine.printer.rolls[1]).decode()
    assert "line 4, in <module>\n  line 2, in f\nZeroDivisionError: division by zero" in told


@pytest.mark.parametrize(
    "source",
    [
        "(" * 60_000,
        "x = " + "-" * 5000 + "1",
        "x = " + "(" * 150 + "1",
        "if 1:\n" * 3,
        "x" * 65_000,
        '"' + "a" * 65_000,
    ],
    ids=range(6),
)
def test_hostile_sources_get_a_diagnostic(source: str) -> None:
    assert FRONT_END.translate(source).diagnostics
