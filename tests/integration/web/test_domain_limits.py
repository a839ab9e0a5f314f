"""Limits that show when a domain is at work: how much it holds, reads and takes in, from both sides."""

from collections.abc import Callable
from typing import Any

import pytest

from core.platform.domains import windows
from core.platform.domains.memories import LARGEST_BYTES
from core.workloads.causal import stream_state
from core.workloads.windows import columns, domains, texts
from tests.integration.web.conftest import KeyClient

UPLOAD_BYTES = 128 << 10
"""What the web of these tests takes."""
RunJob = Callable[[str], dict[str, Any]]


def add_domain(client: KeyClient, name: str = "small", **fields: Any) -> str:
    body = {"name": name, "variables": ["a", "b"], "window_size": 2, **fields}
    answer = client.post("/api/v1/domains", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def submit(client: KeyClient, run_job: RunJob, kind: str, **params: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/jobs", json={"kind": kind, "params": params})
    assert answer.status_code == 202, answer.text
    return run_job(answer.get_json()["id"])


def table(rows: int, header: str = "a,b") -> bytes:
    return "\n".join([header, *(f"{row},{row * 0.5}" for row in range(rows))]).encode()


def test_as_many_domains_as_a_tenant_may_have(client: KeyClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert domains.MOST == 10_000
    monkeypatch.setattr(domains, "MOST", 2)
    first = add_domain(client, "first")
    add_domain(client, "second")
    for answer in (
        client.post("/api/v1/domains", json={"name": "third", "variables": ["a"]}),
        client.post(f"{first}/clone", json={"name": "third"}),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "domains_too_many")
    assert client.delete(first).status_code == 204
    add_domain(client, "third")


def test_an_upload_as_large_as_is_taken(client: KeyClient) -> None:
    home = add_domain(client)
    for size, status in ((UPLOAD_BYTES, 202), (UPLOAD_BYTES + 1, 413)):
        answer = client.post(f"{home}/windows", data=table(1).ljust(size, b"\n"))
        assert answer.status_code == status, answer.text


def test_an_upload_of_as_many_windows_as_are_kept(client: KeyClient, run_job: RunJob) -> None:
    home = add_domain(client, retention_windows=3)

    def upload(rows: int) -> dict[str, Any]:
        return run_job(client.post(f"{home}/windows", data=table(rows)).get_json()["id"])

    assert upload(6)["result"]["windows"] == 3
    refused = upload(7)
    assert (refused["state"], refused["error"]["code"]) == ("failed", "windows_too_many")
    assert [one["index"] for one in client.get(f"{home}/windows").get_json()["items"]] == [0, 1, 2]


def test_the_oldest_windows_go_when_one_too_many_comes(client: KeyClient, run_job: RunJob) -> None:
    normal = {"base": {"generator": "independent", "families": [{"family": "normal"}]}}
    home = add_domain(client, retention_windows=2, generator=normal)
    for count, kept in ((2, [0, 1]), (1, [1, 2])):
        assert submit(client, run_job, "windows.generate", domain="small", count=count)["state"] == "succeeded"
        assert [one["index"] for one in client.get(f"{home}/windows").get_json()["items"]] == kept


def test_as_long_a_span_as_is_read_at_once(client: KeyClient, run_job: RunJob) -> None:
    home = add_domain(client)
    run_job(client.post(f"{home}/windows", data=table(2)).get_json()["id"])
    longest = windows.LONGEST_SPAN
    assert submit(client, run_job, "windows.export", domain="small", first=0, last=longest - 1)["state"] == "succeeded"
    refused = submit(client, run_job, "windows.export", domain="small", first=0, last=longest)
    assert (refused["state"], refused["error"]["code"]) == ("failed", "span_invalid")


@pytest.mark.parametrize(("count", "fits"), [(256, True), (257, False)])
def test_columns_of_a_file(client: KeyClient, run_job: RunJob, count: int, *, fits: bool) -> None:
    lines = [",".join(f"v{place}" for place in range(count)), ",".join(["1"] * count)]
    told = submit(client, run_job, "windows.import", text="\n".join(lines))
    assert told["state"] == ("succeeded" if fits else "failed")
    if not fits:
        assert (told["error"]["code"], "257 columns" in told["error"]["message"]) == ("column_unfit", True)


@pytest.mark.parametrize(("count", "fits"), [(columns.MOST_CATEGORIES, True), (columns.MOST_CATEGORIES + 1, False)])
def test_different_words_of_a_column(client: KeyClient, run_job: RunJob, count: int, *, fits: bool) -> None:
    text = "\n".join(["word,x", *(f"w{number},{number}" for number in range(count))])
    told = submit(client, run_job, "windows.import", text=text, categorical=["word"])
    assert told["state"] == ("succeeded" if fits else "failed")
    if not fits:
        assert told["error"]["code"] == "column_unfit"


def test_as_many_flaws_are_told_as_there_may_be(client: KeyClient, run_job: RunJob) -> None:
    for wrong, named in ((texts.MOST_TOLD, texts.MOST_TOLD), (texts.MOST_TOLD + 1, texts.MOST_TOLD)):
        text = "\n".join(["a,b", "1,2", *["x,2"] * wrong])
        error = submit(client, run_job, "windows.import", text=text)["error"]
        assert (error["code"], error["message"].count("is no number")) == ("table_flawed", named)


def test_as_long_a_first_line_as_is_read(client: KeyClient, run_job: RunJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONGEST_HEADER", 100)
    for length, state in ((100, "succeeded"), (101, "failed")):
        told = submit(client, run_job, "windows.import", text=f"{'a' * (length - 2)},b\n1,2\n")
        assert told["state"] == state, told
    assert (told["error"]["code"], "first line is longer" in told["error"]["message"]) == ("table_flawed", True)


def test_as_large_a_memory_as_is_kept(client: KeyClient, run_job: RunJob) -> None:
    many = 256
    lag = max(lag for lag in range(1, 20) if stream_state.size_of(many, lag) <= LARGEST_BYTES)
    add_domain(client, variables=[f"v{number}" for number in range(many)])
    assert submit(client, run_job, "causal.update", domain="small", max_lag=lag)["state"] == "succeeded"
    refused = submit(client, run_job, "causal.update", domain="small", max_lag=lag + 1)
    assert refused["state"] == "failed"
    assert "more than a memory holds" in refused["error"]["message"]
