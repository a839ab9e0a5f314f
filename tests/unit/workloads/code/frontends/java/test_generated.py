"""Random programs: what the Java virtual machine has them print, ours print."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.workloads.code.frontends.java.front_end import FRONT_END
from tests.unit.workloads.code.frontends.java.generating import Generator
from tests.unit.workloads.code.frontends.random_programs import MARK, by_seed, by_us

BATCH = 8
DEEP_FIRST, DEEP_COUNT, TOGETHER = 1000, 2000, 100
MAIN = "class Main {{\n    public static void main(String[] args) {{\n{}    }}\n}}\n"
needs_jdk = pytest.mark.skipif(shutil.which("javac") is None, reason="there is no JDK on this host")
_DOUBLE = re.compile(r"-?\d+\.\d+(?:[eE]-?\d+)?")


def by_java(seeds: range, folder: Path) -> dict[int, str]:
    """Compile the programs of all seeds as one, and give what each printed."""
    calls = "".join(f'        System.out.println("{MARK}{seed}"); P{seed}.run();\n' for seed in seeds)
    (folder / "Main.java").write_text(MAIN.format(calls) + "".join(Generator(seed).program() for seed in seeds))
    subprocess.run(["javac", "-nowarn", "Main.java"], cwd=folder, check=True)
    command = ["java", "-Dfile.encoding=UTF-8", "-cp", str(folder), "Main"]
    printed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    return by_seed(printed)


def source(seed: int) -> str:
    """Write the program of one seed, to be run alone."""
    return MAIN.format(f"        P{seed}.run();\n") + Generator(seed).program()


def alike(printed: str) -> str:
    """Write doubles by their value: before JDK 19 some had a digit too many."""
    return _DOUBLE.sub(lambda found: repr(float(found[0])), printed)


def compared(seeds: range, folder: Path) -> tuple[list[int], int]:
    """Give the seeds with a difference, and how many could be compared."""
    ours = {seed: by_us(FRONT_END, source(seed)) for seed in seeds}
    theirs = by_java(seeds, folder)
    ran = {seed: printed for seed, printed in ours.items() if printed is not None}
    return [seed for seed, printed in ran.items() if alike(printed) != alike(theirs[seed])], len(ran)


def test_the_same_seed_gives_the_same_program() -> None:
    assert Generator(7).program() == Generator(7).program() != Generator(8).program()


@needs_jdk
def test_some_random_programs_do_what_the_virtual_machine_has_them_do(tmp_path: Path) -> None:
    wrong, ran = compared(range(BATCH), tmp_path)
    assert wrong == []
    assert ran > BATCH / 2


@pytest.mark.deep
@pytest.mark.timeout(7200)
@needs_jdk
@pytest.mark.parametrize("first", range(DEEP_FIRST, DEEP_FIRST + DEEP_COUNT, TOGETHER))
def test_many_random_programs_do_what_the_virtual_machine_has_them_do(first: int, tmp_path: Path) -> None:
    assert compared(range(first, first + TOGETHER), tmp_path)[0] == []
