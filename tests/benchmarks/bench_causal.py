"""`penstock bench causal`: accuracy and speed of causal discovery beside tigramite, lingam and statsmodels.

./penstock bench causal            every figure; peers' answers are kept in the cache folder, so that it can be resumed,
                                   and peers are installed only when they are asked for something new
./penstock bench causal --quick    five windows of each family, without peers' bootstraps, without the large window
./penstock bench causal verdicts   how often each verdict and stated confidence was right: fifty windows of each family,
                                   or of those that --families names
./penstock bench causal streams    false edges of streams with seasons and trends that nobody tells of
"""

import argparse
import os
import resource
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from causal_figures import accuracy, public, speed, streams, verdicts
from causal_figures.accuracy import Tally
from causal_figures.families import FAMILIES
from causal_figures.peers import METHODS, Peers
from job_costs.figures import Figure, Target, absolute, compared, unmeasured
from job_costs.reporting import report

from webapp.cli import _peers

PARTS = ("speed", "accuracy", "public")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; 0 when every target is met."""
    options = _options(argv)
    if options.parts and options.parts[0] in TABLES:
        print("\n".join(TABLES[options.parts[0]](options.windows, options.families)))  # noqa: T201 - the answer of a command
        return 0
    peers = Peers(_finding(options.peers), Path(options.cache)) if options.peers != "" else None
    windows = options.windows or (5 if options.quick else 20)
    parts = {
        "speed": lambda: _speed(peers, quick=options.quick),
        "accuracy": lambda: _accuracy(peers, options.families or list(FAMILIES), windows),
        "public": _public,
    }
    figures = [figure for part in options.parts or PARTS for figure in parts[part]()]
    report(figures, {"windows a family": windows, "first seed": accuracy.FIRST_SEED}, as_json=options.json)
    return int(any(figure.met is False for figure in figures))


def _finding(told: str | None) -> Callable[[], str]:
    """Return what finds the peers' python; they are installed when one is asked, and only then."""
    own = os.environ.get(_peers.VARIABLE)
    given, lock = told or own, _peers.lock_of("causal")
    assert lock is not None
    return lambda: given or str(_peers.interpreter(lock))


def _verdicts(windows: int | None, families: Sequence[str] | None) -> Iterator[str]:
    return verdicts.tables(verdicts.measure(accuracy.FIRST_SEED, windows or 50, families, _told))


def _streams(seeds: int | None, _families: Sequence[str] | None) -> Iterator[str]:
    return streams.table(accuracy.FIRST_SEED, seeds or 5)


TABLES: dict[str, Callable[[int | None, Sequence[str] | None], Iterator[str]]] = {
    "verdicts": _verdicts,
    "streams": _streams,
}
"""Tables without targets, each asked for alone."""


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - progress


def _speed(peers: Peers | None, *, quick: bool) -> Iterator[Figure]:
    ours, loop = speed.discovery_cpu_s(5), speed.loop_cpu_s(5)
    yield absolute(
        "1,000 half-samples, 10 x 1000 x 2 lags, CPU", Target(at_most=0.1, unit="s"), statistics.median(ours)
    )
    yield compared("a plain loop's time to ours", Target(at_least=8.0), loop, ours, peer="ours", unit="s")
    if peers is not None and not quick:
        for method, cpu_s in speed.peers_cpu_s(peers).items():
            what = f"{method}'s 1,000 resamples (reckoned from {speed.ASKED}) to ours"
            yield compared(what, Target(at_least=5_000.0), [cpu_s], [statistics.median(ours)], peer="ours", unit="s")
    if not quick:
        cpu_s = speed.scale_cpu_s()
        yield absolute("200 x 5,000 x 5 lags, CPU", Target(at_most=60.0, unit="s"), cpu_s)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield absolute("the same, memory", Target(at_most=1024.0, unit="MiB"), peak)
    update_s, difference = speed.online_figures()
    yield absolute("online update, 100 x 32 x 2 lags, CPU", Target(at_most=5.0, unit="ms"), 1000.0 * update_s)
    yield absolute("the same, difference to the batch", Target(at_most=1e-9, unit=""), difference)


def _accuracy(peers: Peers | None, families: Sequence[str], windows: int) -> Iterator[Figure]:
    methods = METHODS if peers is not None else ()
    tallies, own = accuracy.compare(peers, families, windows, methods, _told)
    for family, by_method in tallies.items():
        yield from _of_family(family, by_method)
    means = {name: float(np.mean([np.mean(one[name].f1) for one in tallies.values()])) for name in ("ours", *methods)}
    yield _beside("F1, mean over families", means)
    true, turned = sum(one.true for one in own.values()), sum(one.reversed for one in own.values())
    yield absolute("reversed edges accepted, of true ones", Target(at_most=0.01, unit=""), turned / true)
    for family, one in own.items():
        if one.covered:
            target = Target(at_least=0.92, at_most=0.97, unit="")
            yield absolute(f"coverage of 95 % intervals, {family}", target, float(np.mean(one.covered)))
    for family, share in accuracy.quiet(2 * windows).items():
        yield absolute(f"windows of {family} without an accepted edge", Target(at_least=0.95, unit=""), share)


def _of_family(family: str, tallies: dict[str, Tally]) -> Iterator[Figure]:
    yield _beside(f"F1, {family}", {name: float(np.mean(one.f1)) for name, one in tallies.items()})
    fdr = {name: float(np.mean(one.fdr)) for name, one in tallies.items()}
    others = ", ".join(f"{name} {value:.3f}" for name, value in fdr.items() if name != "ours")
    target = Target(at_most=0.05, unit="")
    yield Figure(f"FDR, {family}", target.written(), f"{fdr['ours']:.3f}", others or "-", met=target.met(fdr["ours"]))


def _beside(name: str, values: dict[str, float]) -> Figure:
    """Judge a figure that has to be at least the best peer's."""
    peers = {method: value for method, value in values.items() if method != "ours"}
    told = ", ".join(f"{method} {value:.3f}" for method, value in peers.items())
    met = values["ours"] >= max(peers.values()) if peers else None
    return Figure(name, ">= best peer", f"{values['ours']:.3f}", told or "-", met=met)


def _public() -> Iterator[Figure]:
    if not public.FOLDER.is_dir():
        yield unmeasured("public data", f"there is no {public.FOLDER}")
        return
    for name, least in public.SETS.items():
        for tuned, figures in sorted(public.measure(name).items()):
            kept = "seen by tuning" if tuned else "kept apart"
            mean_auroc, mean_f1, cpu_s = np.mean(figures, axis=0)
            what = f"{name}, AUROC of {len(figures)} {kept}"
            target = Target(at_least=least, unit="")
            told = f"{mean_auroc:.3f} (F1 {mean_f1:.3f}, {cpu_s:.2f} s each)"
            yield Figure(what, target.written(), told, met=target.met(float(mean_auroc)))
    together = public.pooled()
    if together is not None:
        yield absolute("netsim, AUROC pooled over subjects", Target(at_least=0.99, unit=""), together)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench causal", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *TABLES, []], help="all figures when none is named")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--quick", action="store_true", help="fewer windows, no bootstraps of peers, no large window")
    parser.add_argument("--windows", type=int, help="windows of each family (20, quick 5, verdicts 50), or streams (5)")
    parser.add_argument(
        "--families", nargs="+", choices=list(FAMILIES), help="of accuracy and verdicts; all when absent"
    )
    told = "python that has the peers, which are installed when they are first asked; '': without them"
    parser.add_argument("--peers", help=told)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "penstock" / "causal-peers"
    parser.add_argument("--cache", default=str(cache), help="folder where peers' answers are kept")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
