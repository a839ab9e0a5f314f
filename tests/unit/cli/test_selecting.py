"""Commands about many jobs: what they send, when they ask, what they tell."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result
from penstock_client import Client

from webapp.cli import main
from webapp.cli._remote import Remote

Run = Callable[..., Result]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was sent to a platform that would change three of four jobs."""
    sent: list[tuple[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        sent.append((request.url.path, body))
        skipped = {"already_final": 0, "unique_key_held": 1}
        return httpx2.Response(200, json={"matched": 4, "changed": 3, "skipped": skipped, "next_cursor": None})

    client = Client("http://penstock.test", "psk_1", transport=httpx2.MockTransport(answer))
    monkeypatch.setattr(Remote, "connect", lambda _remote: client)
    return sent


@pytest.fixture
def run(asked: list[tuple[str, Any]]) -> Run:
    """Run a command against it."""
    return lambda *words, stdin="": CliRunner().invoke(main, ["jobs", *words], input=stdin)


def test_it_asks_with_the_count_of_a_dry_run_and_then_does_it(run: Run, asked: list[tuple[str, Any]]) -> None:
    ended = run("retry", "--state", "failed", "--tag", "nightly", stdin="y\n")
    assert (ended.exit_code, ended.stdout) == (0, "retry: 3 of 4 job(s) (1 unique key held)\n")
    assert "Retry 3 job(s)?" in ended.stderr
    meant = {"filter": {"state": "failed", "tag": "nightly"}, "all": False}
    assert asked == [("/api/v1/jobs/retry", {**meant, "dry_run": dry_run}) for dry_run in (True, False)]


@pytest.mark.parametrize("stdin", ["n\n", ""])
def test_without_agreement_nothing_is_done(run: Run, asked: list[tuple[str, Any]], stdin: str) -> None:
    ended = run("cancel", "--all", stdin=stdin)
    assert (ended.exit_code, ended.stdout) == (130, "")
    assert [body["dry_run"] for _, body in asked] == [True]


def test_agreed_beforehand_it_does_not_ask(run: Run, asked: list[tuple[str, Any]]) -> None:
    ended = run("cancel", "--kind", "platform.echo", "--yes", "--json")
    assert json.loads(ended.stdout) == {
        "matched": 4,
        "changed": 3,
        "skipped": {"already_final": 0, "unique_key_held": 1},
        "dry_run": False,
    }
    assert [body["dry_run"] for _, body in asked] == [False]


@pytest.mark.parametrize("more", [[], ["--yes"]])
def test_a_dry_run_only_tells(run: Run, asked: list[tuple[str, Any]], more: list[str]) -> None:
    ended = run("cancel", "--all", "--dry-run", *more)
    assert ended.stdout == "cancel: 3 of 4 job(s) (1 unique key held), if it were not a dry run\n"
    assert asked == [("/api/v1/jobs/cancel", {"filter": {}, "all": True, "dry_run": True})]


@pytest.mark.parametrize("words", [["cancel"], ["cancel", "--yes"], ["retry", "some-id", "--state", "failed"]])
def test_which_jobs_are_meant_has_to_be_said_in_one_way(
    run: Run, asked: list[tuple[str, Any]], words: list[str]
) -> None:
    ended = run(*words)
    assert (ended.exit_code, ended.stdout, asked) == (2, "", [])
