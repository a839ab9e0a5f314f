"""Idris as a front end: diagnostics where a teacher would point, holes with their contexts, and hostile sources."""

import json
from pathlib import Path

import pytest

from core.workloads.code.frontends import translation
from core.workloads.code.frontends.base import Severity
from core.workloads.code.frontends.idris.front_end import FRONT_END
from tests.unit.workloads.code.frontends.functional.staged import misplaced

LINES = [line for line in (Path(__file__).parent / "invalid.txt").read_text().splitlines() if not line.startswith("# ")]
APPEND = (
    "import Data.Vect\n"
    "append : Vect n a -> Vect m a -> Vect (n + m) a\n"
    "append [] ys = ys\n"
    "append (x :: xs) ys = ?rest\n"
)
SOURCE = "twice : (a -> a) -> a -> a\ntwice f x = f (f x)\nmain : IO ()\nmain = printLn (twice (+ 1) 2)\n"


def test_the_first_error_is_told_where_it_is() -> None:
    assert len(LINES) >= 120
    assert [(line, found) for line in LINES if (found := misplaced(FRONT_END, line)) is not None] == []


def test_a_vector_of_a_wrong_length_is_refused_with_both_lengths_and_a_bounded_number_out_of_range() -> None:
    source = APPEND.replace("?rest", "append xs ys") + "v : Vect 4 Nat\nv = append [1, 2] [3]\nf : Vect 3 Nat -> Nat\n"
    found = FRONT_END.check(source + "f v = index 3 v\n").diagnostics
    assert [(one.line, one.column, one.message) for one in found] == [
        (
            4,
            23,
            (
                "expected Vect (S (plus len m)) a here, but found Vect (plus len m) a: "
                "S (plus len m) and plus len m differ"
            ),
        ),
        (6, 5, "expected Vect 4 Nat here, but found Vect 3 Nat: 4 and 3 differ"),
        (8, 13, "3 is out of range: expected Fin 3 here"),
    ]


def test_a_hole_is_told_with_its_context_and_goal() -> None:
    (found,) = FRONT_END.check(APPEND).diagnostics
    assert (found.severity, found.line, found.column) == (Severity.WARNING, 4, 23)
    assert found.message.splitlines()[1:] == [
        " 0 len : Nat",
        " 0 a : Type",
        " 0 m : Nat",
        "   x : a",
        "   xs : Vect len a",
        "   ys : Vect m a",
        "-" * 30,
        "rest : Vect (S (plus len m)) a",
    ]
    shown = FRONT_END.translate(APPEND, ("ast",)).shown["ast"]["holes"]
    assert shown[0]["goal"] == "Vect (S (plus len m)) a"
    assert {"name": "x", "erased": False, "type": "a"} in shown[0]["context"]


def test_several_errors_are_told_in_one_run() -> None:
    found = FRONT_END.check('f : Nat -> Nat\nf Z = "a"\nf (S k) = True\ng : Nat\ng = f 1 2\n').diagnostics
    assert [(one.line, one.column) for one in found] == [(2, 7), (3, 11), (5, 9)]


def test_a_program_without_main_is_checked_and_not_made() -> None:
    assert FRONT_END.check("x : Nat\nx = 1\n").diagnostics == []
    (found,) = FRONT_END.translate("x : Nat\nx = 1\n").diagnostics
    assert found.message == "there is no main"


def test_each_phase_is_shown_as_json_when_asked_for_and_types_are_found() -> None:
    translated = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir"))
    shown = translated.shown
    assert {"kind": "name", "text": "twice", "line": 1, "column": 1} in shown["tokens"]
    assert shown["ast"]["node"] == "Program"
    assert "function main" in shown["ir"]
    assert json.loads(json.dumps(shown)) == shown
    assert {one["name"]: one["type"] for one in translated.symbols} == {
        "twice": "{0 a : Type} -> (a -> a) -> a -> a",
        "main": "IO Unit",
    }


@pytest.mark.parametrize(
    "source",
    [
        "x : Nat\nx = " + "(" * 200 + "0" + ")" * 200,
        "x : " + "(" * 300,
        "x = " + "do\n" * 200,
        "main : IO ()\nmain = printLn [" + "1, " * 2_000 + "1]",
        "x" * 60_000,
        "x" * (1 << 20),
        "x : Nat\nx = 1 -- " + "y" * 70_000,
        "{-" * 1_000,
        "",
        '\ufeffmain : IO ()\r\nmain = putStrLn "a"\r\n',
        "x \x00",
        "\udcff",
        "module",
        "import",
        "infixl",
        "data",
        "record R where",
        "interface I a where\n  f",
        "λ",
        "x : Nat\nx = " + "1 + " * 2_000 + "1",
        "f : (x : Nat) -> f x",
        "f : Type\nf = f\nx : f\nx = 1",
        "data D : D where",
        "total\n",
        "= 1",
        "f x | ",
        "%default",
        "f : Nat -> Nat\nf (f x) = x",
        "f : {n : Nat} -> Nat\nf {m} = 1",
        "mutual",
        "implementation Foo where",
        "x : Nat\nx = let",
        "x : a\nx = x",
    ],
)
def test_hostile_sources_get_a_diagnostic_or_run(source: str) -> None:
    translated = translation.translate(FRONT_END, source)
    assert translated.program is not None or translated.failed
