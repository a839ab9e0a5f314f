"""No harm that comes to the warm tier's file ever breaks a read."""

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.platform.breakers.base import Circuit
from core.platform.cache.tiers import Cache, Lifetime
from core.platform.cache.warm import WarmTier
from tests.integration.cache.conftest import Hands, Source

HOUR = Lifetime(fresh_s=3600.0)


@pytest.fixture
def filled(make_cache: Callable[[], Cache], source: Source) -> Path:
    """A warm tier's file with a hundred entries."""
    cache = make_cache()
    for number in range(100):
        cache.get(f"k{number}", source, HOUR)
    cache.warm.close()
    source.asked = 0
    return cache.warm.path


def reads(cache: Cache, source: Source) -> None:
    assert [cache.get(f"k{number}", source, HOUR) for number in range(100)] == ["water"] * 100


def test_a_row_that_was_changed_is_no_row(filled: Path, make_cache: Callable[[], Cache], source: Source) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE entries SET value = ? WHERE key = 'k7'", (b'"poison"',))
        connection.execute("UPDATE entries SET fresh_until = 9e9, stale_until = 9e9 WHERE key = 'k8'")
        connection.execute("UPDATE entries SET value = 'text' WHERE key = 'k9'")
    connection.close()
    cache = make_cache()
    reads(cache, source)
    assert (cache.warm.corrupted, source.asked) == (3, 3)


@pytest.mark.parametrize("length", [0, 1, 100, 4096, 5000, 9000])
def test_a_truncated_file(filled: Path, make_cache: Callable[[], Cache], source: Source, length: int) -> None:
    os.truncate(filled, length)
    reads(make_cache(), source)
    again = make_cache()
    reads(again, source)


@pytest.mark.parametrize("seed", range(8))
def test_a_file_with_wrong_bytes(filled: Path, make_cache: Callable[[], Cache], source: Source, seed: int) -> None:
    content = bytearray(filled.read_bytes())
    for place in range(seed * 37, len(content), 997):
        content[place] ^= 0xFF
    filled.write_bytes(content)
    reads(make_cache(), source)


def test_a_file_that_is_something_else(filled: Path, make_cache: Callable[[], Cache], source: Source) -> None:
    filled.write_bytes(b"#!/bin/sh\nexit 1\n" * 1000)
    reads(make_cache(), source)
    asked = source.asked
    reads(make_cache(), source)
    assert asked >= 99
    assert source.asked - asked <= 1


def test_a_folder_in_place_of_the_file_is_left_alone_after_five_failures(
    tmp_path: Path, make_cache: Callable[[], Cache], source: Source, clock: Hands
) -> None:
    (tmp_path / "cache" / "warm.db").mkdir(parents=True)
    cache = make_cache()
    reads(cache, source)
    assert (cache.counts["warm_failed"], cache.warm_circuit) == (5, Circuit.OPEN)
    (tmp_path / "cache" / "warm.db").rmdir()
    clock.move(60)
    cache.get("new", source, HOUR)
    assert cache.warm_circuit is Circuit.CLOSED


_AS_NOBODY = """
import os, sys
from pathlib import Path
from core.platform.cache.tiers import Cache, Lifetime
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
cache = Cache.at(Path(sys.argv[1]))
got = [cache.get(key, lambda: "asked", Lifetime(1e9)) for key in ("kept", "kept", "other", "other")]
print(got[0] in ("old", "asked"), got[2:], cache.hot.used_bytes > 0)
"""


def test_a_file_that_may_only_be_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = Cache.at(folder)
        assert kept.get("kept", lambda: "old", Lifetime(1e9)) == "old"
        kept.warm.close()
        for file in (folder / "cache").iterdir():
            file.chmod(0o444)
        folder.chmod(0o755)
        (folder / "cache").chmod(0o555)
        argv = [sys.executable, "-c", _AS_NOBODY, name]
        told = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
        (folder / "cache").chmod(0o755)
    assert told.stdout.splitlines()[-1] == "True ['asked', 'asked'] True", told.stderr


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys; from pathlib import Path; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "from core.platform.cache.tiers import Cache, Lifetime; cache = Cache.at(Path(sys.argv[1]));"
        "got = [cache.get(str(n), lambda: 'x' * 10_000, Lifetime(1e9)) for n in range(200)];"
        "print(len(got), set(map(len, got)), cache.counts['warm_failed'] > 0)"
    )
    argv = [sys.executable, "-c", program, str(tmp_path)]
    told = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert told.stdout.splitlines()[-1] == "200 {10000} True", told.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 200_000


def test_a_full_tier_lets_the_longest_unused_go(tmp_path: Path) -> None:
    warm = WarmTier(tmp_path / "warm.db", limit_bytes=1_000_000)
    cache = Cache(hot=Cache.at(tmp_path).hot, warm=warm)
    for number in range(1000):
        cache.get(f"k{number}", lambda: "x" * 10_000, HOUR)
    assert sum(file.stat().st_size for file in tmp_path.glob("warm.db")) <= 1_000_000
    assert warm.evicted > 0
    assert cache.counts["warm_failed"] == 0
    now = cache.clock().timestamp()
    assert warm.get("k999", now) is not None
    assert warm.get("k0", now) is None
