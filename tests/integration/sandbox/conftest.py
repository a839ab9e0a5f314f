"""One sandbox for all tests of a worker, and hostile programs to run in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Ending, Limits, Order
from tests.integration.sandbox.attacks.base import Attack

PYTHON, GCC = "/usr/bin/python3", "/usr/bin/gcc"
_COMPILED: dict[str, bytes] = {}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox with every layer; skips where this machine has not got them all."""
    with Sandbox() as opened:
        try:
            opened.run(Order(("/bin/true",)))
        except SandboxUnavailable as reason:
            pytest.skip(str(reason))
        yield opened


def perform(sandbox: Sandbox, attack: Attack, *, without: frozenset[str] = frozenset(), limits: Limits) -> Ending:
    """Run an attack, with some walls taken away."""
    if attack.language == "python":
        _require(PYTHON)
        order = Order((PYTHON, "-I", "-c", attack.source), stdin=attack.stdin, collect=attack.collect)
    else:
        _require(GCC)
        order = Order(("./attack",), files={"attack": _compiled(sandbox, attack.source)})
    return sandbox.run(replace(order, limits=limits, without=without))


def _compiled(sandbox: Sandbox, source: str) -> bytes:
    key = hashlib.sha256(source.encode()).hexdigest()
    if key not in _COMPILED:
        argv = (GCC, "-w", "-O0", "-o", "attack", "attack.c")
        ending = sandbox.run(Order(argv, files={"attack.c": source.encode()}, collect=("attack",)))
        assert ending.exit_code == 0, ending.stderr.decode()
        _COMPILED[key] = ending.collected["attack"]
    return _COMPILED[key]


def _require(program: str) -> None:
    if not Path(program).exists():
        pytest.skip(f"there is no {program} on this machine")
