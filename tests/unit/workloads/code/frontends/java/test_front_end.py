"""Java as a front end: diagnostics where a teacher would point, phases on request, traces, and hostile sources."""

import json
from pathlib import Path
from random import Random

import pytest

from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends.java.front_end import FRONT_END
from core.workloads.code.frontends.translation import translate
from tests.unit.workloads.code.frontends.invalid import wrongly_told
from tests.unit.workloads.code.frontends.robustness import damaged
from tests.unit.workloads.code.frontends.staged import features, staged

LINES = (Path(__file__).parent / "invalid.txt").read_text().splitlines()
MAIN = "class Main {{ public static void main(String[] args) {{ {} }} }}"
SOURCE = """import java.util.Scanner;

class Main {
    static int add(int a, int b) { return a + b; }

    public static void main(String[] args) {
        System.out.print(new Scanner(System.in).nextLine());
        System.out.print(add(40, 2));
    }
}
"""
CHARACTERS = "(){}[]<>;,.\"'=+-*/&|!?:@ \nax1"
WORDS = ("class ", "new ", "-> ", "return ", "static ", "int[] ", "case ", "::", "catch (", "<T extends ")


def run(source: str, steps: int = 20_000_000) -> tuple[str, str, tuple[str, int] | None]:
    made = FRONT_END.translate(source)
    assert made.program is not None, made.diagnostics
    ended = emulation.emulate(machine.start(made.program, stdin=b"Ada\n"), steps, lambda _: True)
    stdout, stderr = (bytes(one).decode() for one in ended.machine.printer.rolls)
    return stdout, stderr, (ended.report.trap.value, ended.report.line) if ended.report else None


def test_the_first_error_is_told_where_it_is() -> None:
    assert len(LINES) >= 150
    assert wrongly_told(FRONT_END, LINES) == []


def test_each_error_has_a_hint() -> None:
    for line in LINES:
        source = line.split(" | ", 2)[2].replace("⏎", "\n").replace("§", "")
        assert all(one.hint for one in FRONT_END.check(source).diagnostics), line


def test_several_errors_are_told_at_once() -> None:
    source = MAIN.format("\nint x = y;\nString s = 5;\nfoo();\nreturn 1;\n")
    assert [(one.line, one.column) for one in FRONT_END.check(source).diagnostics] == [(2, 9), (3, 12), (4, 1), (5, 8)]


def test_each_phase_is_shown_as_json_when_asked_for() -> None:
    made = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir"))
    assert {"kind": "name", "text": "add", "line": 4, "column": 16} in made.shown["tokens"]
    assert [one["node"] for one in made.shown["ast"]] == ["ClassDecl"]
    assert "function main" in made.shown["ir"]
    assert json.loads(json.dumps(made.shown)) == made.shown
    assert {"name": "add", "kind": "method", "type": "int add(int, int)", "line": 4, "column": 16} in made.symbols


def test_a_program_runs_on_the_engine() -> None:
    assert run(SOURCE) == ("Ada42", "", None)


def test_what_nothing_caught_is_told_with_its_place() -> None:
    source = MAIN.format('\nSystem.out.println(1);\nthrow new IllegalStateException("stop");\n')
    stdout, stderr, trap = run(source)
    assert (stdout, trap and trap[0]) == ("1\n", "raised")
    assert stderr == 'Exception in thread "main" java.lang.IllegalStateException: stop\n\tat Main.main(Main.java:3)\n'


def test_what_caused_an_exception_is_told_behind_it() -> None:
    source = MAIN.format('throw new RuntimeException("outer", new Error("inner"));')
    assert "\nCaused by: java.lang.Error: inner\n" in run(source)[1]


def test_exit_stops_with_its_code() -> None:
    made = FRONT_END.translate(MAIN.format("System.out.print(1); System.exit(3); System.out.print(2);"))
    assert made.program is not None
    ended = emulation.emulate(machine.start(made.program), 1_000_000, lambda _: True)
    assert (ended.machine.exit_value, bytes(ended.machine.printer.rolls[0])) == (3, b"1")


def test_objects_that_nothing_refers_to_make_room() -> None:
    source = MAIN.format("for (int i = 0; i < 3000; i++) { int[] a = new int[20]; a[3] = i; } System.out.print(7);")
    assert run(source) == ("7", "", None)
    assert run(MAIN.format("int[] a = new int[5000]; System.out.print(a.length);"))[2] == ("heap", 1)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\ufeff",
        "class Main {\0}",
        "\udc80",
        "x" * 65_537,
        "y" * 1_000_000,
        MAIN.format("int x = " + "(" * 200 + "1" + ")" * 200 + ";"),
        MAIN.format("{" * 200 + "}" * 200),
        MAIN.format("int x = " + "-" * 30_000 + "1;"),
        MAIN.format("int x = " + "1 + " * 10_000 + "y;"),
        MAIN.format("int x = " + "f(" * 5000),
        "class A<" + "T<" * 5000,
        "/*" * 3000,
        '"' + "a" * 65_000,
        "class Main { int x = 'a; }",
    ],
)
def test_hostile_sources_get_a_diagnostic(source: str) -> None:
    assert translate(FRONT_END, source).diagnostics


@pytest.mark.parametrize("source", ["\ufeff" + SOURCE, SOURCE.replace("\n", "\r\n")])
def test_marks_and_line_ends_of_other_systems_do_no_harm(source: str) -> None:
    assert translate(FRONT_END, source).program is not None


def test_damaged_sources_get_diagnostics() -> None:
    random, sources = Random(1), [one.source for path in features("java") for one in staged(path)]
    for _ in range(100):
        made = FRONT_END.check(damaged(random.choice(sources), random, CHARACTERS, WORDS))
        assert all(one.line >= 1 and one.column >= 1 for one in made.diagnostics)
