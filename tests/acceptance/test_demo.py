"""`penstock demo`: every job ends as it should, and nothing is left behind."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from webapp.cli._checkout import CHECKOUT, own_environ


def start_demo(data_dir: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "demo", "--data-dir", str(data_dir), *words],
        cwd=CHECKOUT,
        env=own_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_on(data_dir: Path) -> list[str]:
    """Name the processes that know of the folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        environ = process.info["environ"] or {}
        if environ.get("PENSTOCK_DATA_DIR") == str(data_dir) or str(data_dir) in " ".join(
            process.info["cmdline"] or ()
        ):
            found.append(" ".join(process.info["cmdline"] or ()))
    return found


@pytest.mark.timeout(900)
def test_every_kind_is_shown_and_everything_is_stopped(tmp_path: Path) -> None:
    data_dir, plots = tmp_path / "data", tmp_path / "plots"
    demo = start_demo(data_dir, "--out", str(plots), "--within", "600")
    said, _ = demo.communicate(timeout=840)
    assert demo.returncode == 0, said
    for kind in ("platform.echo", "platform.sleep", "platform.fail", "pumping.simulate", "pumping.optimize"):
        assert f" ok   {kind}" in said
    assert "certified gap" in said
    assert "flow change" in said
    assert "Below 100, 97 takes longest: 118 steps" in said
    for cause, effect in (("demand", "price"), ("price", "stock")):
        assert re.search(rf"^ {cause} +{effect} +\d", said, re.MULTILINE), said
    assert b"<svg" in (plots / "graph.svg").read_bytes()
    assert (plots / "plan.png").read_bytes().startswith(b"\x89PNG")
    assert processes_on(data_dir) == []


@pytest.mark.timeout(240)
def test_an_interrupt_stops_it_cleanly(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    demo = start_demo(data_dir, "--keep")
    assert demo.stdout is not None
    for line in demo.stdout:
        if "web" in line and "ready" in line:
            break
    os.kill(demo.pid, signal.SIGINT)
    said, _ = demo.communicate(timeout=200)
    assert demo.returncode == 130, said
    assert "Traceback" not in said
    assert processes_on(data_dir) == []


@pytest.mark.timeout(240)
def test_a_reader_that_goes_away_leaves_nothing_running(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    demo = start_demo(data_dir)
    assert demo.stdout is not None
    demo.stdout.readline()
    demo.stdout.close()
    assert demo.wait(timeout=200) != 0
    assert processes_on(data_dir) == []
