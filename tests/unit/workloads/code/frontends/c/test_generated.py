"""Random programs: what gcc's do, ours do; and damaged sources never trip the translator."""

import subprocess
from pathlib import Path
from random import Random
from shutil import which

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.engine.traps import Trap
from core.workloads.code.frontends.c.linking import link
from core.workloads.code.frontends.c.unit import translate
from core.workloads.code.ir.interpreter import Interpreter, StepLimit
from core.workloads.code.ir.printer import print_module
from core.workloads.code.ir.streams import Streams
from core.workloads.code.passes.pipeline import optimize
from tests.unit.workloads.code.frontends.c.generating import Generator
from tests.unit.workloads.code.frontends.robustness import damaged, phases_by_hash_seed

STEPS = 600_000
BATCH = 30
DEEP_FIRST, DEEP_COUNT = 1000, 20_000
"""The seeds that were compared with gcc; see `docs/code.md`."""
GCC = ("gcc", "-std=gnu11", "-w", "-O0", "-fwrapv")
needs_gcc = pytest.mark.skipif(which("gcc") is None, reason="gcc is not installed here")
CHARACTERS = "(){}[];,*&#\"'\\=+-<>?:.0aé\n"
WORDS = ("int ", "#if ", "->")
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*/*.c"))


def by_gcc(seeds: range, folder: Path) -> dict[int, bytes]:
    """Compile the programs of all seeds as one, and give what each printed."""
    calls = "".join(f'printf("@@{seed}\\n"); p{seed}_main();\n' for seed in seeds)
    programs = "\n".join(Generator(seed).program() for seed in seeds)
    (folder / "all.c").write_text(f"#include <stdio.h>\n{programs}\nint main(void) {{\n{calls}return 0;\n}}\n")
    subprocess.run([*GCC, "-o", folder / "all", folder / "all.c"], check=True)
    printed = subprocess.run([folder / "all"], capture_output=True, check=True, timeout=60).stdout
    parts = (part.partition(b"\n") for part in printed.split(b"@@")[1:])
    return {int(seed): rest for seed, _, rest in parts}


def by_us(seed: int) -> bytes | None:
    """Give what the program printed, everywhere the same, or None where it takes too many steps."""
    program = Generator(seed).program()
    phases = translate(f"#include <stdio.h>\n{program}\nint main(void) {{ return p{seed}_main(); }}\n")
    assert phases.module is not None, phases.report.findings
    library = link(phases.module)
    streams = Streams()
    if seed % 4 == 1:
        try:
            Interpreter(phases.module, streams, STEPS).run()
        except StepLimit:
            return None
    optimize(phases.module, keep=library)
    engine = machine.start(generate(phases.module, (4, 3, 2, 0)[seed % 4], library))
    trap = Engine(engine).run(STEPS)
    if trap is not None and trap.trap is Trap.STEP_LIMIT:
        return None
    assert trap is None
    printed = bytes(engine.printer.rolls[0])
    assert seed % 4 != 1 or printed == streams.output
    return printed


@needs_gcc
def test_some_random_programs_do_what_gcc_has_them_do(tmp_path: Path) -> None:
    expected = by_gcc(range(BATCH), tmp_path)
    for seed, printed in expected.items():
        assert by_us(seed) in (printed, None), seed


@pytest.mark.deep
@pytest.mark.timeout(7200)
@needs_gcc
@pytest.mark.parametrize("first", range(DEEP_FIRST, DEEP_FIRST + DEEP_COUNT, 2000))
def test_many_random_programs_do_what_gcc_has_them_do(first: int, tmp_path: Path) -> None:
    for start in range(first, first + 2000, 50):
        expected = by_gcc(range(start, start + 50), tmp_path)
        wrong = [seed for seed, printed in expected.items() if by_us(seed) not in (printed, None)]
        assert wrong == []


def test_every_phase_is_the_same_whatever_the_hash_seed() -> None:
    found = phases_by_hash_seed("c", PROGRAMS[::60])
    assert len(found) == 1
    assert all(found)


def survives(source: str) -> None:
    """Translate, and where that succeeds lay the cards too; nothing may be raised."""
    phases = translate(source)
    assert (phases.module is None) == phases.report.failed
    if phases.module is not None:
        library = link(phases.module)
        optimize(phases.module, keep=library)
        print_module(phases.module)
        generate(phases.module, shared=library)


def test_damaged_sources_get_diagnostics() -> None:
    random = Random(1)
    for _ in range(150):
        survives(damaged(random.choice(PROGRAMS).read_text(), random, CHARACTERS, WORDS))


@pytest.mark.deep
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(2, 22))
def test_many_damaged_sources_get_diagnostics(seed: int) -> None:
    random = Random(seed)
    for _ in range(2000):
        survives(damaged(random.choice(PROGRAMS).read_text(), random, CHARACTERS, WORDS))
