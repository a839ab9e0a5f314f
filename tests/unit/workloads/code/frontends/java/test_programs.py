"""Programs staged by feature: what the Java virtual machine has them do is what they do here, wherever they run."""

import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.frontends.java.library import LIBRARY
from core.workloads.code.frontends.java.unit import translate
from tests.unit.workloads.code.frontends.running import Ran, outcomes
from tests.unit.workloads.code.frontends.staged import Staged, features, staged

FEATURES = features("java")
EVERY = 9
"""The suite runs so many-th of the programs, and of these one of each feature wherever it can run."""
UNCAUGHT = 'Exception in thread "main" '


def told(stdout: str, stderr: str, ended: object) -> tuple[str, str]:
    """Give what was printed, and `ok` or the class of the exception that nothing caught."""
    if not stderr.startswith(UNCAUGHT):
        return stdout, "ok" if ended is None else str(ended)
    return stdout, stderr.removeprefix(UNCAUGHT).splitlines()[0].partition(":")[0]


def run_everywhere(one: Staged, registers: tuple[int, ...], *, interpret: bool) -> None:
    module = translate(one.source).module
    assert module is not None, one
    ran: Ran
    for where, ran in outcomes(module, LIBRARY, one.stdin.encode(), registers, interpret=interpret):
        assert told(*ran) == (one.stdout, one.end), (str(one), where)


def test_there_are_as_many_programs_as_there_should_be() -> None:
    assert sum(len(staged(path)) for path in FEATURES) >= 150


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_programs_do_what_the_virtual_machine_has_them_do(path: Path) -> None:
    for number, one in enumerate(staged(path)[::EVERY]):
        thorough = number == 0 and path.stem not in ("memory", "collections", "input")
        run_everywhere(one, (2, 0) if thorough else (4,), interpret=thorough)


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_programs_do_the_same_with_any_number_of_registers(path: Path) -> None:
    for one in staged(path):
        run_everywhere(one, (4, 3, 2, 0), interpret=True)


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("javac") is None, reason="there is no JDK on this host")
@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.stem)
def test_java_still_says_so(path: Path, tmp_path: Path) -> None:
    for one in staged(path):
        (tmp_path / "Main.java").write_text(one.source)
        subprocess.run(["javac", "-nowarn", "Main.java"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
        command = ["java", "-Dfile.encoding=UTF-8", "-cp", str(tmp_path), "Main"]
        ran = subprocess.run(command, input=one.stdin.encode(), capture_output=True, check=False, timeout=60)
        ended = ran.returncode or None
        assert told(ran.stdout.decode(), ran.stderr.decode(), ended) == (one.stdout, one.end), str(one)


def test_note_g_gives_the_number_that_lovelace_calls_b7() -> None:
    (note_g,) = (one for path in FEATURES for one in staged(path) if "B7 = " in one.stdout)
    assert note_g.stdout == "B1 = 1/6\nB3 = -1/30\nB5 = 1/42\nB7 = -1/30\n"
    run_everywhere(note_g, (4,), interpret=False)
