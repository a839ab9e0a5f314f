"""How many programs come out right: those staged by feature, and the shared exercises, on the Engine."""

import sys
from collections.abc import Iterator
from pathlib import Path

from job_costs.figures import Figure, Target

from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends.languages import find

_CHECKOUT = Path(__file__).parents[3]
sys.path.insert(0, str(_CHECKOUT))  # the programs and their cases lie with the tests that run them, too

from tests.unit.workloads.code.exercism.posing import FOLDER, cases, exercises  # noqa: E402 - the line above
from tests.unit.workloads.code.frontends.haskell import test_programs as haskell  # noqa: E402 - the same
from tests.unit.workloads.code.frontends.idris import test_programs as idris  # noqa: E402 - the same
from tests.unit.workloads.code.frontends.java.test_programs import UNCAUGHT  # noqa: E402 - the same
from tests.unit.workloads.code.frontends.staged import Staged, features, staged  # noqa: E402 - the same
from tests.unit.workloads.code.frontends.system_f import test_programs as system_f  # noqa: E402 - the same

STAGED = _CHECKOUT / "tests" / "unit" / "workloads" / "code" / "frontends"
LANGUAGES = {"c": "C", "python": "Python"}
STAGED_BY_FILE = {"lisp": "Lisp", "java": "Java"}
"""Languages whose programs lie many in a file."""
SHARE = 0.95
STEPS = 100_000_000
"""The largest case, the 10,001st prime in Python, takes 52 million cards."""


def figures() -> Iterator[Figure]:
    """Run everything once; a wrong answer fails the row, a refusal counts against its share."""
    for language, title in STAGED_BY_FILE.items():
        for path in features(language):
            yield _row(f"{title}, {path.stem}", [_staged_in_file(language, one) for one in staged(path)])
    yield _row("Haskell, programs", [_line("haskell", *haskell.taken(line)) for line in haskell.LINES])
    yield _row("Idris, programs", [_line("idris", *idris.taken(line)) for line in idris.LINES])
    every = [(system_f.whole(source), b"", f"{shown}\n") for source, shown in system_f.PROGRAMS]
    yield _row("System F, programs", [_line("system-f", *one) for one in every])
    for language, title in LANGUAGES.items():
        for feature in sorted((STAGED / language / "programs").iterdir()):
            paths = sorted(feature.glob(f"*.{language}"))
            yield _row(f"{title}, {feature.name}", [_staged(path) for path in paths])
        rights = [right for name in exercises() for right in _exercise(language, name)]
        yield _row(f"{title}, shared exercises, cases", rights)


def _row(name: str, rights: list[bool | None]) -> Figure:
    right, wrong = rights.count(True), rights.count(False)
    told = f"{right} of {len(rights)} right, {wrong} wrong, {rights.count(None)} refused"
    target = Target(at_least=SHARE)
    return Figure(name, f">= {SHARE:.0%}, none wrong", told, met=bool(target.met(right / len(rights))) and not wrong)


def _staged(path: Path) -> bool | None:
    given = path.with_suffix(".in")
    word = b"exit " if path.suffix == ".c" else b"end "
    printed, _, end = path.with_suffix(".out").read_bytes().rpartition(word)
    ran = _ran(path, given.read_bytes() if given.exists() else b"")
    return None if ran is None else ran == (printed, end.strip().decode())


def _staged_in_file(language: str, one: Staged) -> bool | None:
    program = find(language).translate(one.source).program
    if program is None:
        return None
    ended = emulation.emulate(machine.start(program, stdin=one.stdin.encode()), STEPS, lambda _: True)
    stopped = ended.report is not None or bool(ended.machine.exit_value)
    printed, told = (bytes(roll).decode() for roll in ended.machine.printer.rolls)
    how = "error" if stopped else "ok"
    if told.startswith(UNCAUGHT):
        how = told.removeprefix(UNCAUGHT).splitlines()[0].partition(":")[0]
    return (printed, how) == (one.stdout, one.end)


def _line(language: str, source: str, given: bytes, output: str) -> bool | None:
    """Run a program that lies in a line; what System F prints before its last line is not compared."""
    program = find(language).translate(source).program
    if program is None:
        return None
    ended = emulation.emulate(machine.start(program, stdin=given), STEPS, lambda _: True)
    printed = bytes(ended.machine.printer.rolls[0]).decode()
    if language == "system-f":
        printed = "".join(printed.splitlines(keepends=True)[-1:])
    return ended.report is None and printed == output


def _exercise(language: str, name: str) -> Iterator[bool | None]:
    well = {"c": "0", "python": "ok"}[language]
    for case in cases(name):
        ran = _ran(FOLDER / language / f"{name}.{language}", case.stdin.encode())
        yield None if ran is None else (ran[0].strip(), ran[1]) == (case.expected.encode(), well)


def _ran(path: Path, stdin: bytes) -> tuple[bytes, str] | None:
    """Return what a program printed and how it ended; None where it is refused.

    C ends with its exit code, -1 after a trap; Python with `ok`, or the class of what nothing caught.
    """
    language = path.suffix[1:]
    program = find(language).translate(path.read_text()).program
    if program is None:
        return None
    ended = emulation.emulate(machine.start(program, stdin=stdin), STEPS, lambda _: True)
    stdout, stderr = (bytes(roll) for roll in ended.machine.printer.rolls)
    if language == "c":
        return stdout, str(-1 if ended.report else ended.machine.exit_value)
    return stdout, stderr.decode().strip().rpartition("\n")[2].partition(":")[0] if ended.report else "ok"
