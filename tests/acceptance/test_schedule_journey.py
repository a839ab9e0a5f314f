"""One operator's story with schedules on the command line: made, fired every second, read, paused, run, deleted."""

import json
import time
from typing import Any

import pytest
from click.testing import CliRunner

from tests.platforms import Platform
from webapp.cli import main

WITHIN_S = 60


def test_a_schedule_of_every_second_fires_each_second_once(platform: Platform) -> None:
    schedule_id = say(platform, "add", "platform.echo", "--set", "n=1", "--every", "1", "--name", "beat")["id"]
    handle = platform.client.schedule(schedule_id)
    give_up_at = time.monotonic() + WITHIN_S
    while len(list(handle.runs())) < 3 and time.monotonic() < give_up_at:
        time.sleep(0.2)
    assert say(platform, "pause", schedule_id)["next_fire_at"] is None
    runs = say(platform, "runs", schedule_id, "--limit", "1000")
    times = [run["fire_at"] for run in runs]
    assert len(set(times)) == len(times) >= 3
    submitted = [run["job_id"] for run in runs if run["outcome"] == "submitted"]
    assert sorted(job.id for job in platform.client.jobs(schedule_id=schedule_id)) == sorted(submitted)
    assert platform.client.job(submitted[-1]).result(timeout=WITHIN_S) == {"n": 1}

    assert len(say(platform, "next", schedule_id, "-n", "7")) == 7
    made_now = say(platform, "run", schedule_id)
    assert platform.client.job(made_now["id"]).result(timeout=WITHIN_S) == {"n": 1}
    assert say(platform, "get", schedule_id)["last_run"]["outcome"] == "manual"
    assert schedule_id in [each["id"] for each in say(platform, "list", "--paused")]
    assert say(platform, "delete", schedule_id) == {"deleted": schedule_id}
    assert platform.client.job(made_now["id"]).read().document["schedule_id"] == schedule_id


@pytest.mark.parametrize("words", [("add", "platform.echo", "--cron", "0 25 * * *"), ("get", "nothing")])
def test_what_is_refused_is_told_and_ends_with_three(platform: Platform, words: tuple[str, ...]) -> None:
    ended = run(platform, *words)
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "Error:" in ended.stderr


def test_tables_are_for_people(platform: Platform) -> None:
    schedule_id = run(platform, "add", "platform.echo", "--cron", "0 3 * * MON-FRI").stdout.strip()
    assert "0 3 * * MON-FRI (UTC)" in run(platform, "list").stdout
    assert "0 3 * * MON-FRI" in run(platform, "get", schedule_id).stdout
    assert len(run(platform, "next", schedule_id).stdout.splitlines()) == 5
    assert run(platform, "runs", schedule_id).exit_code == 0
    assert run(platform, "delete", schedule_id).exit_code == 0


def run(platform: Platform, *words: str) -> Any:
    where = ("--data-dir", str(platform.data_dir))
    return CliRunner().invoke(main, ["schedules", *words, *where], catch_exceptions=False)


def say(platform: Platform, *words: str) -> Any:
    """Run a command for its JSON."""
    ended = run(platform, *words, "--json")
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)
