"""Breakers of several processes, and of one whose Redis is gone."""

import random
import subprocess
import sys
from collections.abc import Sequence

from core import redis
from core.platform.breakers.base import Circuit
from core.platform.breakers.breaker import Breakers
from core.platform.servers.ports import free_port

_PROCESS = """
import sys
from core import redis
from core.platform.breakers.breaker import Breakers
breakers = Breakers.through(redis.connect(sys.argv[1]))
admission = breakers.admit("it")
if admission.allowed:
    breakers.settle("it", admission.ticket, "no")
print(admission.allowed)
"""


def in_processes(count: int, url: str) -> Sequence[str]:
    started = [
        subprocess.Popen([sys.executable, "-c", _PROCESS, url], stdout=subprocess.PIPE, text=True) for _ in range(count)
    ]
    return [process.communicate(timeout=60)[0].split()[-1] for process in started]


def test_five_processes_that_fail_once_each_open_it_for_a_sixth(redis_url: str) -> None:
    assert in_processes(5, redis_url) == ["True"] * 5
    assert in_processes(1, redis_url) == ["False"]


def test_without_redis_each_process_keeps_its_own() -> None:
    breakers = Breakers.through(redis.connect(f"redis://127.0.0.1:{free_port(random.Random())}", timeout_s=0.2))
    for _ in range(5):
        breakers.settle("it", breakers.admit("it").ticket, "no")
    assert not breakers.admit("it").allowed
    assert breakers.standings()[0].circuit is Circuit.OPEN
    assert not breakers.is_shared
