"""Lisp as a front end: diagnostics where a teacher would point, phases on request, tail calls, and hostile sources."""

import json
from pathlib import Path
from random import Random

import pytest

from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends.lisp.front_end import FRONT_END
from tests.unit.workloads.code.frontends.invalid import wrongly_told
from tests.unit.workloads.code.frontends.robustness import damaged
from tests.unit.workloads.code.frontends.staged import features, staged

LINES = (Path(__file__).parent / "invalid.txt").read_text().splitlines()
SOURCE = "(define (add a b)\n  (+ a b))\n(define name (read-line))\n(display name)\n(display (add 40 2))\n"
CHARACTERS = "()[]'`,@\"#\\;.| \nax1"
WORDS = ("(define ", "(lambda ", "(let ", "...", "=>", "else", "#\\", "(syntax-rules ", ",@", " . ")


def run(source: str, steps: int = 20_000_000) -> tuple[str, str, tuple[str, int] | None]:
    program = FRONT_END.translate(source).program
    assert program is not None
    ended = emulation.emulate(machine.start(program, stdin=b"Ada\n"), steps, lambda _: True)
    stdout, stderr = (bytes(one).decode() for one in ended.machine.printer.rolls)
    return stdout, stderr, (ended.report.trap.value, ended.report.line) if ended.report else None


def test_the_first_error_is_told_where_it_is() -> None:
    assert len(LINES) >= 100
    assert wrongly_told(FRONT_END, LINES) == []


def test_several_errors_are_told_at_once() -> None:
    found = FRONT_END.check("(display x)\n(define (f a) (+ a y))\n(if)\n(car 1 2)\n").diagnostics
    assert [(one.line, one.column) for one in found] == [(1, 10), (2, 20), (3, 1), (4, 1)]


def test_each_phase_is_shown_as_json_when_asked_for() -> None:
    made = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir"))
    assert {"kind": "word", "text": "add", "line": 1, "column": 10} in made.shown["tokens"]
    assert [one["node"] for one in made.shown["ast"]] == ["List"] * 4
    assert "function main" in made.shown["ir"]
    assert json.loads(json.dumps(made.shown)) == made.shown
    assert {"name": "add", "kind": "function", "type": "procedure of 2", "line": 1, "column": 10} in made.symbols


def test_a_program_runs_on_the_engine() -> None:
    assert run(SOURCE) == ("Ada42", "", None)


def test_what_nothing_handled_is_told_at_its_line() -> None:
    stdout, stderr, trap = run("(define (f x)\n  (+ 1 (car x)))\n(display (f 5))\n")
    assert (stdout, trap) == ("", ("raised", 2))
    assert stderr == "error: car needs a pair, but got 5\n"


def test_a_number_of_more_than_fifty_digits_is_refused_as_the_program_runs() -> None:
    _, stderr, trap = run("(display (expt 10 50))")
    assert trap == ("raised", 1)
    assert "more than 50 digits" in stderr


@pytest.mark.parametrize(
    "source",
    [
        "(define (loop n) (if (= n 0) 'done (loop (- n 1))))\n(display (loop 1000000))",
        "(let loop ((i 0) (sum 0)) (if (< i 1000000) (loop (+ i 1) (+ sum i)) (display 'done)))",
        "(do ((i 0 (+ i 1))) ((= i 1000000) (display 'done)))",
    ],
)
def test_a_million_tail_calls_take_no_space_and_no_more_steps_than_are_allowed(source: str) -> None:
    assert run(source) == ("done", "", None)


def test_a_list_takes_one_word_for_each_element() -> None:
    source = "(define (build n l) (if (= n 0) l (build (- n 1) (cons n l))))\n(display (length (build {} '())))"
    assert run(source.format(1500)) == ("1500", "", None)
    assert run(source.format(1990))[2] == ("heap", 1)


@pytest.mark.parametrize(
    "source", ["(" * 60_000, "'" * 5000, "(display " * 300, "x" * 65_000, '"' + "a" * 65_000, "#|" * 3000]
)
def test_hostile_sources_get_a_diagnostic(source: str) -> None:
    assert FRONT_END.translate(source).diagnostics


def test_damaged_sources_get_diagnostics() -> None:
    random, sources = Random(1), [one.source for path in features("lisp") for one in staged(path)]
    for _ in range(100):
        made = FRONT_END.check(damaged(random.choice(sources), random, CHARACTERS, WORDS))
        assert all(one.line >= 1 and one.column >= 1 for one in made.diagnostics)
