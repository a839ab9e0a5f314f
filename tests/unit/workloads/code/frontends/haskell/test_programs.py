"""Programs staged by feature: what GHC prints is what ours print, wherever they run.

`valid.txt` has a program a line, `⏎` for ends of lines: `source ⇐ input ⇒ output`, the input where there is any;
`= e` stands for `main = print (e)`. The outputs are those of GHC 9.0.2.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.frontends.haskell.front_end import FRONT_END
from core.workloads.code.frontends.haskell.unit import translate
from tests.unit.workloads.code.frontends.functional.staged import outcomes, ran

HERE = Path(__file__).parent
LINES = [line for line in (HERE / "valid.txt").read_text().split("\n") if line and line[0] != "#"]
SOME, FEW = LINES[::9], LINES[4::60]


def taken(line: str) -> tuple[str, bytes, str]:
    """Give source, input and expected output."""
    before, _, output = line.replace("⏎", "\n").rpartition(" ⇒ ")
    source, _, given = before.partition(" ⇐ ")
    if source.startswith("= "):
        source = f"main = print ({source[2:]})"
    return source, given.encode(), output


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert len(LINES) >= 190


@pytest.mark.parametrize("line", SOME)
def test_a_program_prints_what_ghc_has_it_print(line: str) -> None:
    source, given, output = taken(line)
    assert ran(FRONT_END, source, given) == (output, "")


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


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("runghc") is None, reason="there is no GHC on this host")
@pytest.mark.parametrize("line", LINES)
def test_ghc_still_says_so(line: str, tmp_path: Path) -> None:
    source, given, output = taken(line)
    file = tmp_path / "Main.hs"
    file.write_text(source)
    ghc = subprocess.run(["runghc", file], input=given, capture_output=True, check=False, timeout=60)
    assert ghc.stdout.decode() == output


def test_note_g_gives_the_fourth_number_of_bernoulli() -> None:
    assert ran(FRONT_END, (HERE / "note_g.hs").read_text()) == ("1/6\n-1/30\n1/42\n-1/30\n", "")


@pytest.mark.parametrize(
    ("source", "trap"),
    [
        ("main = print (head ([] :: [Int]))", "raised"),
        ("main = print (1 `div` 0)", "div_zero"),
        ("main = print (let x = x + 1 in x)", "raised"),
        ("main = print (10 ^ 60)", "overflow"),
        ("f (Just x) = x\nmain = print (f (Nothing :: Maybe Int))", "raised"),
        ("main = print (foldr (+) 0 [1 .. 5000])", "stack"),
    ],
)
def test_what_cannot_go_on_traps(source: str, trap: str) -> None:
    assert ran(FRONT_END, source) == ("", trap)


def test_what_an_action_gives_back_is_computed_when_it_is_needed() -> None:
    assert ran(FRONT_END, "main = interact (map succ)", b"abc") == ("bcd", "")


def test_a_loop_through_several_functions_takes_no_stack() -> None:
    source = (
        "loop, step :: Int -> Int -> IO ()\n"
        "loop n !acc | n == 0 = print acc\n"
        "            | even n = loop (n - 1) (acc + n)\n"
        "            | otherwise = step (n - 1) acc\n"
        "step n m = if n < 0 then return () else loop n m\n"
        "main = loop 3000 0\n"
    )
    assert ran(FRONT_END, source) == ("2251500\n", "")
