"""This file is about the Mill as Babbage drew it: two ingress axes, one egress axis, the upper halves of two of them.

The cards of the Fourmilab emulator's decks become these. An operation card stays in force; the second number that
reaches an ingress axis has it carried out. The run-up lever is cleared before each, and set where a sum runs out of the
word (the lowest 50 digits stay), where sum or difference and the first number differ in sign, by a division by zero,
and by a quotient of more than 50 digits.
"""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import Machine, Mill
from core.workloads.code.engine.operations.base import Form, Operation
from core.workloads.code.engine.operations.pictures import drawn
from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import RUN_UP, fits, truncated

ADD, SUBTRACT, MULTIPLY, DIVIDE = 1, 2, 3, 4


def _set_operation(machine: Machine, card: Card) -> None:
    """Turn the Mill to an operation: n is 1 to add, 2 to subtract, 3 to multiply, 4 to divide."""
    machine.mill.operation = card.value


def _ingress(machine: Machine, card: Card) -> None:
    """The next ingress axis ← m; where it is the second, carry the operation out."""
    take_in(machine, machine.store[machine.address(card)])


def _ingress_zeroing(machine: Machine, card: Card) -> None:
    """The next ingress axis ← m, and m ← 0; where it is the second, carry the operation out."""
    address = machine.address(card)
    take_in(machine, machine.store[address])
    machine.store[address] = 0


def _ingress_upper(machine: Machine, card: Card) -> None:
    """The upper half of the first ingress axis ← m."""
    machine.mill.ingress_upper = machine.store[machine.address(card)]


def _ingress_upper_zeroing(machine: Machine, card: Card) -> None:
    """The upper half of the first ingress axis ← m, and m ← 0."""
    address = machine.address(card)
    machine.mill.ingress_upper = machine.store[address]
    machine.store[address] = 0


def _egress(machine: Machine, card: Card) -> None:
    """m ← the egress axis: sum, difference, lower half of the product, remainder."""
    machine.store[machine.address(card)] = machine.mill.egress


def _egress_upper(machine: Machine, card: Card) -> None:
    """m ← the upper egress axis: upper half of the product, quotient."""
    machine.store[machine.address(card)] = machine.mill.egress_upper


def _step_up(machine: Machine, card: Card) -> None:
    """Step the first ingress axis up by n decimal places, into its upper half."""
    mill = machine.mill
    upper, lower = truncated((mill.ingress_upper * RUN_UP + mill.ingress) * 10**card.value, RUN_UP)
    if not fits(upper):
        raise Trapped(Trap.OVERFLOW, "the dividend runs out of both ingress axes")
    mill.ingress_upper, mill.ingress = upper, lower


def _step_down(machine: Machine, card: Card) -> None:
    """Step both egress axes down by n decimal places."""
    mill = machine.mill
    value = truncated(mill.egress_upper * RUN_UP + mill.egress, 10**card.value)[0]
    mill.egress_upper, mill.egress = truncated(value, RUN_UP)


def _print(machine: Machine, card: Card) -> None:
    """Print the egress axis through the picture in force, and begin a new line if numbers are written in rows."""
    mill = machine.mill
    machine.printer.put((drawn(mill.picture, mill.egress) + ("\n" if mill.in_rows else "")).encode())


def _annotate(machine: Machine, card: Card) -> None:
    """Print the program's message n."""
    machine.printer.put(machine.program.messages.get(card.value, "").encode())


def _set_picture(machine: Machine, card: Card) -> None:
    """Write numbers through the program's message n as a picture from now on; 0: plainly."""
    machine.mill.picture = machine.program.messages.get(card.value, "") if card.value else ""


def _set_rows(machine: Machine, card: Card) -> None:
    """Write numbers each in a row of its own (n is 1) or in columns (0) from now on."""
    machine.mill.in_rows = card.value != 0


def take_in(machine: Machine, value: int) -> None:
    """Give a number to the next ingress axis; where it is the second, carry the operation out."""
    mill = machine.mill
    if not mill.ready:
        mill.ingress, mill.ready, mill.egress, mill.egress_upper = value, True, 0, 0
        return
    first, operation = mill.ingress, mill.operation
    upper, run_up = 0, False
    if operation in (ADD, SUBTRACT):
        exact = first + value if operation == ADD else first - value
        egress = exact if fits(exact) else truncated(exact, RUN_UP)[1]
        run_up = exact != egress or (first < 0) != (egress < 0)
    elif operation == MULTIPLY:
        upper, egress = truncated(first * value, RUN_UP)
    elif operation == DIVIDE:
        upper, egress, run_up = _divided(mill, value)
    else:
        raise Trapped(Trap.BAD_CARD, "the Mill was given two numbers and no operation")
    machine.run_up = run_up
    mill.ready, mill.ingress, mill.ingress_upper, mill.egress, mill.egress_upper = False, 0, 0, egress, upper


def _divided(mill: Mill, divisor: int) -> tuple[int, int, bool]:
    """Return quotient, remainder and whether the lever is set, all axes then being zero."""
    if divisor == 0:
        return 0, 0, True
    quotient, remainder = truncated(mill.ingress_upper * RUN_UP + mill.ingress, divisor)
    return (quotient, remainder, False) if fits(quotient) else (0, 0, True)


_OVERFLOW = (Trap.OVERFLOW,)
_PRINTS = (Trap.OUTPUT_LIMIT,)

OPERATIONS = (
    Operation(98, "MOP", Form.N, _set_operation),
    Operation(99, "MIN", Form.M, _ingress, (Trap.BAD_CARD,)),
    Operation(100, "MIZ", Form.M, _ingress_zeroing, (Trap.BAD_CARD,)),
    Operation(101, "MIU", Form.M, _ingress_upper),
    Operation(102, "MZU", Form.M, _ingress_upper_zeroing),
    Operation(103, "MEG", Form.M, _egress),
    Operation(104, "MEU", Form.M, _egress_upper),
    Operation(105, "MSU", Form.N, _step_up, _OVERFLOW),
    Operation(106, "MSD", Form.N, _step_down),
    Operation(107, "MPR", Form.NOTHING, _print, _PRINTS),
    Operation(108, "MAN", Form.N, _annotate, _PRINTS),
    Operation(109, "MPI", Form.N, _set_picture),
    Operation(110, "MRW", Form.N, _set_rows),
)
