"""Of many processes and threads that miss one key at once, one asks the source."""

import subprocess
import sys
from pathlib import Path

from core.platform.cache.tiers import Cache, Lifetime
from tests.waiting import eventually

_PROCESS = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from core.platform.cache.tiers import Cache, Lifetime
folder, threads = Path(sys.argv[1]), int(sys.argv[2])
cache = Cache.at(folder)
def load():
    with open(folder / "asked", "a") as file:
        file.write("x")
    time.sleep(0.2)
    return "water"
(folder / f"ready-{sys.argv[3]}").touch()
while not (folder / "go").exists():
    time.sleep(0.002)
with ThreadPoolExecutor(threads) as pool:
    print(set(pool.map(lambda _: cache.get("k", load, Lifetime(60.0)), range(threads))))
"""


def test_two_hundred_misses_in_four_processes_ask_the_source_once(tmp_path: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS, str(tmp_path), "50", str(number)], stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    eventually(lambda: len(list(tmp_path.glob("ready-*"))) == 4)
    (tmp_path / "go").touch()
    assert [process.communicate(timeout=60)[0].split()[-1] for process in started] == ["{'water'}"] * 4
    assert (tmp_path / "asked").read_text() == "x"


def test_caches_that_share_no_file_do_not_hear_of_each_other(tmp_path: Path) -> None:
    """What the mechanism is for."""
    asked: list[int] = []
    for number in range(4):
        Cache.at(tmp_path / str(number)).get("k", lambda: [asked.append(1)], Lifetime(60.0))  # type: ignore[func-returns-value]  # counted, not answered
    assert len(asked) == 4
