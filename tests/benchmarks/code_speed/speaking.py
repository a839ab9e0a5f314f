"""The same loop in each language: how fast the Engine takes it, beside the host's own implementation."""

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from job_costs.figures import Figure, unmeasured

from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends import languages, translation
from core.workloads.code.native import survey
from core.workloads.code.native.toolchains.base import Toolchain

STEPS = 100_000_000
N = 20_000
"""How far the sum of remainders goes."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A program that prints the sum of i * i mod 7 for i from 1 to N, where `{n}` stands for N."""

    language: str
    source: str

    def program(self) -> str:
        """Give the program."""
        return self.source.replace("{n}", str(N))


PROGRAMS = [
    Spoken(
        "c",
        "#include <stdio.h>\nint main(void) {\n    long sum = 0;\n    for (long i = 1; i <= {n}; i++)\n"
        '        sum += i * i % 7;\n    printf("%ld\\n", sum);\n    return 0;\n}\n',
    ),
    Spoken("python", "total = 0\nfor i in range(1, {n} + 1):\n    total += i * i % 7\nprint(total)\n"),
    Spoken(
        "java",
        "class Main {\n    public static void main(String[] args) {\n        long sum = 0;\n"
        "        for (long i = 1; i <= {n}; i++) sum += i * i % 7;\n        System.out.println(sum);\n    }\n}\n",
    ),
    Spoken(
        "haskell",
        "run :: Int -> Int -> Int\nrun sum i\n  | i > {n} = sum\n  | otherwise = run (sum + i * i `mod` 7) (i + 1)\n\n"
        "main :: IO ()\nmain = print (run 0 1)\n",
    ),
    Spoken(
        "lisp",
        "(let run ((sum 0) (i 1))\n  (if (> i {n}) (begin (display sum) (newline))\n"
        "      (run (+ sum (modulo (* i i) 7)) (+ i 1))))\n",
    ),
    Spoken(
        "idris",
        "run : Nat -> Integer -> Integer -> Integer\nrun Z sum i = sum\n"
        "run (S k) sum i = run k (sum + (i * i) `mod` 7) (i + 1)\n\nmain : IO ()\nmain = printLn (run {n} 0 1)\n",
    ),
    Spoken(
        "system-f",
        "run = letrec f:Nat->Nat->Nat = lambda sum:Nat. lambda i:Nat.\n"
        "  if less {n} i then sum else f (plus sum (mod (times i i) 7)) (succ i) in f;\nrun 0 1;\n",
    ),
]


def figures() -> Iterator[Figure]:
    """Run each once here and, where it can be, on the host; the whole process is timed there, without compiling."""
    expected = str(sum(i * i % 7 for i in range(1, N + 1)))
    for spoken in PROGRAMS:
        name = f"{N:,} steps of a loop in {spoken.language}"
        translated = translation.translate(languages.find(spoken.language), spoken.program())
        if translated.program is None:
            yield unmeasured(name, translated.diagnostics[0].message)
            continue
        began = time.process_time()
        ended = emulation.emulate(machine.start(translated.program), STEPS, lambda _: True)
        seconds = time.process_time() - began
        right = expected in re.findall(r"\d+", bytes(ended.machine.printer.rolls[0]).decode())
        told = f"{ended.machine.steps / 1e6:.2f} M cards, {seconds * 1e3:.0f} ms"
        yield Figure(name, "the right sum", told, peer=_on_host(spoken, expected), met=right)


def _on_host(spoken: Spoken, expected: str) -> str:
    toolchain = survey.find_toolchains().get(spoken.language)
    program = toolchain.find() if toolchain else None
    if toolchain is None or program is None:
        return "no implementation here"
    with tempfile.TemporaryDirectory() as folder:
        seconds, printed = _timed(toolchain, program, spoken.program(), Path(folder))
    assert expected in printed, printed
    return f"{toolchain.title}: {seconds * 1e3:.0f} ms"


def _timed(toolchain: Toolchain, program: str, source: str, folder: Path) -> tuple[float, str]:
    words = {"program": program, "folder": str(Path(program).parent), "name": toolchain.naming(source)}
    words["memory_mib"] = "256"
    (folder / toolchain.source.format(**words)).write_text(source)
    argvs = [
        [word.format(**words).replace("/box", str(folder)) for word in template]
        for template in (toolchain.compiling, toolchain.running)
    ]
    if argvs[0]:
        subprocess.run(argvs[0], cwd=folder, check=True, capture_output=True)
    argvs[1][0] = str(folder / argvs[1][0]) if argvs[1][0].startswith("./") else argvs[1][0]
    began = time.perf_counter()
    ran = subprocess.run(argvs[1], cwd=folder, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, ran.stdout
