"""Programs staged by feature, many after the Idris 2 documentation and the literature, run wherever they can.

`valid.txt` has a program a line, `⏎` for ends of lines: `source ⇐ input ⇒ output`, the input where there is any; a
last line `= e` stands for a `main` that prints `e`. The outputs were worked out by hand, as there was no Idris here.
"""

from pathlib import Path

import pytest

from core.workloads.code.frontends.base import Severity
from core.workloads.code.frontends.idris.core import Literal
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.front_end import FRONT_END
from core.workloads.code.frontends.idris.unit import analyze, translate
from tests.unit.workloads.code.frontends.functional.staged import outcomes, ran

HERE = Path(__file__).parent
LINES = [line for line in (HERE / "valid.txt").read_text().split("\n") if line and line[0] != "#"]
SOME, FEW = LINES[::15], LINES[4::60]
PROOFS = [line for line in LINES if line.endswith(("= 0 ⇒ 0⏎", "= 1 ⇒ 1⏎"))]


def taken(line: str) -> tuple[str, bytes, str]:
    """Give source, input and expected output."""
    before, _, output = line.replace("⏎", "\n").rpartition(" ⇒ ")
    source, _, given = before.partition(" ⇐ ")
    above, found, expression = f"\n{source}".rpartition("\n= ")
    if found:
        source = f"{above[1:]}\nmain : IO ()\nmain = printLn ({expression})".lstrip("\n")
    return source, given.encode(), output


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert len(LINES) >= 220
    assert len(PROOFS) >= 16


@pytest.mark.parametrize("line", SOME)
def test_a_program_prints_what_it_should(line: str) -> None:
    source, given, output = taken(line)
    assert ran(FRONT_END, source, given) == (output, "")


@pytest.mark.parametrize("line", PROOFS[::3])
def test_a_proof_is_taken(line: str) -> None:
    source, _, _ = taken(line)
    assert [one for one in analyze(source).diagnostics if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("line", FEW)
def test_a_program_prints_the_same_wherever_it_runs(line: str) -> None:
    source, given, output = taken(line)
    module = translate(source).module
    assert module is not None
    for where, outcome in outcomes(module, (4, 3, 2, 0), given):
        assert outcome == (output, ""), where


@pytest.mark.deep
@pytest.mark.parametrize("line", LINES)
def test_every_program_prints_the_same_with_any_number_of_registers(line: str) -> None:
    source, given, output = taken(line)
    module = translate(source).module
    assert module is not None
    for where, outcome in outcomes(module, (4, 3, 2, 1, 0), given):
        assert outcome == (output, ""), where


@pytest.mark.parametrize(
    ("expression", "expected", "type_"),
    [
        ("plus 2 3", "5", "Nat"),
        ("minus 2 3", "0", "Nat"),
        ("power 2 10", "1024", "Nat"),
        ("(the Integer 7) `mod` (-2)", "1", "Integer"),
        ('length "hello"', "5", "Nat"),
        ("length [True, False]", "2", "Nat"),
        ("sum (the (List Nat) [1, 2, 3])", "6", "Nat"),
        ("foldl (-) 10 (the (List Integer) [1, 2, 3])", "4", "Integer"),
    ],
)
def test_a_normal_form_is_what_the_engine_computes(expression: str, expected: str, type_: str) -> None:
    source = f"x : {type_}\nx = {expression}\nmain : IO ()\nmain = printLn x\n"
    phases = analyze(source)
    assert phases.known is not None
    evaluator = Evaluator(phases.known)
    normal = evaluator.quote(evaluator.top("Main/x"), 0)
    assert normal == Literal(int(expected), type_)
    assert ran(FRONT_END, source) == (f"{expected}\n", "")


def test_note_g_gives_the_fourth_number_of_bernoulli() -> None:
    assert ran(FRONT_END, (HERE / "note_g.idr").read_text()) == ("1/6\n-1/30\n1/42\n-1/30\n", "")


def test_an_interpreter_is_well_typed_and_a_format_gives_the_type_of_its_function() -> None:
    assert ran(FRONT_END, (HERE / "interpreter.idr").read_text()) == ("7\n120\n", "")
    assert ran(FRONT_END, (HERE / "printf.idr").read_text()) == ("x is 5\n", "")


@pytest.mark.parametrize(
    ("source", "trap"),
    [
        ("main : IO ()\nmain = printLn (the Integer 1 `div` 0)", "div_zero"),
        ("main : IO ()\nmain = printLn (the Nat ?later)", "raised"),
        ("partial\nf : Nat -> Nat\nf (S k) = k\nmain : IO ()\nmain = printLn (f 0)", "raised"),
        ("main : IO ()\nmain = printLn (product (the (List Integer) [1 .. 60]))", "overflow"),
    ],
)
def test_what_cannot_go_on_traps(source: str, trap: str) -> None:
    assert ran(FRONT_END, source) == ("", trap)


def test_a_loop_of_actions_takes_no_stack() -> None:
    source = 'loop : Nat -> IO ()\nloop Z = putStrLn "done"\nloop (S k) = loop k\nmain : IO ()\nmain = loop 50000\n'
    assert ran(FRONT_END, source) == ("done\n", "")
