"""The commands about jobs against a whole platform: what they print, and how they end."""

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from penstock_client import Job, JobHandle

from tests.platforms import Platform
from webapp.cli import main

Penstock = Callable[..., Result]
NOWHERE = "01a1fb98-ff63-7000-874b-0107186cb1aa"
LONG = {"seconds": 600, "steps": 6000}


@pytest.fixture
def penstock(platform: Platform) -> Penstock:
    """Run a command that finds the platform by its data folder."""

    def run(*words: str, stdin: str | None = None) -> Result:
        return CliRunner(env={"PENSTOCK_DATA_DIR": str(platform.data_dir)}).invoke(main, words, input=stdin)

    return run


def printed_json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def await_job(handle: JobHandle, condition: Callable[[Job], bool]) -> None:
    """Watch a job until it is as wanted."""
    assert any(condition(job) for job in handle.watch(60))


def test_a_job_is_submitted_waited_for_and_its_result_printed(penstock: Penstock, tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text('{"from": "file"}')
    assert printed_json(penstock("jobs", "submit", "platform.echo", '{"a": 1}', "--set", "b.c=x", "--wait")) == {
        "a": 1,
        "b": {"c": "x"},
    }
    assert printed_json(penstock("jobs", "submit", "platform.echo", "-f", str(file), "--wait")) == {"from": "file"}
    assert printed_json(penstock("jobs", "submit", "platform.echo", "-", "--wait", stdin='{"from": "in"}')) == {
        "from": "in"
    }


def test_a_kind_is_tried_out_by_its_own_example(penstock: Penstock) -> None:
    assert printed_json(penstock("jobs", "submit", "platform.echo", "--example", "--set", "n=1", "--wait"))["n"] == 1
    refused = penstock("jobs", "submit", "platform.ecko", "--example")
    assert refused.exit_code == 3
    assert "Did you mean platform.echo?" in refused.stderr


def test_without_waiting_it_prints_the_id_by_which_all_else_is_asked(penstock: Penstock, tmp_path: Path) -> None:
    submitted = penstock("jobs", "submit", "platform.echo", "--set", "n=1", "--tag", "by-id", "--priority", "9")
    job_id = submitted.stdout.strip()
    assert penstock("jobs", "watch", job_id).exit_code == 0
    assert printed_json(penstock("jobs", "result", job_id)) == {"n": 1}
    job = printed_json(penstock("jobs", "get", job_id, "--json"))
    assert (job["state"], job["priority"], job["tags"]) == ("succeeded", 9, ["by-id"])
    assert "succeeded" in penstock("jobs", "get", job_id).stdout
    assert [each["id"] for each in printed_json(penstock("jobs", "list", "--tag", "by-id", "--json"))] == [job_id]
    assert job_id in penstock("jobs", "list", "--tag", "by-id").stdout
    events = [json.loads(line) for line in penstock("jobs", "events", job_id, "--json").stdout.splitlines()]
    assert [events[0]["type"], events[-1]["type"]] == ["job.submitted", "job.succeeded"]
    assert "job.claimed" in penstock("jobs", "events", job_id, "--follow").stdout
    assert printed_json(penstock("jobs", "artifacts", job_id, "--json")) == []
    target = tmp_path / "result.json"
    assert penstock("jobs", "result", job_id, "-o", str(target)).stdout == ""
    assert json.loads(target.read_text()) == {"n": 1}


def test_watching_tells_the_end_on_standard_error_and_the_result_on_standard_output(penstock: Penstock) -> None:
    watched = penstock("jobs", "submit", "platform.sleep", "--set", "seconds=0.5", "--set", "steps=2", "--watch")
    assert printed_json(watched) == {"slept_s": 0.5, "steps": 2}
    assert "succeeded" in watched.stderr


def test_watching_tells_how_far_a_running_job_is(penstock: Penstock, platform: Platform) -> None:
    handle = platform.client.submit("platform.sleep", LONG)
    await_job(handle, lambda job: job.progress is not None)
    watched = penstock("jobs", "watch", handle.id, "--within", "1")
    handle.cancel()
    assert (watched.exit_code, watched.stdout) == (5, "")
    assert re.search(r"running 0% step \d+ of 6000", watched.stderr)


def test_many_jobs_are_cancelled_and_retried_by_what_is_known_of_them(penstock: Penstock, platform: Platform) -> None:
    handles = platform.client.submit_many("platform.sleep", [LONG] * 2, tags=["many"])  # as many as may run at once
    await_job(handles[0], lambda job: job.state == "running")
    assert printed_json(penstock("jobs", "cancel", "--tag", "many", "--yes", "--json"))["changed"] == 2
    assert {handle.wait(60).state for handle in handles} == {"cancelled"}
    retried = penstock("jobs", "retry", "--tag", "many", "--state", "cancelled", stdin="y\n")
    assert retried.stdout == "retry: 2 of 2 job(s)\n"
    await_job(handles[0], lambda job: job.state == "running")
    assert penstock("jobs", "cancel", *(handle.id for handle in handles)).exit_code == 0


def test_a_failed_job_ends_with_1_and_says_why(penstock: Penstock) -> None:
    failed = penstock("jobs", "submit", "platform.fail", "--set", "error=permanent", "--wait")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "probe_refused" in failed.stderr
    as_json = penstock("jobs", "submit", "platform.fail", "--set", "error=permanent", "--wait", "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["state"] == "failed"
    told = json.loads(as_json.stderr)
    assert told["code"] == "probe_refused"
    assert penstock("jobs", "retry", told["job_id"]).exit_code == 0
    watched = penstock("jobs", "watch", told["job_id"], "--json")
    assert (watched.exit_code, json.loads(watched.stdout.splitlines()[-1])["state"]) == (0, "succeeded")


def test_a_running_job_is_cancelled_and_one_that_is_not_final_in_time_goes_on(penstock: Penstock) -> None:
    late = penstock(
        "jobs", "submit", "platform.sleep", "--set", "seconds=600", "--tag", "late", "--wait", "--within", "1"
    )
    assert (late.exit_code, late.stdout) == (5, "")
    (job,) = printed_json(penstock("jobs", "list", "--tag", "late", "--json"))
    assert job["state"] in {"queued", "running"}
    assert penstock("jobs", "result", job["id"]).exit_code == 5
    assert penstock("jobs", "cancel", job["id"]).exit_code == 0
    ended = penstock("jobs", "watch", job["id"])
    assert ended.exit_code == 1
    assert "cancelled" in ended.stderr
    assert penstock("jobs", "result", job["id"]).exit_code == 1


def test_what_the_platform_refuses_ends_with_3(penstock: Penstock) -> None:
    for words in (
        ("jobs", "get", NOWHERE),
        ("jobs", "cancel", NOWHERE),
        ("jobs", "logs", NOWHERE),
        ("jobs", "download", NOWHERE, "plan.png"),
        ("jobs", "submit", "no.such.kind"),
        ("jobs", "submit", "platform.sleep", "--set", "seconds=much"),
        ("kinds", "no.such.kind"),
        ("kinds", "--api-key", "psk_wrong"),
    ):
        ended = penstock(*words)
        assert (words, ended.exit_code, ended.stdout) == (words, 3, "")
        assert "Traceback" not in ended.stderr


def test_wrong_params_are_named(penstock: Penstock) -> None:
    ended = penstock("jobs", "submit", "platform.sleep", "--set", "seconds=much", "--json")
    assert {"/params/seconds"} == {error["pointer"] for error in json.loads(ended.stderr)["errors"]}


def test_the_same_idempotency_key_is_the_same_job(penstock: Penstock) -> None:
    words = ("jobs", "submit", "platform.echo", "--idempotency-key", "once")
    assert penstock(*words).stdout == penstock(*words).stdout


def test_kinds_are_listed_and_described(penstock: Penstock) -> None:
    names = {kind["name"] for kind in printed_json(penstock("kinds", "--json"))}
    assert {"platform.echo", "platform.sleep", "platform.fail"} <= names
    assert all(name in penstock("kinds").stdout for name in names)
    described = penstock("kinds", "platform.sleep").stdout
    assert "How long to sleep, in seconds" in described
    assert "jobs submit platform.sleep" in described


def test_the_stream_of_a_running_job_ends_with_it(penstock: Penstock, platform: Platform) -> None:
    handle = platform.client.submit("platform.sleep", LONG)

    def cancel_once_running() -> None:
        await_job(handle, lambda job: job.state == "running")
        handle.cancel()

    canceller = threading.Thread(target=cancel_once_running)
    canceller.start()
    followed = penstock("jobs", "events", handle.id, "--follow", "--json")
    canceller.join()
    assert json.loads(followed.stdout.splitlines()[-1])["type"] == "job.cancelled"


def test_many_jobs_come_back_in_order(platform: Platform) -> None:
    assert list(platform.client.map("platform.echo", ({"n": n} for n in range(50)), tags=["herd"])) == [
        {"n": n} for n in range(50)
    ]
    assert len(list(platform.client.jobs(tag="herd", page=20))) == 50


def test_what_is_uploaded_can_be_named_in_params(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "series.csv"
    path.write_bytes(b"a,b\n1,2\n" * 100_000)
    uploaded = platform.client.upload(path)
    assert uploaded.bytes == path.stat().st_size
    echoed = platform.client.submit("platform.echo", {"series": uploaded.reference}).result(60)
    assert echoed == {"series": uploaded.reference}
