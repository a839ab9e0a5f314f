"""What the whole platform costs while nobody asks it for anything, and how fast its web process can be imported."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping

from job_costs import processes
from job_costs.bed import CHECKOUT, Bed
from job_costs.figures import Figure, Target, absolute, compared

SETTLE_S = 15.0


def measure(bed: Bed) -> list[Figure]:
    """Bring a platform up as a user would, let it settle, watch it, take it down."""
    root = bed.root / "idle"
    environ = {name: value for name, value in bed.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    _penstock(environ, "up", "--detach", "--port", "0", "--data-dir", str(root))
    try:
        leader = [int(json.loads((root / "run" / "status.json").read_text())["supervisor"])]
        time.sleep(SETTLE_S)
        percent, memory = _watched(leader, 15.0 if bed.quick else 60.0), processes.pss_mib(leader)
    finally:
        _penstock(environ, "down", "--data-dir", str(root))
    return [
        absolute("idle platform, all processes with both servers", Target(at_most=3.0, unit="% of a core"), percent),
        absolute("idle platform, memory (PSS)", Target(unit="MiB"), memory),
        *_imports(bed),
    ]


def _watched(leader: list[int], seconds: float) -> float:
    before_s, started_s = processes.cpu_s(leader), time.perf_counter()
    time.sleep(seconds)
    return 100 * (processes.cpu_s(leader) - before_s) / (time.perf_counter() - started_s)


def _imports(bed: Bed) -> list[Figure]:
    rounds = range(3 if bed.quick else 7)
    pairs = [(_import_s("webapp.app", bed.environ), _import_s("flask, sqlalchemy.orm", bed.environ)) for _ in rounds]
    ours, theirs = [mine for mine, _ in pairs], [other for _, other in pairs]
    peer = "Flask and SQLAlchemy alone"
    return [compared("import of the web process", Target(), ours, theirs, peer=peer, unit="ms", scale=1000.0)]


def _import_s(modules: str, environ: Mapping[str, str]) -> float:
    program = f"import time; t = time.perf_counter(); import {modules}; print(time.perf_counter() - t)"
    spoken = subprocess.run(
        [sys.executable, "-c", program], env=dict(environ), cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    return float(spoken.stdout)


def _penstock(environ: Mapping[str, str], *words: str) -> None:
    argv = [sys.executable, "-m", "webapp.cli", *words]
    spoken = subprocess.run(argv, env=dict(environ), cwd=CHECKOUT, check=False, capture_output=True, text=True)
    if spoken.returncode:
        raise processes.NotReady(f"penstock {words[0]}: {spoken.stderr.strip()[-300:]}")
