"""This file is about the host as a target: a program under its own toolchain, behind every wall of the sandbox."""

from dataclasses import dataclass, field
from typing import Any

from core.config import sandbox_without
from core.jobs.context import JobContext
from core.workloads.code.frontends.base import Diagnostic, Phase, Severity
from core.workloads.code.native import running, survey
from core.workloads.code.native.running import NativeRun
from core.workloads.code.native.toolchains.base import Complaint
from core.workloads.code.sandbox.asking import Sandbox, SandboxUnavailable
from core.workloads.code.sandbox.launcher.orders import Limits
from core.workloads.code.sandbox.remedies import remedy
from core.workloads.code.targets.base import RunOutcome, RunRequest, Target, TargetUnavailable
from core.workloads.code.verdicts import Verdict

ENDED_BY = {
    "SIGSEGV": "the program touched memory that is not its own (SIGSEGV): a null pointer, an index beyond an array's"
    " end, or a recursion without end",
    "SIGFPE": "a division by zero of integers (SIGFPE)",
    "SIGABRT": "the program called abort() (SIGABRT), as a failed assert() does",
    "SIGBUS": "the program touched memory that is not there (SIGBUS)",
    "SIGILL": "the processor met what is no instruction (SIGILL): a call through a wrong pointer, or a way to the end"
    " of a function without a return",
    "SIGTRAP": "the program stopped itself at a trap (SIGTRAP)",
    "SIGSYS": "the program made a system call that is not allowed here (SIGSYS)",
    "SIGPIPE": "the program wrote where nobody reads (SIGPIPE)",
    "RecursionError": "an exception that nothing caught, RecursionError: a function calls itself without end",
}
"""What is told of signals and exceptions that students meet."""
_PHASES = {"compile": Phase.SEMANTIC, "run": Phase.RUN}


@dataclass(frozen=True, slots=True)
class Native:
    """Runs programs of every language whose toolchain is on this host and has passed its self-test."""

    name: str = "native"
    sandbox: Sandbox = field(default_factory=Sandbox)

    def run(self, request: RunRequest, context: JobContext) -> RunOutcome:
        """Compile and run; a wall that is missing is an internal error, and nothing ran."""
        toolchain = survey.find_toolchains().get(request.language)
        if toolchain is None:
            here = " and ".join(sorted(survey.find_toolchains()))
            told = f"natively {here} run in this version, {request.language} does not"
            raise TargetUnavailable(f"{told}; GET /languages tells what runs where")
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
            return RunOutcome(
                Verdict.INTERNAL_ERROR, Phase.RUN.value, diagnostics=(_missing(missing),), stderr=missing.detail
            )
        return _outcome(ran)


def _missing(missing: SandboxUnavailable) -> Diagnostic:
    """Say that nothing ran for want of a layer, to the student and to whoever can mend it."""
    message = f"sandbox_unavailable:{missing.layer}: this host cannot hold the program, so it did not run"
    reason = missing.reason.strip() or "no reason was given"
    hint = f"this is no fault of the program; {reason}; {remedy(missing.layer)}"
    return Diagnostic(Phase.RUN, message, 1, 1, hint=hint)


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
    return {"kind": name, "message": ENDED_BY.get(name, f"the program was ended by {name}"), **nowhere}


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
