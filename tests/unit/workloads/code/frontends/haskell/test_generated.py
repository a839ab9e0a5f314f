"""Random programs: what GHC has them print, ours print."""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.engine import emulation, machine
from core.workloads.code.engine.traps import Trap
from core.workloads.code.frontends.haskell.front_end import FRONT_END
from tests.unit.workloads.code.frontends.haskell.generating import HEAD, SHARED, Generator

STEPS = 3_000_000
BATCH = 8
DEEP_FIRST, DEEP_COUNT, TOGETHER = 1000, 2000, 100
TOO_MUCH = {Trap.STEP_LIMIT, Trap.HEAP, Trap.STACK}
needs_ghc = pytest.mark.skipif(shutil.which("ghc") is None, reason="GHC is not installed here")


def by_ghc(seeds: range, folder: Path) -> dict[int, str]:
    """Compile the programs of all seeds as one, and give what each printed."""
    programs = "\n".join(Generator(seed).program() for seed in seeds)
    calls = "".join(f'  putStrLn "@@{seed}"\n  run{seed}\n' for seed in seeds)
    (folder / "main.hs").write_text(f"{HEAD}{SHARED}\n{programs}\nmain :: IO ()\nmain = do\n{calls}")
    subprocess.run(["ghc", "-v0", "-w", "-O0", "main.hs"], cwd=folder, check=True)
    printed = subprocess.run([folder / "main"], capture_output=True, check=True, text=True, timeout=60).stdout
    parts = (part.partition("\n") for part in printed.split("@@")[1:])
    return {int(seed): rest for seed, _, rest in parts}


def by_us(seed: int) -> str | None:
    """Give what a program prints, or None where it is too much for the Engine."""
    source = f"{HEAD}{SHARED}\n{Generator(seed).program()}\nmain :: IO ()\nmain = run{seed}\n"
    made = FRONT_END.translate(source)
    assert made.program is not None, (seed, made.diagnostics)
    ended = emulation.emulate(machine.start(made.program), STEPS, lambda _: True)
    if ended.report is not None and ended.report.trap in TOO_MUCH:
        return None
    assert ended.report is None, (seed, ended.report)
    return bytes(ended.machine.printer.rolls[0]).decode()


def compared(seeds: range, folder: Path) -> tuple[list[int], int]:
    """Give the seeds with a difference, and how many could be compared."""
    ours = {seed: by_us(seed) for seed in seeds}
    theirs = by_ghc(seeds, folder)
    wrong = [seed for seed in seeds if ours[seed] not in (None, theirs[seed])]
    return wrong, sum(one is not None for one in ours.values())


def test_the_same_seed_gives_the_same_program() -> None:
    assert Generator(7).program() == Generator(7).program() != Generator(8).program()


@needs_ghc
def test_some_random_programs_do_what_ghc_has_them_do(tmp_path: Path) -> None:
    wrong, ran = compared(range(BATCH), tmp_path)
    assert wrong == []
    assert ran > BATCH / 2


@pytest.mark.deep
@pytest.mark.timeout(7200)
@needs_ghc
@pytest.mark.parametrize("first", range(DEEP_FIRST, DEEP_FIRST + DEEP_COUNT, TOGETHER))
def test_many_random_programs_do_what_ghc_has_them_do(first: int, tmp_path: Path) -> None:
    assert compared(range(first, first + TOGETHER), tmp_path)[0] == []
