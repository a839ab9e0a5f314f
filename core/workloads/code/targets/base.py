"""This file is about what every target promises: to run a source text once, within limits, and tell what came of it."""

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.errors import Conflict
from core.jobs.context import JobContext
from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.verdicts import Verdict

NAMES = ("engine", "native")


class TargetUnavailable(Conflict):
    """This platform cannot run that language on that target."""

    code = "target_unavailable"


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What one run may use."""

    steps: int = 20_000_000
    wall_s: float = 10.0
    memory_mib: int = 256
    output_bytes: int = 1 << 16
    """Of stdout and stderr together."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One source text to be run once."""

    language: str
    source: str
    stdin: str = ""
    limits: RunLimits = RunLimits()
    emit: frozenset[str] = frozenset()
    trace: Mapping[str, Any] = field(default_factory=dict)
    """Which part of the run is traced, where `trace` is asked for."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How it went; the fields are those of the result of `code.run`."""

    verdict: Verdict
    phase: str
    limit_hit: str | None = None
    stdout: str = ""
    stderr: str = ""
    exit_code: int | None = None
    trap: Mapping[str, Any] | None = None
    diagnostics: Sequence[Diagnostic] = ()
    tokens: Any = None
    ast: Any = None
    ir: Any = None
    assembly: str | None = None
    machine_code: Any = None
    trace: Any = None
    punched: Sequence[str] = ()
    rung: int = 0
    cards_executed: int = 0
    engine_seconds: int = 0
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    peak_memory_kib: int = 0
    truncated: Mapping[str, bool] = field(default_factory=lambda: {"stdout": False, "stderr": False})
    layers: Sequence[str] = ()
    """Layers of the sandbox that held the run."""


class Target(Protocol):
    """Something that programs run on."""

    @property
    def name(self) -> str:
        """What `target` says."""

    def run(self, request: RunRequest, context: JobContext) -> RunOutcome:
        """Run a program; whatever the program does is told in the outcome.

        Raises `TargetUnavailable`, and errors of `core.errors` that are the platform's own; passes checkpoints of the
        context now and then.
        """


def find(name: str) -> Target:
    """Return a target; raises `TargetUnavailable` where this version has none of that name."""
    module = f"{__package__}.{name}"
    if importlib.util.find_spec(module) is None:
        raise TargetUnavailable(f"there is no target {name} in this version")
    target: Target = importlib.import_module(module).TARGET
    return target
