"""Random programs: what CPython has them print, ours print; and damaged sources never trip the translator."""

import io
import os
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from random import Random
from time import process_time

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.engine.traps import Trap
from core.workloads.code.engine.words import MAX_CARDS
from core.workloads.code.frontends.python.linking import link
from core.workloads.code.frontends.python.unit import translate
from core.workloads.code.ir.printer import print_module
from core.workloads.code.passes.pipeline import optimize
from tests.unit.workloads.code.frontends.python.generating import Generator
from tests.unit.workloads.code.frontends.robustness import damaged, phases_by_hash_seed

STEPS = 3_000_000
BATCH = 30
REGISTERS = (4, 4, 4, 3, 2, 0)
"""In the deep suite; the library is translated anew for each number."""
DEEP_FIRST, DEEP_COUNT = 1000, 20_000
CHARACTERS = "(){}[]:,*@#\"'\\=+-<>.0aé\n \t"
WORDS = ("def ", "class ", "yield ", "lambda ", " for ", "not ", "return ", "None", "self", "*", "**", ":=", "in ")
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*/*.python"))
DEEP_S = float(os.environ.get("PENSTOCK_FUZZ_MINUTES", "30")) * 60
Outcome = tuple[str, str]


def by_cpython(source: str) -> Outcome:
    """Give what a program prints, and the class of what nothing caught."""
    printed = io.StringIO()
    with warnings.catch_warnings(), redirect_stdout(printed):
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, "main.py", "exec"), {"__name__": "__main__"})
        except Exception as error:  # noqa: BLE001 - whatever the program raises
            return printed.getvalue(), type(error).__name__
    return printed.getvalue(), "ok"


def by_us(source: str, registers: int) -> Outcome | None:
    """Give the same, or None where the program is too large for the Engine or takes too many steps."""
    phases = translate(source)
    assert phases.module is not None, phases.report.found
    library = link(phases.module)
    optimize(phases.module, keep=library)
    program = generate(phases.module, registers, library)
    if len(program.cards) > MAX_CARDS:
        return None
    engine = machine.start(program)
    trap = Engine(engine).run(STEPS)
    stdout, stderr = (bytes(one).decode() for one in engine.printer.rolls)
    if trap is None:
        return stdout, "ok"
    if trap.trap in (Trap.STEP_LIMIT, Trap.HEAP):
        return None
    return stdout, stderr.strip().rpartition("\n")[2].partition(":")[0]


def compared(seeds: range) -> tuple[list[int], int]:
    """Run the programs of all seeds; gives those with a difference, and how many could be compared."""
    wrong, ran = [], 0
    for seed in seeds:
        source = Generator(seed).program()
        ours = by_us(source, REGISTERS[seed % 6] if seed >= DEEP_FIRST else 4)
        ran += ours is not None
        if ours not in (None, by_cpython(source)):
            wrong.append(seed)
    return wrong, ran


def test_the_same_seed_gives_the_same_program() -> None:
    assert Generator(7).program() == Generator(7).program() != Generator(8).program()


def test_some_random_programs_do_what_cpython_has_them_do() -> None:
    wrong, ran = compared(range(BATCH))
    assert wrong == []
    assert ran > BATCH * 0.6


@pytest.mark.deep
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("first", range(DEEP_FIRST, DEEP_FIRST + DEEP_COUNT, 1000))
def test_many_random_programs_do_what_cpython_has_them_do(first: int) -> None:
    assert compared(range(first, first + 1000))[0] == []


@pytest.mark.deep
def test_every_phase_is_the_same_whatever_the_hash_seed() -> None:
    found = phases_by_hash_seed("python", PROGRAMS[::60])
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


def fuzz(seed: int, go_on: Callable[[int], bool]) -> int:
    """Damage programs for as long as is wanted; gives how many."""
    random, sources = Random(seed), [path.read_text() for path in PROGRAMS]
    count = 0
    while go_on(count):
        source = damaged(random.choice(sources), random, CHARACTERS, WORDS)
        try:
            survives(source)
        except Exception as error:
            raise AssertionError(f"seed {seed}, number {count}:\n{source}") from error
        count += 1
    return count


def test_damaged_sources_get_diagnostics() -> None:
    assert fuzz(1, lambda count: count < 40) == 40


@pytest.mark.deep
@pytest.mark.timeout(7200)
def test_damaged_sources_get_diagnostics_for_as_long_as_is_wanted() -> None:
    end = process_time() + DEEP_S
    assert fuzz(2, lambda _: process_time() < end) > DEEP_S
