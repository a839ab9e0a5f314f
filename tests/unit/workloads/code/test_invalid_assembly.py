"""Programs with faults: each told of in its phase, at its line and column, and never as an error of the platform."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workloads.code.assembling import faults, job

ROOT = Path(__file__).parents[4]
LINES = (Path(__file__).parent / "assembly" / "invalid.txt").read_text().splitlines()[1:]
NOTE_G = (Path(__file__).parent / "assembly" / "note_g.asm").read_text()


def test_there_are_many() -> None:
    assert len(LINES) == len(set(LINES)) >= 150


@pytest.mark.parametrize("line", LINES)
def test_the_first_fault_is_told_where_it_is(line: str) -> None:
    place, _, program = line.partition(" | ")
    phase, number, column = place.split()
    assert faults(program.replace("|", "\n") + "\n")[0] == (phase, int(number), int(column))


def test_many_faults_are_told_at_once_and_mended_in_words() -> None:
    result = job("        LDD A, #5\n        ADD A, B\nx:      JMP nwhere\nx:      LD A, 5\nnowhere: HLT #0\n")
    assert result["verdict"] == "compile_error"
    assert [(one["line"], one["hint"]) for one in result["diagnostics"]] == [
        (1, "did you mean LD?"),
        (2, "as in ADD A, B, #5"),
        (3, "did you mean nowhere?"),
        (4, "it was given in line 3"),
        (4, "write #5 for the number, V5 for the column"),
    ]


@pytest.mark.parametrize(
    ("source", "verdict", "phase"),
    [
        ("", "compile_error", "parse"),
        (" \n\t\n", "compile_error", "parse"),
        ("\ufeff HLT #0\n", "ok", "run"),
        (" NOP\r\n HLT #0\r\n", "ok", "run"),
        (" NOP\r HLT #0\r", "ok", "run"),
        (" NOP\0\n", "compile_error", "lex"),
        (" NOP ; \ud800\n", "compile_error", "lex"),
        (" HLT #0 ;" + "x" * ((64 << 10) - 10) + "\n", "ok", "run"),
        (" HLT #0 ;" + "x" * ((64 << 10) - 9) + "\n", "compile_error", "lex"),
        ("x" * (1 << 20), "compile_error", "lex"),
        ("[" * 60_000, "compile_error", "parse"),
        ("a:" * 20_000 + "\n", "compile_error", "semantic"),
        (" NOP\n" * 13_000, "runtime_error", "run"),
        (" NOP\n" * 20_001, "compile_error", "lex"),
        ("NOP\n" * 16_384, "runtime_error", "run"),
        (" LD A, #" + "9" * 60_000 + "\n", "compile_error", "lex"),
        ('.text "' + "\\" * 60_001 + '"\n', "compile_error", "lex"),
    ],
)
def test_hostile_sources_get_a_diagnostic(source: str, verdict: str, phase: str) -> None:
    result = job(source)
    assert (result["verdict"], result["phase"]) == (verdict, phase)
    assert bool(result["diagnostics"]) is (verdict == "compile_error")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutilated_program_never_fails_the_platform(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(NOTE_G) - 1))
    cut = data.draw(st.integers(0, 30))
    put = data.draw(st.text(alphabet=st.sampled_from("ABV[]#,:;.'\"\n 0123456789+-xé\0"), max_size=8))
    result = job(NOTE_G[:place] + put + NOTE_G[place + cut :], limits={"steps": 5_000}, emit=["tokens", "ast"])
    assert result["verdict"] in {"ok", "compile_error", "runtime_error", "time_limit", "memory_limit"}
    assert (result["verdict"] == "compile_error") is bool(result["diagnostics"])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(source: str) -> None:
    assert job(source, limits={"steps": 1_000})["verdict"] in {"ok", "compile_error", "runtime_error", "time_limit"}


def test_every_phase_is_the_same_whatever_the_hash_seed() -> None:
    code = (
        "import sys; from core.canonical import fingerprint\n"
        "from tests.unit.workloads.code.assembling import job\n"
        "emit = ['tokens', 'ast', 'assembly', 'machine_code', 'trace']\n"
        "for source in sys.argv[1:]:\n"
        "    result = job(source, emit=emit)\n"
        "    print(fingerprint({k: v for k, v in result.items() if k not in ('cpu_ms', 'wall_ms', 'peak_memory_kib')}))"
    )
    argv = [sys.executable, "-c", code, NOTE_G, NOTE_G.replace("CALL", "CALLL")]
    said = {
        subprocess.run(
            argv, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(said) == 1
    assert len(next(iter(said)).split()) == 2
