"""A graph of jobs on a whole platform: values handed down, a failure held, all tried again, by command, too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from penstock_client import Invalid

from tests.platforms import Platform
from webapp.cli._checkout import CHECKOUT, own_environ

ECHO = "platform.echo"
WITHIN_S = 120


def penstock(platform: Platform, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "webapp.cli", "workflows", *words, "--data-dir", str(platform.data_dir)]
    return subprocess.run(
        command, cwd=CHECKOUT, env=own_environ(), capture_output=True, text=True, timeout=WITHIN_S, check=False
    )


def test_a_diamond_hands_its_values_down(platform: Platform) -> None:
    handle = platform.client.submit_workflow(
        {
            "source": {"kind": ECHO, "params": {"n": 1, "nap": {"seconds": 0.1, "steps": 1}}},
            "left": {"kind": "platform.sleep", "params_from": {"": "source#/nap"}},
            "right": {"kind": ECHO, "params": {"own": 2}, "params_from": {"/n": "source#/n"}},
            "join": {"kind": ECHO, "params_from": {"/slept": "left#/slept_s", "/right": "right#"}},
        }
    )
    assert handle.wait(WITHIN_S).state == "succeeded"
    results = handle.results()
    assert results["join"] == {"slept": results["left"]["slept_s"], "right": {"own": 2, "n": 1}}
    began = handle.job("join").read().started_at
    ended = [handle.job(name).read().finished_at for name in ("left", "right")]
    assert began is not None
    assert all(one is not None and one <= began for one in ended)


def test_the_command_follows_a_graph_to_its_failure_and_tries_it_again(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "graph.json"
    fails = {"kind": "platform.fail", "params": {"times": 1, "error": "permanent"}, "max_attempts": 1}
    file.write_text(json.dumps({"jobs": {"a": fails, "b": {"kind": ECHO, "after": ["a"]}}}))
    ended = penstock(platform, "submit", str(file), "--watch", "--within", str(WITHIN_S))
    assert ended.returncode == 1, ended.stderr
    assert "dependency_failed: the job a (" in ended.stderr
    newest = next(platform.client.workflows(page=1))
    assert newest.state == "failed"
    again = penstock(platform, "retry", newest.id)
    assert again.returncode == 0, again.stderr
    assert platform.client.workflow(newest.id).wait(WITHIN_S).state == "succeeded"
    shown = penstock(platform, "get", newest.id)
    assert "2 of 2 jobs final" in shown.stdout


def test_a_circle_is_refused_with_its_place(platform: Platform) -> None:
    with pytest.raises(Invalid) as refused:
        platform.client.submit_workflow({"a": {"kind": ECHO, "after": ["b"]}, "b": {"kind": ECHO, "after": ["a"]}})
    assert refused.value.errors == [{"pointer": "/jobs/a/after/0", "detail": "A circle: a after b after a."}]
