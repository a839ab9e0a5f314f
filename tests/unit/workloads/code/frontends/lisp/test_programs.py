"""Programs staged by feature: what Guile prints is what ours print, wherever they run."""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.frontends.lisp.library import LIBRARY
from core.workloads.code.frontends.lisp.unit import translate
from core.workloads.code.native.toolchains.guile import TOOLCHAIN
from tests.unit.workloads.code.frontends.running import Ran, outcomes
from tests.unit.workloads.code.frontends.staged import Staged, features, staged

FEATURES = features("lisp")
EVERY = 9
"""The suite runs so many-th of the programs, and of these one of each feature wherever it can run."""


def told(ran: Ran) -> tuple[str, str]:
    return ran[0], "error" if ran[2] else "ok"


def run_everywhere(one: Staged, registers: tuple[int, ...], *, interpret: bool) -> None:
    module = translate(one.source).module
    assert module is not None, one
    for where, ran in outcomes(module, LIBRARY, one.stdin.encode(), registers, interpret=interpret):
        assert told(ran) == (one.stdout, one.end), (str(one), where)


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert sum(len(staged(path)) for path in FEATURES) >= 200


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_programs_do_what_guile_has_them_do(path: Path) -> None:
    for number, one in enumerate(staged(path)[::EVERY]):
        thorough = number == 0 and path.stem not in ("tail-calls", "memory")
        run_everywhere(one, (2, 0) if thorough else (4,), interpret=thorough)


@pytest.mark.deep
@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_programs_do_the_same_with_any_number_of_registers(path: Path) -> None:
    for one in staged(path):
        run_everywhere(one, (4, 3, 2, 0), interpret=True)


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("guile") is None, reason="guile is not installed")
@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_guile_still_says_so(path: Path, tmp_path: Path) -> None:
    source = tmp_path / "main.scm"
    command = [one.format(program="guile") for one in TOOLCHAIN.running]
    command[-1] = command[-1].replace("/box/main.scm", str(source))
    for one in staged(path):
        source.write_text(one.source)
        ran = subprocess.run(command, input=one.stdin.encode(), capture_output=True, check=False, timeout=60)
        assert (ran.stdout.decode(), "error" if ran.returncode else "ok") == (one.stdout, one.end), str(one)
