"""`penstock bench failures`: how long faults at the start and around the edges take to be seen, and to be over.

Each is injected into real servers and processes. What strikes a platform at work is measured by `penstock bench chaos`.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from job_costs.bed import CHECKOUT, Bed, laid
from sqlalchemy import create_engine, make_url, text

from core import redis
from core.database import connect, spell_out_driver
from core.errors import PenstockError
from core.platform import starting
from core.platform.breakers import breaker
from core.platform.breakers.breaker import Breakers
from core.platform.cache.tiers import Cache, Lifetime
from tests.waiting import eventually
from webapp.warming import Warming


@dataclass(frozen=True, slots=True)
class Measured:
    """How long one fault took to be seen, and to be over after its cause was; None where it ends the process."""

    fault: str
    seen_s: float
    over_s: float | None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure each fault and print the table."""
    options = _options(argv)
    found: list[Measured] = []
    with (
        tempfile.TemporaryDirectory(prefix="penstock-failures-") as root,
        laid(Path(root), peers=None, quick=True, history=0) as bed,
    ):
        for measure in (_absent, _silent, _refusing, _newer, _unmigrated, _frozen, _redis_away, _broken_cache):
            rounds = [measure(bed) for _ in range(options.rounds)]
            over = [one.over_s for one in rounds if one.over_s is not None]
            seen_s = statistics.median(one.seen_s for one in rounds)
            found.append(Measured(rounds[0].fault, seen_s, statistics.median(over) if over else None))
    _report(found, as_json=options.json)
    return 0


def _absent(bed: Bed) -> Measured:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return _ended(bed, "database absent at the start", _changed(bed, port=taken.getsockname()[1]))


def _silent(bed: Bed) -> Measured:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        return _ended(bed, "database takes connections and never answers", _changed(bed, port=port))


def _refusing(bed: Bed) -> Measured:
    return _ended(bed, "wrong credentials", _changed(bed, password="wrong"))


def _newer(bed: Bed) -> Measured:
    _put_revision(bed.urls.database, "9999")
    try:
        return _ended(bed, "database newer than the code", bed.urls.database)
    finally:
        _put_revision(bed.urls.database, starting.head_revision())


def _unmigrated(bed: Bed) -> Measured:
    """Let a relay wait on a database behind the code, and mend that."""
    url = bed.urls.database
    _put_revision(url, "0001")
    with _relay(bed, url) as (process, said, ready):
        began = time.monotonic()
        eventually(lambda: "schema_behind" in said())
        seen_s = time.monotonic() - began
        _put_revision(url, starting.head_revision())
        mended = time.monotonic()
        eventually(ready.exists)
        process.send_signal(signal.SIGTERM)
        return Measured("database not migrated", seen_s, time.monotonic() - mended)


def _frozen(bed: Bed) -> Measured:
    """Freeze Postgres while a web process warms up."""
    database = connect(bed.urls.database, pool_size=5)
    warming = Warming(database, 5)
    postmaster = psutil.Process(int((bed.root / "servers/postgres/postmaster.pid").read_text().split()[0]))
    frozen = [postmaster, *postmaster.children()]
    for one in frozen:
        one.suspend()
    try:
        began = time.monotonic()
        warming.start()
        eventually(lambda: warming.fault is not None)
        seen_s = time.monotonic() - began
    finally:
        for one in frozen:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.resume()
    mended = time.monotonic()
    eventually(lambda: _passes(warming.check))
    database.engine.dispose()
    return Measured("database frozen while the web warms up", seen_s, time.monotonic() - mended)


def _redis_away(bed: Bed) -> Measured:
    """Freeze Redis under a breaker."""
    server = next(
        one for one in psutil.process_iter() if one.name().startswith(("valkey", "redis")) and _is_below(one, bed.root)
    )
    breakers = Breakers.through(redis.connect(bed.urls.redis, timeout_s=0.25))
    breakers.admit("bench")
    server.suspend()
    try:
        began = time.monotonic()
        breakers.admit("bench")
        seen_s = time.monotonic() - began
    finally:
        server.resume()
    mended = time.monotonic()
    eventually(lambda: breakers.is_shared, 2 * breaker.SILENCE_S)
    return Measured("Redis frozen under the breakers", seen_s, time.monotonic() - mended)


def _broken_cache(bed: Bed) -> Measured:
    """Fill the warm tier's file with noise between two reads."""
    folder = bed.root / f"cache-{os.urandom(4).hex()}"
    life = Lifetime(fresh_s=60.0)
    Cache.at(folder).get("key", lambda: 1, life)
    (folder / "cache/warm.db").write_bytes(os.urandom(1 << 16))
    broken = Cache.at(folder)
    began = time.monotonic()
    broken.get("key", lambda: 1, life)
    seen_s = time.monotonic() - began
    mended = time.monotonic()
    broken.get("other", lambda: 1, life)
    return Measured("warm tier of the cache overwritten with noise", seen_s, time.monotonic() - mended)


def _ended(bed: Bed, fault: str, url: str) -> Measured:
    """Start a relay that cannot start, and wait for its end."""
    began = time.monotonic()
    with _relay(bed, url) as (process, said, _ready):
        process.wait(60)
        assert "start.failed" in said(), said()
        return Measured(fault, time.monotonic() - began, None)


@contextlib.contextmanager
def _relay(bed: Bed, url: str) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str], Path]]:
    log, ready = bed.root / f"relay-{os.urandom(4).hex()}.log", bed.root / f"ready-{os.urandom(4).hex()}"
    environ: Mapping[str, str] = {**bed.environ, "DATABASE_URL": url, "PENSTOCK_READY_FILE": str(ready)}
    with log.open("wb") as sink:
        words = [sys.executable, "-m", "tasks.relay"]
        process = subprocess.Popen(words, cwd=CHECKOUT, env=environ, stdout=sink, stderr=sink)
    try:
        yield process, log.read_text, ready
    finally:
        process.terminate()
        process.wait(30)


def _changed(bed: Bed, **parts: object) -> str:
    url = make_url(spell_out_driver(bed.urls.database)).set(**parts)  # type: ignore[arg-type]  # parts of a URL
    return url.render_as_string(hide_password=False)


def _put_revision(url: str, revision: str) -> None:
    engine = create_engine(spell_out_driver(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except PenstockError:
        return False
    return True


def _is_below(process: psutil.Process, root: Path) -> bool:
    try:
        return process.cwd().startswith(str(root))
    except psutil.Error:
        return False


def _report(found: Sequence[Measured], *, as_json: bool) -> None:
    if as_json:
        told = [{"fault": one.fault, "seen_s": one.seen_s, "over_s": one.over_s} for one in found]
        print(json.dumps(told, indent=2))  # noqa: T201 - the answer
        return
    print("| fault | seen after | over, once its cause is |\n| --- | --- | --- |")  # noqa: T201 - the answer
    for one in found:
        over = "ends the process" if one.over_s is None else f"{one.over_s:.2f} s"
        print(f"| {one.fault} | {one.seen_s:.3f} s | {over} |")  # noqa: T201 - the answer


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="penstock bench failures", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--rounds", type=int, default=1, help="how often each is injected; the median counts")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
