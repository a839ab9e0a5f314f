"""This file is about the host as a target: a program under its own toolchain, behind every wall of the sandbox."""

import functools
from dataclasses import dataclass, field
from typing import Any

from core.config import sandbox_without
from core.jobs.context import JobContext
from core.workloads.code.frontends.base import Diagnostic, Phase, Severity
from core.workloads.code.native import running, survey
from core.workloads.code.native.running import NativeRun
from core.workloads.code.native.toolchains.base import Complaint, Toolchain
from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Limits
from core.workloads.code.targets.base import Availability, RunOutcome, RunRequest, Target, TargetUnavailable
from core.workloads.code.verdicts import Verdict

_PHASES = {"compile": Phase.SEMANTIC, "run": Phase.RUN}


@dataclass(frozen=True, slots=True)
class Native:
    """Runs programs of every language whose toolchain is on this host and has passed its self-test."""

    name: str = "native"
    sandbox: Sandbox = field(default_factory=Sandbox)

    def availability(self, language: str) -> Availability:
        """Tell whether the host has a toolchain for the language, and whether it works behind the walls."""
        toolchain = survey.find_toolchains().get(language)
        if toolchain is None:
            return Availability(available=False, reason=f"no toolchain for {language} is declared in this version")
        found = _examined(self.sandbox, toolchain, sandbox_without())
        return Availability(found.available, found.version, found.reason)

    def run(self, request: RunRequest, context: JobContext) -> RunOutcome:
        """Compile and run; a wall that is missing is an internal error, and nothing ran."""
        toolchain = survey.find_toolchains().get(request.language)
        if toolchain is None:
            raise TargetUnavailable(f"no toolchain for {request.language} is declared in this version")
        context.progress(0.0, "running", toolchain.title)
        limits = Limits(
            wall_s=request.limits.wall_s,
            cpu_s=request.limits.wall_s,
            memory_mib=request.limits.memory_mib,
            output_bytes=request.limits.output_bytes,
        )
        try:
            ran = running.run(
                self.sandbox, toolchain, request.source, request.stdin.encode(), limits, sandbox_without()
            )
        except running.Unavailable as absent:
            raise TargetUnavailable(str(absent)) from absent
        except SandboxUnavailable as missing:
            said = Diagnostic(Phase.RUN, missing.detail, 1, 1, hint="The operator has to mend this; try again later.")
            return RunOutcome(Verdict.INTERNAL_ERROR, Phase.RUN.value, diagnostics=(said,), stderr=missing.detail)
        return _outcome(ran)


@functools.lru_cache(maxsize=64)  # a host's toolchains change with a new start of its workers
def _examined(sandbox: Sandbox, toolchain: Toolchain, without: frozenset[str]) -> survey.Availability:
    return survey.examine(sandbox, toolchain, without)


def _outcome(ran: NativeRun) -> RunOutcome:
    return RunOutcome(
        Verdict(ran.verdict),
        _PHASES[ran.phase].value,
        ran.limit_hit,
        stdout=ran.stdout.decode(errors="replace"),
        stderr=ran.stderr.decode(errors="replace"),
        exit_code=ran.exit_code,
        trap=_trap(ran.trap) if ran.trap else None,
        diagnostics=[_diagnostic(one) for one in ran.complaints],
        cpu_ms=round(ran.cpu_s * 1e3, 2),
        wall_ms=round(ran.wall_s * 1e3, 2),
        peak_memory_kib=ran.peak_kib,
        truncated={"stdout": ran.stdout_truncated, "stderr": ran.stderr_truncated},
        layers=ran.layers,
    )


def _trap(name: str) -> dict[str, Any]:
    """Write what ended a program in the terms of the Engine, whose cards and registers a host has not got."""
    nowhere = {"card": 0, "line": 0, "column": 0, "registers": {}, "recent": []}
    return {"kind": name, "message": f"the program was ended by {name}", **nowhere}


def _diagnostic(complaint: Complaint) -> Diagnostic:
    return Diagnostic(
        Phase.SEMANTIC,
        complaint.message,
        complaint.line or 1,
        complaint.column or 1,
        hint=complaint.hint,
        severity=Severity(complaint.severity),
    )


TARGET: Target = Native()
