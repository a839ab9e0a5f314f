"""Peers of benchmarks: installed only when there is something to ask them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli import _peers, main


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which locks' environments were asked for; none is made."""
    locks: list[str] = []

    def interpreter(lock: Path) -> Path:
        locks.append(lock.name)
        return Path("/nowhere/python")

    monkeypatch.setattr(_peers, "interpreter", interpreter)
    monkeypatch.setattr("webapp.cli.bench.subprocess.run", lambda *_, **__: _Ended())
    monkeypatch.delenv(_peers.VARIABLE, raising=False)
    return locks


class _Ended:
    returncode = 0


@pytest.mark.parametrize(
    ("words", "locks"),
    [
        (["causal", "verdicts"], []),
        (["causal"], []),
        (["windows", "generate"], []),
        (["simulation", "--help"], []),
        (["simulation", "--peers=python"], []),
        (["simulation"], ["requirements-simulation.lock"]),
        (["jobs"], ["requirements-peers.lock"]),
    ],
)
def test_who_gets_by_without_peers_waits_for_none(asked: list[str], words: list[str], locks: list[str]) -> None:
    assert CliRunner().invoke(main, ["bench", *words]).exit_code == 0
    assert asked == locks
