"""Haskell as a front end: diagnostics where a teacher would point, phases on request, and hostile sources."""

import json
from pathlib import Path

import pytest

from core.workloads.code.frontends import translation
from core.workloads.code.frontends.haskell.front_end import FRONT_END
from tests.unit.workloads.code.frontends.functional.staged import misplaced

LINES = [line for line in (Path(__file__).parent / "invalid.txt").read_text().splitlines() if not line.startswith("# ")]
SOURCE = "data T = A | B deriving Show\ntwice f x = f (f x)\nsame x y = x == y\nmain = print A\n"


def test_the_first_error_is_told_where_it_is() -> None:
    assert len(LINES) >= 110
    assert [(line, found) for line in LINES if (found := misplaced(FRONT_END, line)) is not None] == []


def test_several_errors_are_told_in_one_run() -> None:
    found = FRONT_END.check("f :: Int -> Int\nf x = 'a'\ng = not 1\nh = f True\nmain = print (f 1)\n").diagnostics
    assert [(one.line, one.column) for one in found] == [(2, 7), (3, 9), (4, 7)]


def test_each_phase_is_shown_as_json_when_asked_for_and_types_are_found() -> None:
    translated = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir"))
    shown = translated.shown
    assert {"kind": "name", "text": "twice", "line": 2, "column": 1} in shown["tokens"]
    assert shown["ast"]["node"] == "Program"
    assert "function main" in shown["ir"]
    assert json.loads(json.dumps(shown)) == shown
    assert {one["name"]: one["type"] for one in translated.symbols} == {
        "T": "T",
        "twice": "(a -> a) -> a -> a",
        "same": "Eq a => a -> a -> Bool",
        "main": "IO ()",
    }


@pytest.mark.parametrize(
    "source",
    [
        "main = print " + "(" * 300 + "0" + ")" * 300,
        "main = " + "do\n" * 200,
        "f :: " + "(" * 300,
        "main = print [" + "1, " * 2_000 + "1]",
        "x" * 60_000,
        "{-" * 1_000,
        "module",
        "infixl",
        "data",
        "λ",
        "main = print (" + "1 + " * 3_000 + "1)",
        "import",
        "f x | ",
        "instance Show (a b) where",
        "class C a where { m :: }",
        "(x + y) z = 1",
        "- 1 = 2",
        "f -x = 1",
        "type T = T\nf :: T\nf = 1\nmain = print 1",
    ],
)
def test_hostile_sources_get_a_diagnostic_or_run(source: str) -> None:
    translated = translation.translate(FRONT_END, source)
    assert translated.program is not None or translated.failed
