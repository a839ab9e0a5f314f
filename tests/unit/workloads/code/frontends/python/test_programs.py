"""Programs staged by feature: what CPython prints is what ours print, wherever they run.

Each `NNN.python` has its expected output beside it, as CPython had it (`NNN.out`; its last line has the class of what
was raised and not caught, or `ok`), and its input where it reads any (`NNN.in`).
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.engine.validation import verify as verify_cards
from core.workloads.code.frontends.python.linking import link
from core.workloads.code.frontends.python.unit import translate
from core.workloads.code.ir.interpreter import Interpreter
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.verifier import verify
from core.workloads.code.passes.pipeline import optimize

FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(FOLDER.glob("*/*.python"))
REGISTERS = (4, 3, 2, 0)
STEPS = 20_000_000
Outcome = tuple[str, str]


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def expected(path: Path) -> Outcome:
    printed, _, last = path.with_suffix(".out").read_text().rpartition("end ")
    return printed, last.strip()


def given(path: Path) -> bytes:
    file = path.with_suffix(".in")
    return file.read_bytes() if file.exists() else b""


def ending(stderr: str, trap: object) -> str:
    """Name the class of what nothing caught."""
    if trap is None:
        return "ok"
    return stderr.strip().rpartition("\n")[2].partition(":")[0]


def outcomes(
    source: str, stdin: bytes, registers: tuple[int, ...], *, interpret: bool
) -> Iterator[tuple[str, Outcome]]:
    """Run a program by the interpreter of the IR, before and after the passes, and on the Engine."""
    phases = translate(source)
    assert phases.module is not None, phases.report.found
    library = link(phases.module)
    if interpret:
        yield "as written", interpreted(phases.module, stdin)
    optimize(phases.module, keep=library)
    if interpret:
        yield "optimized", interpreted(phases.module, stdin)
    for count in registers:
        program = generate(phases.module, count, library)
        verify_cards(program)
        engine = machine.start(program, stdin=stdin)
        trap = Engine(engine).run(STEPS)
        stdout, stderr = (bytes(one).decode() for one in engine.printer.rolls)
        yield f"{count} registers", (stdout, ending(stderr, trap))


def interpreted(module: Module, stdin: bytes) -> Outcome:
    assert verify(module) == []
    streams = Streams(stdin)
    stop = Interpreter(module, streams, STEPS).run()
    stdout, stderr = (bytes(one).decode() for one in streams.rolls)
    return stdout, ending(stderr, stop.trap or None)


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert len(PROGRAMS) >= 300
    assert {path.with_suffix(".out") for path in PROGRAMS} == set(FOLDER.glob("*/*.out"))


@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_a_program_does_what_cpython_has_it_do(path: Path) -> None:
    # The interpreter and all numbers of registers are tried with every tenth program, and with all in the deep suite.
    thorough = int(path.stem) % 10 == 0
    registers = REGISTERS if thorough else (4,)
    for where, outcome in outcomes(path.read_text(), given(path), registers, interpret=thorough):
        assert outcome == expected(path), where


@pytest.mark.deep
@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_a_program_does_the_same_with_any_number_of_registers(path: Path) -> None:
    for where, outcome in outcomes(path.read_text(), given(path), (4, 3, 2, 1, 0), interpret=True):
        assert outcome == expected(path), where


@pytest.mark.deep
@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_cpython_still_says_so(path: Path) -> None:
    command = [sys.executable, "-I", str(path)]
    ran = subprocess.run(command, input=given(path), capture_output=True, check=False, timeout=20)
    assert (ran.stdout.decode(), ending(ran.stderr.decode(), ran.returncode or None)) == expected(path)
