"""Random programs: what GHC has them print, ours print."""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.frontends.haskell.front_end import FRONT_END
from tests.unit.workloads.code.frontends.haskell.generating import HEAD, SHARED, Generator
from tests.unit.workloads.code.frontends.random_programs import MARK, by_seed, by_us

BATCH = 8
DEEP_FIRST, DEEP_COUNT, TOGETHER = 1000, 2000, 100
needs_ghc = pytest.mark.skipif(shutil.which("ghc") is None, reason="GHC is not installed here")


def by_ghc(seeds: range, folder: Path) -> dict[int, str]:
    """Compile the programs of all seeds as one, and give what each printed."""
    programs = "\n".join(Generator(seed).program() for seed in seeds)
    calls = "".join(f'  putStrLn "{MARK}{seed}"\n  run{seed}\n' for seed in seeds)
    (folder / "main.hs").write_text(f"{HEAD}{SHARED}\n{programs}\nmain :: IO ()\nmain = do\n{calls}")
    subprocess.run(["ghc", "-v0", "-w", "-O0", "main.hs"], cwd=folder, check=True)
    printed = subprocess.run([folder / "main"], capture_output=True, check=True, text=True, timeout=60).stdout
    return by_seed(printed)


def source(seed: int) -> str:
    """Write the program of one seed, to be run alone."""
    return f"{HEAD}{SHARED}\n{Generator(seed).program()}\nmain :: IO ()\nmain = run{seed}\n"


def compared(seeds: range, folder: Path) -> tuple[list[int], int]:
    """Give the seeds with a difference, and how many could be compared."""
    ours = {seed: by_us(FRONT_END, source(seed)) for seed in seeds}
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
