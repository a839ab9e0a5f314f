"""Random programs, many compiled as one by the host's toolchain, and each by itself for the Engine."""

from core.workloads.code.engine import emulation, machine
from core.workloads.code.engine.traps import Trap
from core.workloads.code.frontends.base import FrontEnd

STEPS = 3_000_000
TOO_MUCH = {Trap.STEP_LIMIT, Trap.HEAP, Trap.STACK}
MARK = "@@"
"""What a line begins with that tells whose output follows."""


def by_us(front_end: FrontEnd, source: str) -> str | None:
    """Give what a program prints, or None where it is too much for the Engine."""
    made = front_end.translate(source)
    assert made.program is not None, (source, made.diagnostics)
    ended = emulation.emulate(machine.start(made.program), STEPS, lambda _: True)
    if ended.report is not None and ended.report.trap in TOO_MUCH:
        return None
    assert ended.report is None, (source, ended.report, bytes(ended.machine.printer.rolls[1]))
    return bytes(ended.machine.printer.rolls[0]).decode()


def by_seed(printed: str) -> dict[int, str]:
    """Tell apart what programs printed that ran one after the other, each behind a mark and its seed."""
    parts = (part.partition("\n") for part in printed.split(MARK)[1:])
    return {int(seed): rest for seed, _, rest in parts}
