"""The Engine's speed: the fast emulation beside the traced and a naive interpreter, and the Fourmilab emulator."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from job_costs.figures import Figure, Target, absolute, compared

from code_speed import fourmilab, naive, programs
from core.workloads.code.engine.cards import Program
from core.workloads.code.engine.emulation import emulate
from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.engine.machine import Machine, start
from core.workloads.code.frontends.assembly.front_end import FRONT_END

ENDLESS = 10**12
ROWS = (
    ("loop in registers", programs.LOOP, 1_000_000, Target(at_least=10.0, unit="M/s")),
    ("loop over variables", programs.VARIABLES, 500_000, Target(at_least=10.0, unit="M/s")),
    ("calls (Fibonacci)", programs.CALLS, 24, Target(at_least=8.0, unit="M/s")),
    ("indexed access (sieve)", programs.SIEVE, 80, Target(at_least=8.0, unit="M/s")),
    ("40-digit products and remainders", programs.LONG_NUMBERS, 300_000, Target(unit="M/s")),
)
SHARE = 8
"""The slower peers run so much less of a loop."""
TRACED = Target(at_least=3.0)
FOURMILAB = Target(at_least=5.0)


def figures(rounds: int, sources: Path | None) -> Iterator[Figure]:
    """Measure all rows; rates are millions of cards a processor second."""
    for name, source, size, target in ROWS:
        small = size - 5 if source == programs.CALLS else size // SHARE
        long, short = (assembled(source.format(rounds=count)) for count in (size, small))
        fast, traced, plain = [], [], []
        for _ in range(rounds):
            fast.append(rate(partial(run_fast, long)))
            traced.append(rate(partial(run_traced, short)))
            plain.append(rate(partial(naive.run, short)))
        yield absolute(f"{name}, M cards/s", target, sorted(fast)[rounds // 2])
        yield compared(f"{name}: fast emulation", TRACED, fast, traced, peer="traced interpreter", unit="M/s")
        yield compared(f"{name}: fast emulation", Target(), fast, plain, peer="naive interpreter", unit="M/s")
    yield fourmilab.figure(rounds, sources, FOURMILAB, lambda: rate(lambda: run_fast(_deck(200_000))))


def assembled(source: str) -> Program:
    """Assemble a program of the benchmark."""
    program = FRONT_END.translate(source).program
    assert program is not None
    return program


def rate(run: Callable[[], int]) -> float:
    """Return how many millions of cards a run executes in a second of this process's time."""
    began = time.process_time()
    cards = run()
    return cards / (time.process_time() - began) / 1e6


def run_fast(program: Program) -> int:
    """Run by the fast emulation, rewriting and compiling included; returns the cards executed."""
    ended = emulate(start(program), ENDLESS, _go_on)
    assert ended.report is None, ended.report
    return ended.machine.steps


def run_traced(program: Program) -> int:
    """Run by the traced interpreter."""
    machine = start(program)
    report = Interpreter(machine).run(ENDLESS)
    assert report is None, report
    return machine.steps


def _deck(rounds: int) -> Program:
    return assembled(programs.DECK.format(rounds=rounds))


def _go_on(_machine: Machine) -> bool:
    return True
