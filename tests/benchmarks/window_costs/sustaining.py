"""Many domains at a short interval on the whole platform: how late ticks are, and whether a window is missing."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from job_costs.processes import cpu_s
from penstock_client import Client
from sqlalchemy import text

from core.database import connect
from core.platform.servers.embedded import running
from webapp.cli._checkout import CHECKOUT, own_environ

INTERVAL_S = 5.0
SETTLE_S = 15.0
WINDOW = {"variables": ["a", "b", "c", "d"], "window_size": 100, "retention_windows": 100}
NORMAL = {"base": {"generator": "independent", "families": [{"family": "normal"}]}}
_LATE = text(
    """
SELECT percentile_cont(ARRAY[0.5, 0.99, 1.0]) WITHIN GROUP (ORDER BY extract(epoch FROM stored_at - started_at)),
  count(*)
FROM windows WHERE started_at BETWEEN now() - make_interval(secs => :seconds) AND now() - interval '10 seconds'
"""
)
_MISSING = text(
    """
SELECT count(*) FROM (
  SELECT started_at - lag(started_at) OVER of_domain AS step, number - lag(number) OVER of_domain AS further
  FROM windows WINDOW of_domain AS (PARTITION BY domain_id ORDER BY number)
) AS pair WHERE step IS NOT NULL AND (further <> 1 OR abs(extract(epoch FROM step) - :interval_s) > 0.001)
"""
)


def measure(domains: int, seconds: float) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield rows of the table."""
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder, running(Path(folder) / "servers") as urls:
        home = Path(folder) / "data"
        environ = {**own_environ(), "DATABASE_URL": urls.database, "REDIS_URL": urls.redis}
        _penstock(environ, "up", "--detach", "--data-dir", str(home), "--port", "0")
        try:
            with Client(data_dir=home) as client:
                for number in range(domains):
                    offset_s = INTERVAL_S * number / domains
                    fields = {**WINDOW, "generator": NORMAL, "interval_s": INTERVAL_S, "offset_s": offset_s}
                    client.domains.add(f"d{number:05}", **fields)
            time.sleep(SETTLE_S)
            pids = [os.getpid(), *json.loads((home / "run" / "endpoint.json").read_text())["pids"].values()]
            began = cpu_s(pids)
            time.sleep(seconds)
            spent = (cpu_s(pids) - began) / seconds
            yield from _looked_at(urls.database, domains, seconds, spent)
        finally:
            _penstock(environ, "down", "--data-dir", str(home))


def _looked_at(url: str, domains: int, seconds: float, spent: float) -> Iterator[tuple[str, str, str, str, str]]:
    database = connect(url)
    with database.transaction() as session:
        (p50, p99, worst), count = session.execute(_LATE, {"seconds": seconds}).one()
        missing = session.execute(_MISSING, {"interval_s": INTERVAL_S}).scalar_one()
    database.engine.dispose()
    what = f"{domains} domains every {INTERVAL_S:g} s for {seconds:g} s: tick to stored, p99"
    told = f"{p99:.2f} s (median {p50:.2f}, worst {worst:.2f})"
    rate = count / (seconds - 10)
    yield (what, "< 2 s", told, f"{rate:.0f} windows/s, {spent:.2f} cores in all", "")
    yield ("windows missed or made twice", "0", str(missing), f"{count} windows", "")


def _penstock(environ: Mapping[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "webapp.cli", *arguments], env=dict(environ), cwd=CHECKOUT, check=True)
