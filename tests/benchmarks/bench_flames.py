"""`penstock bench flames`: flame graphs of all processes under load, as text.

Each part of the platform is kept busy with jobs that do nothing, then a worker's children with each workload's own
example; py-spy samples them from outside. The graphs are written to `docs/flames`, or where `--into` says.
"""

import argparse
import contextlib
import itertools
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from flames.drawing import page
from flames.recording import Recorder, Stacks
from job_costs import processes
from job_costs.bed import CHECKOUT, Bed, laid
from scale.slopes import Platform, platform, worker_command

from core.catalogue import discover

SECONDS, QUICK_SECONDS = 15, 3
WORKLOADS = {
    "windows": "windows.generate",
    "causal": "causal.resample",
    "federated": "federated.round",
    "metalearning": "metalearning.tune",
    "pumping": "pumping.optimize",
    "simulation": "simulation.compare",
    "customers": "customers.import_events",
    "code": "code.run",
}
"""For each workload the kind whose example stands for it."""
JOBS_AT_ONCE = 8


def main(argv: Sequence[str] | None = None) -> int:
    """Record, write one file a part, and tell where they are; 0 when all could be recorded."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, _interrupt)  # the servers are taken down as by Ctrl-C
    options.into.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="penstock-bench-") as root,
        laid(Path(root), peers=options.peers, quick=options.quick, history=0) as bed,
        platform(bed) as running,
        _all_queues(bed) as worker,
    ):
        recorder = Recorder(options.peers, Path(root))
        for name, parts in _recorded(recorder, running, worker, options):
            (options.into / f"{name}.txt").write_text(page(name, parts, _heading(options)))
            print(options.into / f"{name}.txt", flush=True)  # noqa: T201 - a benchmark tells where its results are
    return 0


def _recorded(
    recorder: Recorder, running: Platform, worker: int, options: argparse.Namespace
) -> Iterator[tuple[str, Mapping[str, Stacks]]]:
    seconds = QUICK_SECONDS if options.quick else SECONDS
    parts = {"web": running.web, "relay": running.relay, "worker": running.worker}
    asked = options.only or ["submitting", "polling", *WORKLOADS]
    if "submitting" in asked:
        yield "submitting", recorder.record(parts, seconds, lambda: running.submit(20))
    if "polling" in asked:
        yield "polling", recorder.record({"web": running.web}, seconds, lambda: running.poll(100))
    for name in [each for each in WORKLOADS if each in asked]:
        kind = WORKLOADS[name]
        work = _examples(running, kind)
        work()
        at_it = running.worker if discover().find(kind).queue == "default" else worker
        yield name, recorder.record({f"worker, {kind}": at_it}, seconds, work)


def _examples(running: Platform, kind: str) -> Callable[[], None]:
    """Return what submits some jobs of a kind's example and waits for their end, each with a seed of its own."""
    example, numbers = discover().find(kind).example, itertools.count()

    def work() -> None:
        params = {**example, "seed": next(numbers)} if "seed" in example else example
        running.submit(JOBS_AT_ONCE, json.dumps({"kind": kind, "params": params}).encode())

    return work


@contextlib.contextmanager
def _all_queues(bed: Bed) -> Iterator[int]:
    """Run a worker for what computes; yield its process."""
    ready = bed.root / "computing.ready"
    environ = {**bed.environ, "PENSTOCK_READY_FILE": str(ready)}
    argv = worker_command("computing", 2, "science,sandbox,io")
    with processes.started(argv, environ=environ, cwd=CHECKOUT, log=bed.log("computing")) as process:
        processes.await_that(ready.exists, "the worker for computations is ready")
        yield process.pid


def _heading(options: argparse.Namespace) -> list[str]:
    seconds = QUICK_SECONDS if options.quick else SECONDS
    return [
        f"{os.cpu_count()} cores, {datetime.now(UTC):%d %B %Y}, {seconds} s each, threads that wait left out.",
        "First the functions that were running themselves, then who called whom; frames of libraries that only hand on",
        "are left out, and whatever has less than 2 %.",
    ]


def _interrupt(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench flames", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS} s each, not {SECONDS}")
    parser.add_argument("--only", action="append", choices=["submitting", "polling", *WORKLOADS])
    parser.add_argument("--into", type=Path, default=CHECKOUT / "docs" / "flames", help="folder of the graphs")
    parser.add_argument(
        "--peers",
        type=Path,
        default=os.environ.get("PENSTOCK_BENCH_PEERS"),
        help="Python with requirements-flames.lock installed",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
