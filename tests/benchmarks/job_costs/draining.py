"""The cost of a no-op job to its workers, and how many of them pass in a second, beside every peer."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from job_costs import side
from job_costs.bed import Bed
from job_costs.figures import Figure, Target, compared, unmeasured
from job_costs.processes import NotReady
from job_costs.side import Drained, Setup, Side

OURS = "Penstock"
CPU_TARGETS = {"Celery + database results": Target(at_most=0.6), "Celery + redis results": Target(at_most=1.2)}
SETUPS: dict[str, Callable[[Bed], Setup]] = {
    OURS: side.penstock,
    "Celery + database results": lambda bed: side.celery(bed, results="database"),
    "Celery + redis results": lambda bed: side.celery(bed, results="redis"),
    "Procrastinate": side.procrastinate,
    "RQ": side.rq,
    "Dramatiq": side.dramatiq,
}


def measure(bed: Bed) -> list[Figure]:
    """Drain the same number of jobs on each side in turn, several rounds."""
    with contextlib.ExitStack() as stack:
        sides, missing = _start(bed, stack)
        drained = _rounds(sides, jobs=300 if bed.quick else 2000, rounds=3 if bed.quick else 5)
    return [*_figures(drained), *missing]


def _start(bed: Bed, stack: contextlib.ExitStack) -> tuple[dict[str, Side], list[Figure]]:
    sides, missing = {}, []
    for name, setup in SETUPS.items():
        try:
            sides[name] = stack.enter_context(side.at_work(bed, setup(bed)))
        except NotReady as reason:
            missing.append(unmeasured(f"no-op jobs beside {name}", str(reason)))
    return sides, missing


def _rounds(sides: dict[str, Side], *, jobs: int, rounds: int) -> dict[str, list[Drained]]:
    """Let every side begin a round once: who comes first must not always be the same."""
    drained: dict[str, list[Drained]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds):
        turn = number % len(names)
        for name in (*names[turn:], *names[:turn]):
            drained[name].append(sides[name].drain(jobs))
    return drained


def _figures(drained: dict[str, Sequence[Drained]] | dict[str, list[Drained]]) -> Iterator[Figure]:
    if OURS not in drained:
        return
    peers = [name for name in drained if name != OURS]
    cpu = {name: [one.cpu_s / one.jobs for one in ones] for name, ones in drained.items()}
    rate = {name: [one.jobs / one.seconds for one in ones] for name, ones in drained.items()}
    for name in peers:
        target = CPU_TARGETS.get(name, Target())
        label = "worker + relay CPU of a no-op job"
        yield compared(label, target, cpu[OURS], cpu[name], peer=name, unit="ms", scale=1000.0)
    for name in peers:
        target = Target() if name == "Celery + redis results" else Target(at_least=1.0)
        yield compared("no-op jobs end to end", target, rate[OURS], rate[name], peer=name, unit="/s")
