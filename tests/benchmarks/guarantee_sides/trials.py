"""The faults, each of which every side suffers, and how one is told of."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from threading import Thread

from guarantee_sides.columns import SLOTS, Column, Extent
from guarantee_sides.victims import down
from guarantee_sides.wrong_clocks import ahead
from tests.waiting import PAUSE_S

RUNS_AGAIN_WITHIN_S, STARTS_WITHIN_S = 240.0, 90.0
AHEAD_S = 600.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of the table."""

    name: str
    suffer: Callable[[Column, Extent, random.Random], str]
    wanted: str


def table(columns: Sequence[Column], extent: Extent, rng: random.Random, only: str = "") -> Iterator[str]:
    """Put every side to every fault whose name has the words, and write the lines as they come."""
    yield f"| fault | {' | '.join(column.name for column in columns)} | wanted |"
    yield f"| --- |{' --- |' * (len(columns) + 1)}"
    for trial in TRIALS:
        seed = rng.random()
        if only in trial.name:
            cells = [trial.suffer(column, extent, random.Random(seed)) for column in columns]
            name = trial.name.format(extent=extent)
            yield f"| {name} | {' | '.join(cells)} | {trial.wanted} |"


def _workers_killed(column: Column, extent: Extent, rng: random.Random) -> str:
    before = _Tally.of(column)
    column.submit(extent.jobs)
    for kill in range(extent.kills):
        _await_done(column, before.done + (kill * extent.jobs) // (extent.kills + 2))
        time.sleep(rng.uniform(0.05, 0.5))
        victim = rng.choice(column.workers)
        victim.kill()
        victim.start()
    return _settled(column, before, extent.jobs)


def _killed_in_mid_run(column: Column, _extent: Extent, _rng: random.Random) -> str:
    (job,) = column.submit(1, 5.0)
    _until(lambda: column.starts(job), STARTS_WITHIN_S)
    with down(column.workers):
        killed_at = time.monotonic()
    again = _until(lambda: column.starts(job) > 1, RUNS_AGAIN_WITHIN_S)
    took_s = time.monotonic() - killed_at
    column.settle()
    return f"{took_s:.1f} s" if again else f"not within {RUNS_AGAIN_WITHIN_S:.0f} s"


def _broker_lost(column: Column, extent: Extent, _rng: random.Random) -> str:
    before = _Tally.of(column)
    with down(column.workers):
        column.submit(extent.queued)
        with column.broker.away():
            pass
    return _settled(column, before, extent.queued)


def _flushed(column: Column, extent: Extent, _rng: random.Random) -> str:
    before, jobs = _Tally.of(column), min(extent.jobs, 1500)
    column.submit(jobs)
    _await_done(column, before.done + jobs // 10)
    column.broker.flush()
    return _settled(column, before, jobs)


def _frozen(column: Column, extent: Extent, _rng: random.Random) -> str:
    took_s: list[float] = []
    over_at = time.monotonic() + extent.frozen_s

    def submit() -> None:
        while time.monotonic() < over_at:
            began_at = time.monotonic()
            column.submit(1)
            took_s.append(time.monotonic() - began_at)
            time.sleep(PAUSE_S)

    client = Thread(target=submit)
    with column.broker.frozen():
        client.start()
        client.join(extent.frozen_s)
        answered = list(took_s)
    client.join()
    column.settle()
    if len(answered) < 2:
        return f"{len(answered)} accepted; the first waited {took_s[0]:.0f} s"
    return f"{len(answered)} accepted, p99 {1000 * quantiles(answered, n=100, method='inclusive')[98]:.0f} ms"


def _away_in_mid_run(column: Column, _extent: Extent, _rng: random.Random) -> str:
    jobs = column.submit(2, 6.0)
    _until(lambda: all(column.starts(job) for job in jobs), STARTS_WITHIN_S)
    with column.broker.away():
        _until(lambda: all(column.effects(job) for job in jobs), 20.0)
        finished = sum(column.effects(job) for job in jobs)
    back_at = time.monotonic()
    (next_one,) = column.submit(1)
    works = _until(lambda: column.effects(next_one), STARTS_WITHIN_S)
    returned = f"workers back after {time.monotonic() - back_at:.1f} s" if works else "workers did not come back"
    if not works:
        with down(column.workers):
            pass
    return f"{finished} of 2 finished; {returned}"


def _poison(column: Column, _extent: Extent, _rng: random.Random) -> str:
    poison, others = column.submit_poison(), column.submit(100)
    _until(lambda: column.starts(poison), STARTS_WITHIN_S)
    time.sleep(20.0)
    killed, over = column.starts(poison), column.is_over(poison)
    served = sum(column.effects(job) for job in others)
    if not over:  # else it would go on beside the next faults
        with down(column.workers):
            column.broker.flush()
    return f"{killed} processes killed in 20 s, {'then over' if over else 'going on'}; {served} of 100 others done"


def _cancelled(column: Column, _extent: Extent, _rng: random.Random) -> str:
    with down(column.workers):
        (job,) = column.submit(1)
        column.cancel(job)
    (later,) = column.submit(1)
    _until(lambda: column.effects(later), STARTS_WITHIN_S)
    column.settle()
    return "ran" if column.starts(job) else "never started"


def _redelivered(column: Column, _extent: Extent, _rng: random.Random) -> str:
    job = column.redelivered(14.0)
    return f"{column.starts(job)} starts, {column.effects(job)} effects"


def _two_beats(column: Column, _extent: Extent, _rng: random.Random) -> str:
    return f"{column.fired(SLOTS):.1f} for each slot"


def _made_up(column: Column, _extent: Extent, _rng: random.Random) -> str:
    return column.made_up()


def _database_restarted(column: Column, extent: Extent, _rng: random.Random) -> str:
    before, jobs = _Tally.of(column), min(extent.jobs, 1500)
    column.submit(jobs)
    _await_done(column, before.done + jobs // 10)
    if not column.restart_database():
        column.settle()
        return "has none"
    return _settled(column, before, jobs)


def _wrong_clock(column: Column, _extent: Extent, _rng: random.Random) -> str:
    with ahead(column.workers[1], AHEAD_S, column.folder / "ahead"):
        jobs = column.submit(4, 12.0)
        _until(lambda: all(column.effects(job) for job in jobs), STARTS_WITHIN_S)
        column.settle()
    return f"{sum(column.starts(job) for job in jobs)} starts of 4, {sum(column.effects(job) for job in jobs)} effects"


def _wakes_late(column: Column, _extent: Extent, _rng: random.Random) -> str:
    first, second = column.workers
    second.kill()
    (job,) = column.submit(1, 5.0)
    _until(lambda: column.starts(job), STARTS_WITHIN_S)
    with first.frozen():
        second.start()
        _until(lambda: column.effects(job), RUNS_AGAIN_WITHIN_S)
    time.sleep(10.0)
    column.settle()
    return f"{column.effects(job)} effects"


def _noisy(column: Column, _extent: Extent, _rng: random.Random) -> str:
    alone_s = _served_s(column, noise=0)
    beside_s = _served_s(column, noise=900)
    return f"{beside_s / alone_s:.1f} × as long as alone"


def _served_s(column: Column, noise: int) -> float:
    """Return how long a small tenant waits for its hundred jobs behind a large one's."""
    if noise:
        column.submit(noise, tenant="large")
    began_at = time.monotonic()
    jobs = column.submit(100, tenant="small")
    _until(lambda: all(column.effects(job) for job in jobs))
    took_s = time.monotonic() - began_at
    column.settle()
    return took_s


def _rolling(column: Column, _extent: Extent, _rng: random.Random) -> str:
    before = column.done()
    jobs = column.submit(120, 0.5)
    for _ in range(2):
        for worker in column.workers:
            worker.replace()
            time.sleep(3.0)
    column.settle()
    return f"{before + len(jobs) - column.done()} lost, {column.burnt(jobs)} spent a second attempt"


@dataclass(frozen=True, slots=True)
class _Tally:
    """What had taken effect, and what more than once."""

    done: int
    doubled: int

    @classmethod
    def of(cls, column: Column) -> "_Tally":
        return cls(column.done(), column.doubled())


def _settled(column: Column, before: _Tally, jobs: int) -> str:
    column.settle()
    after = _Tally.of(column)
    return f"{before.done + jobs - after.done} lost, {after.doubled - before.doubled} twice"


def _await_done(column: Column, wanted: int) -> None:
    _until(lambda: column.done() >= wanted)


def _until(condition: Callable[[], object], within_s: float = 300.0) -> bool:
    """Wait until it comes true; tell whether it did."""
    give_up_at = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(PAUSE_S)
    return True


TRIALS = (
    Trial(
        "{extent.kills} kills of a whole worker at saturation, {extent.jobs:,} jobs", _workers_killed, "0 lost, 0 twice"
    ),
    Trial("worker killed in mid-job, until it runs again", _killed_in_mid_run, "70 s"),
    Trial("broker killed, back empty, {extent.queued:,} jobs queued", _broker_lost, "0 lost, 0 twice"),
    Trial("broker flushed in mid-run", _flushed, "0 lost, 0 twice"),
    Trial("submissions while the broker is frozen for {extent.frozen_s:.0f} s", _frozen, "all accepted, p99 300 ms"),
    Trial("broker away while two jobs run", _away_in_mid_run, "both finish, workers return"),
    Trial("a job that kills its process", _poison, "over after 3, others served"),
    Trial("cancelled while no worker was there", _cancelled, "never started"),
    Trial("a job of 14 s whose message is sent again meanwhile", _redelivered, "1 effect"),
    Trial("two Beats, jobs", _two_beats, "1 for each slot"),
    Trial("no Beat for two hours over a change of clocks, every 15 min", _made_up, "the policy, all told"),
    Trial("database restarted in mid-run", _database_restarted, "0 lost, 0 twice"),
    Trial("a worker's clock 10 min ahead, jobs of 12 s", _wrong_clock, "no early loss of a lease"),
    Trial("a worker frozen until another has done its job", _wakes_late, "1 effect"),
    Trial("a small tenant's 100 jobs behind 900 of a large one", _noisy, "2 ×"),
    Trial("workers replaced in turns under load", _rolling, "0 lost, no attempt spent"),
)
