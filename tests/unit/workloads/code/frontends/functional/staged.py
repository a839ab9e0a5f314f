"""Running programs of functional languages wherever they run: the IR's interpreter and the Engine."""

from collections.abc import Iterator

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import emulation, machine
from core.workloads.code.frontends.base import FrontEnd, Severity
from core.workloads.code.frontends.functional.linking import link
from core.workloads.code.ir.interpreter import Interpreter
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.verifier import verify
from core.workloads.code.passes.pipeline import optimize

STEPS = 20_000_000
Outcome = tuple[str, str]
"""What was printed, and why the program stopped (nothing if it came to its end)."""


def outcomes(module: Module, registers: tuple[int, ...], stdin: bytes = b"") -> Iterator[tuple[str, Outcome]]:
    """Run a module by the interpreter of the IR, before and after the passes, and on the Engine."""
    library = link(module)
    yield "as written", interpreted(module, stdin)
    optimize(module, keep=library)
    yield "optimized", interpreted(module, stdin)
    for count in registers:
        ended = emulation.emulate(machine.start(generate(module, count, library), stdin=stdin), STEPS, lambda _: True)
        trap = ended.report.trap.value if ended.report else ""
        yield f"{count} registers", (ended.machine.printer.rolls[0].decode(), trap)


def interpreted(module: Module, stdin: bytes) -> Outcome:
    assert verify(module) == []
    streams = Streams(stdin)
    stop = Interpreter(module, streams, STEPS).run()
    return bytes(streams.rolls[0]).decode(), stop.trap


def ran(front_end: FrontEnd, source: str, stdin: bytes = b"") -> Outcome:
    """Run a source on the Engine."""
    translated = front_end.translate(source)
    assert translated.program is not None, (source, translated.diagnostics)
    ended = emulation.emulate(machine.start(translated.program, stdin=stdin), STEPS, lambda _: True)
    return ended.machine.printer.rolls[0].decode(), ended.report.trap.value if ended.report else ""


def misplaced(front_end: FrontEnd, line: str) -> object:
    """Give what is told of an invalid program where that is not what its line says: `phase | message | source`.

    In the source `§` stands before the place of the first error, and `⏎` for the end of a line.
    """
    phase, part, marked = line.split(" | ", 2)
    marked = marked.replace("⏎", "\n")
    at = marked.index("§")
    place = (marked.count("\n", 0, at) + 1, at - marked.rfind("\n", 0, at))
    found = front_end.check(marked.replace("§", "")).diagnostics
    errors = [one for one in found if one.severity is Severity.ERROR]
    if not errors:
        return "no error"
    first = errors[0]
    right = part in first.message and (first.phase.value, first.line, first.column) == (phase, *place)
    return None if right else first
