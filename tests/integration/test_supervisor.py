import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.platform.supervisor.plan import STOP_WITHIN_S
from tests.waiting import PATIENCE_S, eventually

REPOSITORY = Path(__file__).parents[2]

STAND_INS = """
import http.server, os, pathlib, signal, subprocess, sys, time

def prepare(environ, data_dir):
    with (data_dir / "prepared").open("a") as record:
        record.write("once\\n")
    return "key-of-this-platform"

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

def web():
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PENSTOCK_PORT"])), Answer).serve_forever()

def worker():
    astray = subprocess.Popen(["sleep", "300"], start_new_session=True)
    pathlib.Path(os.environ["PENSTOCK_DATA_DIR"], "astray").write_text(str(astray.pid))
    pathlib.Path(os.environ["PENSTOCK_READY_FILE"]).touch()
    signal.pause()

def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path(os.environ["PENSTOCK_READY_FILE"]).touch()
    while True:
        signal.pause()

def broken():
    sys.exit("no broker anywhere")

if __name__ == "__main__":
    globals()[sys.argv[1]]()
"""


@dataclass
class Platform:
    """One supervisor in the foreground, its events read as they come."""

    root: Path
    supervisor: subprocess.Popen[str]
    events: "queue.Queue[dict[str, Any]]" = field(default_factory=queue.Queue)

    @property
    def endpoint(self) -> dict[str, Any]:
        return dict(json.loads((self.root / "run" / "endpoint.json").read_text()))

    def await_event(self, event: str, **fields: object) -> dict[str, Any]:
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            told = self.events.get(timeout=max(give_up_at - time.monotonic(), 0.01))
            if told["event"] == event and fields.items() <= told.items():
                return told

    def read(self) -> None:
        assert self.supervisor.stdout is not None
        for line in self.supervisor.stdout:
            self.events.put(json.loads(line))


def write_procfile(folder: Path, **commands: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "stand_ins.py").write_text(STAND_INS)
    procfile = folder / "Procfile"
    procfile.write_text("".join(f"{name}: {command}\n" for name, command in commands.items()))
    return procfile


def command(*words: str, root: Path) -> list[str]:
    return [sys.executable, "-m", "webapp.cli", words[0], "--data-dir", str(root), *words[1:]]


def up(root: Path, procfile: Path, *more: str) -> list[str]:
    return command("up", "--port", "0", "--procfile", str(procfile), "--prepare", "stand_ins:prepare", *more, root=root)


@contextmanager
def foreground(root: Path, procfile: Path) -> Iterator[Platform]:
    with subprocess.Popen(up(root, procfile), cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as supervisor:
        platform = Platform(root, supervisor)
        reader = threading.Thread(target=platform.read)
        reader.start()
        try:
            yield platform
        finally:
            supervisor.terminate()
            supervisor.wait(PATIENCE_S)
            reader.join()


def run(*words: str, root: Path) -> subprocess.CompletedProcess[str]:
    return call(command(*words, root=root))


def call(argv: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, timeout=180, check=False)


def living(root: Path) -> list[str]:
    """Name all processes that work on the folder, whoever started them."""
    found = []
    for process in psutil.process_iter():
        try:
            known = process.environ().get("PENSTOCK_DATA_DIR") == str(root) or process.cwd().startswith(str(root))
            if known and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "data"
    yield root
    run("down", root=root)
    assert living(root) == []


@pytest.fixture
def procfile(tmp_path: Path) -> Path:
    return write_procfile(tmp_path / "code", web="python stand_ins.py web", worker="python stand_ins.py worker")


def test_a_platform_starts_in_order_is_found_and_leaves_nothing(root: Path, procfile: Path) -> None:
    with foreground(root, procfile) as platform:
        order = [platform.await_event("process.ready")["process"] for _ in range(2)]
        assert set(order) == {"postgres", "redis"}
        platform.await_event("process.done", process="migrate")
        platform.await_event("platform.ready")
        endpoint = platform.endpoint
        assert endpoint["api_key"] == "key-of-this-platform"
        assert set(endpoint["pids"]) == {"postgres", "redis", "web", "worker"}
        assert (root / "run" / "endpoint.json").stat().st_mode & 0o777 == 0o600
        assert all(lives(pid) for pid in endpoint["pids"].values())
        platform.supervisor.send_signal(signal.SIGINT)
        stopped = [platform.await_event("process.stopped")["process"] for _ in range(4)]
        assert stopped == ["worker", "web", "redis", "postgres"]
        assert platform.supervisor.wait(PATIENCE_S) == 0
    assert not (root / "run" / "endpoint.json").exists()
    assert living(root) == []


def test_a_killed_process_comes_back_and_what_it_left_astray_does_not_stay(root: Path, procfile: Path) -> None:
    with foreground(root, procfile) as platform:
        platform.await_event("platform.ready")
        astray = int((root / "astray").read_text())
        for name in ("worker", "redis", "postgres"):
            killed = platform.endpoint["pids"][name]
            os.kill(killed, signal.SIGKILL)
            platform.await_event("process.ready", process=name)
            platform.await_event("platform.ready")
            assert platform.endpoint["pids"][name] != killed
        assert not lives(astray)


def test_what_dies_all_the_time_is_tried_ever_later_and_the_others_go_on(root: Path, tmp_path: Path) -> None:
    procfile = write_procfile(tmp_path / "code", web="python stand_ins.py web", flower="python stand_ins.py broken")
    with foreground(root, procfile) as platform:
        crashed = platform.await_event("process.crashed", process="flower")
        assert crashed["restarts"] == 5
        platform.await_event("platform.degraded")
        assert lives(platform.endpoint["pids"]["web"])
        assert "flower" not in platform.endpoint["pids"]
        report = run("status", "--json", root=root)
        assert report.returncode == 3
        flower = json.loads(report.stdout)["processes"]["flower"]
        assert (flower["state"] in {"crashed", "starting"}, flower["restarts"] >= 5) == (True, True)
        assert platform.await_event("process.crashed", process="flower")["restarts"] == 6


def test_a_start_that_cannot_succeed_says_why_and_leaves_nothing(root: Path, tmp_path: Path) -> None:
    procfile = write_procfile(tmp_path / "code", relay="python stand_ins.py broken")
    failed = call(up(root, procfile, "--detach"))
    assert failed.returncode == 1
    assert "relay ended with 1" in failed.stderr
    assert "no broker anywhere" in failed.stderr
    assert living(root) == []


def test_detached_it_serves_until_it_is_taken_down_and_keeps_its_data(root: Path, procfile: Path) -> None:
    for starts in (1, 2):
        started = call(up(root, procfile, "--detach"))
        assert started.returncode == 0, started.stderr
        endpoint = json.loads((root / "run" / "endpoint.json").read_text())
        assert endpoint["url"] in started.stderr
        assert (root / "prepared").read_text() == "once\n" * starts
        report = run("status", "--json", root=root)
        assert (report.returncode, json.loads(report.stdout)["state"]) == (0, "ready")
        again = call(up(root, procfile))
        assert (again.returncode, "Another platform" in again.stderr) == (1, True)
        assert "GET /api/v1/health/live" in run("logs", "web", root=root).stdout
        assert run("down", root=root).returncode == 0
        assert living(root) == []
    assert run("status", root=root).returncode == 3


def test_a_killed_supervisor_takes_all_with_it_and_the_next_start_works(root: Path, procfile: Path) -> None:
    with foreground(root, procfile) as platform:
        platform.await_event("platform.ready")
        former = set(platform.endpoint["pids"].values())
        platform.supervisor.kill()
        with foreground(root, procfile) as second:
            second.await_event("platform.ready")
            assert former.isdisjoint(second.endpoint["pids"].values())


def test_leftovers_of_a_supervisor_killed_with_its_watcher_are_stopped_first(root: Path, procfile: Path) -> None:
    with foreground(root, procfile) as platform:
        platform.await_event("platform.ready")
        noted = set(platform.endpoint["pids"].values())
        children = psutil.Process(platform.supervisor.pid).children()
        watchers = [child for child in children if child.pid not in noted]
        assert len(watchers) == 1
        watchers[0].kill()
        platform.supervisor.kill()
        platform.supervisor.wait()
        assert all(lives(pid) for pid in noted)
        assert run("status", root=root).stdout.startswith("abandoned")
        with foreground(root, procfile) as second:
            second.await_event("platform.ready")
            assert not any(lives(pid) for pid in noted)


def test_a_second_signal_ends_at_once_what_ignores_the_first(root: Path, tmp_path: Path) -> None:
    procfile = write_procfile(tmp_path / "code", worker="python stand_ins.py deaf")
    with foreground(root, procfile) as platform:
        platform.await_event("platform.ready")
        platform.supervisor.send_signal(signal.SIGINT)
        platform.await_event("process.stopping", process="worker")
        began_at = time.monotonic()
        platform.supervisor.send_signal(signal.SIGINT)
        platform.await_event("process.stopped", process="worker")
        assert time.monotonic() - began_at < STOP_WITHIN_S["worker*"]
    assert living(root) == []


def test_two_platforms_run_side_by_side(tmp_path: Path, procfile: Path) -> None:
    roots = (tmp_path / "one", tmp_path / "two")
    with foreground(roots[0], procfile) as one, foreground(roots[1], procfile) as two:
        for platform in (one, two):
            platform.await_event("platform.ready")
        assert one.endpoint["url"] != two.endpoint["url"]
        assert set(one.endpoint["pids"].values()).isdisjoint(two.endpoint["pids"].values())
        one.supervisor.terminate()
        assert one.supervisor.wait(PATIENCE_S) == 0
        assert all(lives(pid) for pid in two.endpoint["pids"].values())
    assert [living(root) for root in roots] == [[], []]


def test_a_taken_port_is_told(root: Path, procfile: Path, tmp_path: Path) -> None:
    with foreground(tmp_path / "other", procfile) as other:
        other.await_event("platform.ready")
        port = other.endpoint["url"].rpartition(":")[2]
        refused = call(up(root, procfile, "--port", port))
    assert (refused.returncode, f"Port {port} is taken" in refused.stderr) == (1, True)


def test_an_idle_supervisor_does_not_poll(root: Path, procfile: Path) -> None:
    with foreground(root, procfile) as platform:
        platform.await_event("platform.ready")
        process = psutil.Process(platform.supervisor.pid)
        eventually(lambda: wake_ups(process, during_s=2.0) <= 3)
        assert platform.events.empty()


def wake_ups(process: psutil.Process, *, during_s: float) -> int:
    before = process.num_ctx_switches().voluntary
    time.sleep(during_s)
    return int(process.num_ctx_switches().voluntary - before)
