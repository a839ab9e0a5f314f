"""Programs staged by feature: what gcc's programs print and return is what ours do, wherever they run.

Each `NNN.c` has its expected output beside it, as gcc had it (`NNN.out`, the exit code in the last line), and its input
where it reads any (`NNN.in`).
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.engine.validation import verify as verify_cards
from core.workloads.code.frontends.c.linking import link
from core.workloads.code.frontends.c.unit import translate
from core.workloads.code.ir.interpreter import Interpreter
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.verifier import verify
from core.workloads.code.passes.pipeline import optimize

FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(FOLDER.glob("*/*.c"))
REGISTERS = (4, 3, 2, 0)
STEPS = 20_000_000
GCC = ("gcc", "-std=gnu11", "-w", "-O1", "-fwrapv")
Outcome = tuple[bytes, int | None]


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def expected(path: Path) -> Outcome:
    printed, _, code = path.with_suffix(".out").read_bytes().rpartition(b"exit ")
    return printed, int(code)


def given(path: Path) -> bytes:
    file = path.with_suffix(".in")
    return file.read_bytes() if file.exists() else b""


def outcomes(source: str, stdin: bytes, registers: tuple[int, ...]) -> Iterator[tuple[str, Outcome]]:
    """Run a program by the interpreter of the IR, before and after the passes, and on the Engine."""
    phases = translate(source)
    assert phases.module is not None, phases.report.findings
    library = link(phases.module)
    yield "as written", interpreted(phases.module, stdin)
    optimize(phases.module, keep=library)
    yield "optimized", interpreted(phases.module, stdin)
    for count in registers:
        program = generate(phases.module, count, library)
        verify_cards(program)
        engine = machine.start(program, stdin=stdin)
        trap = Engine(engine).run(STEPS)
        yield f"{count} registers", (bytes(engine.printer.rolls[0]), None if trap else engine.exit_value)


def interpreted(module: Module, stdin: bytes) -> Outcome:
    assert verify(module) == []
    streams = Streams(stdin)
    code = Interpreter(module, streams, STEPS).run().exit_code
    return streams.output, code


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert len(PROGRAMS) >= 300
    assert {path.with_suffix(".out") for path in PROGRAMS} == set(FOLDER.glob("*/*.out"))


@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_a_program_does_what_gcc_has_it_do(path: Path) -> None:
    # All numbers of registers are tried with every fifth program, and with all of them in the deep suite.
    registers = REGISTERS if int(path.stem) % 5 == 0 else (4, 0)
    for where, outcome in outcomes(path.read_text(), given(path), registers):
        assert outcome == expected(path), where


@pytest.mark.deep
@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_a_program_does_the_same_with_any_number_of_registers(path: Path) -> None:
    for where, outcome in outcomes(path.read_text(), given(path), (4, 3, 2, 1, 0)):
        assert outcome == expected(path), where


@pytest.mark.deep
@pytest.mark.skipif(which("gcc") is None, reason="gcc is not installed here")
@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_gcc_still_says_so(path: Path, tmp_path: Path) -> None:
    executable = tmp_path / "program"
    subprocess.run([*GCC, "-o", executable, path, "-lm"], check=True)
    ran = subprocess.run([executable], input=given(path), capture_output=True, check=False, timeout=20)
    assert (ran.stdout, ran.returncode) == expected(path)
