"""System F as a front end: diagnostics where a teacher would point, phases on request, and hostile sources."""

import json
from pathlib import Path

import pytest

from core.workloads.code.frontends import translation
from core.workloads.code.frontends.base import Severity
from core.workloads.code.frontends.system_f.front_end import FRONT_END
from tests.unit.workloads.code.frontends.functional.staged import misplaced, ran

LINES = [line for line in (Path(__file__).parent / "invalid.txt").read_text().splitlines() if not line.startswith("#")]
SOURCE = "T = Nat -> Nat;\ninc = lambda n:Nat. succ n;\ninc 4;\n"


def test_the_first_error_is_told_where_it_is() -> None:
    assert len(LINES) >= 125
    assert [(line, found) for line in LINES if (found := misplaced(FRONT_END, line)) is not None] == []


def test_several_errors_are_told_in_one_run() -> None:
    found = FRONT_END.check("succ true;\nx;\nlambda y:Nat. y;\niszero unit;\n").diagnostics
    assert [(one.line, one.column) for one in found] == [(1, 6), (2, 1), (4, 8)]


def test_each_phase_is_shown_as_json_when_asked_for() -> None:
    translated = FRONT_END.translate(SOURCE, ("tokens", "ast", "ir"))
    shown = translated.shown
    assert {"kind": "name", "text": "inc", "line": 2, "column": 1} in shown["tokens"]
    assert [one["node"] for one in shown["ast"]] == ["type", "binding", "term"]
    assert "function main" in shown["ir"]
    assert json.loads(json.dumps(shown)) == shown
    assert [(one["name"], one["kind"], one["type"]) for one in translated.symbols] == [
        ("T", "type", "*"),
        ("inc", "value", "Nat -> Nat"),
    ]


def test_a_term_without_a_normal_form_is_told_of_and_the_rest_goes_on() -> None:
    source = "letrec f:Nat->{Nat} = lambda n:Nat. f (succ n) in f 0;\n3;\n"
    (found,) = FRONT_END.check(source).diagnostics or FRONT_END.translate(source).diagnostics
    assert (found.severity, found.line) == (Severity.WARNING, 1)
    assert ran(FRONT_END, source) == ("(no normal form found) : {Nat}\n3 : Nat\n", "")


def test_a_number_beyond_fifty_digits_traps() -> None:
    source = f"times {10**49} {10**49};"
    assert ran(FRONT_END, source) == ("", "overflow")


@pytest.mark.parametrize(
    "source",
    [
        "(" * 300 + "0" + ")" * 300,
        "lambda x:" + "(" * 300 + "Nat",
        "succ (" * 300 + "0" + ")" * 300,
        "x = 1; " * 5_000,
        "a" * 60_000,
        "{" * 500,
        "λ",
        "[*",
        "1" * 60_000,
        "/*" * 1_000,
    ],
)
def test_hostile_sources_get_a_diagnostic_or_run(source: str) -> None:
    translated = translation.translate(FRONT_END, source)
    assert translated.program is not None or translated.failed
