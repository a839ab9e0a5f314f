"""This file is about the Engine as a target: translate in this process, emulate in stretches, tell the end."""

import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.jobs import memory
from core.jobs.context import JobContext
from core.workloads.code import verdicts
from core.workloads.code.engine import emulation, listing, machine, punching, tracing
from core.workloads.code.engine.cards import Program
from core.workloads.code.engine.emulation import Ended
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.traps import Trap, TrapReport
from core.workloads.code.frontends import languages, translation
from core.workloads.code.frontends.base import Severity, Translation
from core.workloads.code.targets.base import RunOutcome, RunRequest, Target, TargetUnavailable
from core.workloads.code.verdicts import Verdict

MOST_SHOWN_CARDS = 8_000
"""Cards of a listing in a result; of longer chains the rest is cut, and `truncated` says so."""
_TRACED_STEPS = 2_000
_UNCAUGHT = {Trap.RAISED, Trap.DIV_ZERO}
"""Traps that are errors of the language, and not the Engine's end."""


@dataclass(frozen=True, slots=True)
class _Meter:
    cpu_s: float
    wall_s: float

    def read(self) -> dict[str, Any]:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu_ms, wall_ms = (time.process_time() - self.cpu_s) * 1e3, (time.perf_counter() - self.wall_s) * 1e3
        return {"cpu_ms": round(cpu_ms, 2), "wall_ms": round(wall_ms, 2), "peak_memory_kib": peak}


@dataclass(frozen=True, slots=True)
class Engine:
    """Runs programs of every language that has a front end."""

    name: str = "engine"

    def run(self, request: RunRequest, context: JobContext) -> RunOutcome:
        """Translate and emulate."""
        meter = _Meter(time.process_time(), time.perf_counter())
        try:
            front_end = languages.find(request.language)
        except languages.LanguageAbsent as absent:
            raise TargetUnavailable(str(absent)) from absent
        try:
            with memory.limited(request.limits.memory_mib):
                outcome = self._run(request, translation.translate(front_end, request.source, request.emit), context)
        except MemoryError:
            memory.release()
            outcome = RunOutcome(Verdict.MEMORY_LIMIT, "run", "memory")
        return replace(outcome, **meter.read())

    def _run(self, request: RunRequest, translated: Translation, context: JobContext) -> RunOutcome:
        shown: dict[str, Any] = {
            name: translated.shown.get(name) for name in ("tokens", "ast", "ir") if name in request.emit
        }
        if translated.program is None:
            phase = next(one for one in translated.diagnostics if one.severity is Severity.ERROR).phase.value
            return RunOutcome(Verdict.COMPILE_ERROR, phase, diagnostics=translated.diagnostics, **shown)
        started = machine.start(
            translated.program, stdin=request.stdin.encode(), output_bytes=request.limits.output_bytes
        )
        trace = _trace(request, translated.program)
        ended = emulation.emulate(started, request.limits.steps, _pause(request, context))
        outcome = replace(_outcome(ended), exit_code=_exit_code(request, ended))
        return replace(outcome, diagnostics=translated.diagnostics, trace=trace, **shown, **_listed(request, ended))


def _pause(request: RunRequest, context: JobContext) -> emulation.Pause:
    end = time.monotonic() + request.limits.wall_s

    def pause(running: Machine) -> bool:
        context.progress(running.steps / request.limits.steps, "running", f"{running.steps} cards")
        return time.monotonic() < end

    return pause


def _outcome(ended: Ended) -> RunOutcome:
    engine, report = ended.machine, ended.report
    verdict, limit = verdicts.of_trap(report.trap) if report else (Verdict.OK, None)
    cut = report is not None and report.trap is Trap.OUTPUT_LIMIT
    roll = engine.printer.selected
    return RunOutcome(
        verdict,
        "run",
        limit,
        stdout=_text(engine.printer.rolls[0], cut=cut and roll == 0),
        stderr=_text(engine.printer.rolls[1], cut=cut and roll == 1),
        trap=_trap(report, engine.program) if report else None,
        punched=[str(number) for number in engine.printer.punched],
        rung=engine.printer.rung,
        cards_executed=engine.steps,
        engine_seconds=engine.seconds,
        truncated={"stdout": cut and roll == 0, "stderr": cut and roll == 1},
    )


def _exit_code(request: RunRequest, ended: Ended) -> int | None:
    """Say what a host would say: what the program gave back, or what its language gives back for an uncaught error."""
    if ended.report is None:
        return ended.machine.exit_value
    return languages.find(request.language).uncaught if ended.report.trap in _UNCAUGHT else None


def _text(roll: bytearray, *, cut: bool) -> str:
    """Read what was printed as text; a character that the limit cut in two is left out."""
    return bytes(roll).decode("utf-8", "ignore" if cut else "replace")


def _trap(report: TrapReport, program: Program) -> dict[str, Any]:
    return {
        "kind": report.trap.value,
        "message": report.message,
        "card": report.card,
        "line": report.line,
        "column": report.column,
        "registers": report.registers,
        "recent": [
            {"card": number, "text": listing.card_text(program.cards[number]), "line": program.cards[number].line}
            for number in report.recent
        ],
    }


def _listed(request: RunRequest, ended: Ended) -> dict[str, Any]:
    program = ended.machine.program
    short = replace(program, cards=program.cards[:MOST_SHOWN_CARDS])
    listed: dict[str, Any] = {}
    if "assembly" in request.emit:
        listed["assembly"] = listing.listing(short)
    if "machine_code" in request.emit:
        listed["machine_code"] = list(punching.machine_code(short.cards))
    if listed and len(program.cards) > MOST_SHOWN_CARDS:
        listed["truncated"] = {**_outcome(ended).truncated, **dict.fromkeys(listed, True)}
    return listed


def _trace(request: RunRequest, program: Program) -> Mapping[str, Any] | None:
    if "trace" not in request.emit:
        return None
    fresh = machine.start(program, stdin=request.stdin.encode(), output_bytes=request.limits.output_bytes)
    wanted = tracing.Window(**{"steps": _TRACED_STEPS, **request.trace})
    return tracing.trace(fresh, wanted, request.limits.steps)


TARGET: Target = Engine()
