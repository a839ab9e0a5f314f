"""Running a program whose values are words wherever it can run: by the interpreter of the IR, and on the Engine."""

from collections.abc import Iterator, Sequence

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import emulation, machine
from core.workloads.code.engine.validation import verify as verify_cards
from core.workloads.code.frontends.words.library import Library
from core.workloads.code.ir.interpreter import Interpreter
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.verifier import verify
from core.workloads.code.passes.pipeline import optimize

STEPS = 30_000_000
Ran = tuple[str, str, object]
"""What was printed on both rolls, and the trap or the exit code that ended it, None where it ended well."""


def outcomes(
    module: Module, library: Library, stdin: bytes, registers: Sequence[int], *, interpret: bool
) -> Iterator[tuple[str, Ran]]:
    """Run a program by the interpreter of the IR, before and after the passes, and on the Engine."""
    joined = library.link(module)
    if interpret:
        yield "as written", interpreted(module, stdin)
    optimize(module, keep=joined)
    if interpret:
        yield "optimized", interpreted(module, stdin)
    for count in registers:
        program = generate(module, count, joined)
        verify_cards(program)
        ended = emulation.emulate(machine.start(program, stdin=stdin), STEPS, lambda _: True)
        stdout, stderr = (bytes(one).decode() for one in ended.machine.printer.rolls)
        trap = ended.report.trap.value if ended.report else None
        yield f"{count} registers", (stdout, stderr, trap or ended.machine.exit_value or None)


def interpreted(module: Module, stdin: bytes) -> Ran:
    """Run a program by the interpreter of the IR."""
    assert verify(module) == []
    streams = Streams(stdin)
    stop = Interpreter(module, streams, STEPS).run()
    stdout, stderr = (bytes(one).decode() for one in streams.rolls)
    return stdout, stderr, stop.trap or stop.exit_code or None
