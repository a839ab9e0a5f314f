"""Random programs: what Guile has them write, ours write."""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.frontends.lisp.library import LIBRARY
from core.workloads.code.frontends.lisp.unit import translate
from core.workloads.code.native.toolchains.guile import TOOLCHAIN
from tests.unit.workloads.code.frontends.lisp.generating import Generator
from tests.unit.workloads.code.frontends.running import interpreted

BATCH = 12
DEEP_FIRST, DEEP_COUNT, TOGETHER = 1000, 1000, 100
needs_guile = pytest.mark.skipif(shutil.which("guile") is None, reason="guile is not installed")


def test_the_same_seed_gives_the_same_program() -> None:
    assert Generator(7).program() == Generator(7).program() != Generator(8).program()


def compared(seeds: range, folder: Path) -> tuple[list[int], int]:
    """Give the seeds with a difference, and how many could be compared."""
    source = folder / "main.scm"
    command = [one.format(program="guile") for one in TOOLCHAIN.running]
    command[-1] = command[-1].replace("/box/main.scm", str(source))
    wrong, count = [], 0
    for seed in seeds:
        program = Generator(seed).program()
        source.write_text(program)
        module = translate(program).module
        assert module is not None, seed
        LIBRARY.link(module)
        stdout, stderr, end = interpreted(module, b"")
        if "50 digits" in stderr or end in ("overflow", "heap", "stack"):
            continue
        count += 1
        ran = subprocess.run(command, capture_output=True, check=False, timeout=60)
        if (stdout, bool(end)) != (ran.stdout.decode(), bool(ran.returncode)):
            wrong.append(seed)
    return wrong, count


@needs_guile
def test_some_random_programs_write_what_guile_has_them_write(tmp_path: Path) -> None:
    wrong, count = compared(range(BATCH), tmp_path)
    assert wrong == []
    assert count > BATCH / 2


@pytest.mark.deep
@pytest.mark.timeout(7200)
@needs_guile
@pytest.mark.parametrize("first", range(DEEP_FIRST, DEEP_FIRST + DEEP_COUNT, TOGETHER))
def test_many_random_programs_write_what_guile_has_them_write(first: int, tmp_path: Path) -> None:
    wrong, count = compared(range(first, first + TOGETHER), tmp_path)
    assert wrong == []
    assert count > TOGETHER * 0.8
