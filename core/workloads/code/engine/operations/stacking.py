"""This file is about the stack, which comes down from the Store's end, and the frames on it."""

from core.workloads.code.engine.cards import Card
from core.workloads.code.engine.machine import TOO_DEEP, Machine
from core.workloads.code.engine.operations.base import Form, Operation
from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import STORE_WORDS


def _push(machine: Machine, card: Card) -> None:
    """S ← S − 1, V[S] ← x."""
    machine.push(machine.operand(card))


def _pop(machine: Machine, card: Card) -> None:
    """r ← V[S], S ← S + 1."""
    machine.registers[card.r] = machine.pop()


def _enter(machine: Machine, card: Card) -> None:
    """Push F, take n columns more, F ← S.

    So the n locals are V[F] to V[F+n−1], the caller's F is V[F+n], the return card V[F+n+1], arguments lie beyond.
    """
    stack = machine.stack - 1 - card.value
    if stack < machine.floor:
        raise Trapped(
            Trap.STACK,
            f"the stack reached V{machine.floor}, where the heap or the data end{TOO_DEEP}",
        )
    machine.store[machine.stack - 1] = machine.frame
    machine.stack = machine.frame = stack


def _leave(machine: Machine, card: Card) -> None:
    """S ← F + n, then pop F: give back what ENT n took."""
    place = machine.frame + card.value
    if not 0 <= place < STORE_WORDS:
        raise Trapped(Trap.STORE_BOUNDS, f"there is no frame to leave: no column V{place}")
    frame = machine.store[place]
    if not 0 <= frame <= STORE_WORDS:
        overwritten = f"V{place}, which kept the caller's frame, was overwritten with {frame}"
        raise Trapped(Trap.STORE_BOUNDS, f"{overwritten}: something was written beyond its array")
    machine.frame, machine.stack = frame, place + 1


def _adjust(machine: Machine, card: Card) -> None:
    """S ← S + n: drop n words where n is positive, take n columns with what is in them where it is negative."""
    stack = machine.stack + card.value
    if not machine.floor <= stack <= STORE_WORDS:
        raise Trapped(Trap.STACK, f"the stack would be at V{stack}")
    machine.stack = stack


def _load_stack(machine: Machine, card: Card) -> None:
    """r ← S."""
    machine.registers[card.r] = machine.stack


def _set_stack(machine: Machine, card: Card) -> None:
    """S ← x."""
    stack = machine.operand(card)
    if not machine.floor <= stack <= STORE_WORDS:
        raise Trapped(Trap.STACK, f"the stack would be at V{stack}")
    machine.stack = stack


def _load_frame(machine: Machine, card: Card) -> None:
    """r ← F."""
    machine.registers[card.r] = machine.frame


def _set_frame(machine: Machine, card: Card) -> None:
    """F ← x."""
    frame = machine.operand(card)
    if not 0 <= frame <= STORE_WORDS:
        raise Trapped(Trap.STORE_BOUNDS, f"the frame would be at V{frame}, and the Store ends with V{STORE_WORDS - 1}")
    machine.frame = frame


_STACK = (Trap.STACK,)
_BOUNDS = (Trap.STORE_BOUNDS,)

OPERATIONS = (
    Operation(53, "PUSH", Form.X, _push, _STACK, anachronism=True),
    Operation(54, "POP", Form.R, _pop, _BOUNDS, anachronism=True),
    Operation(55, "ENT", Form.N, _enter, _STACK, anachronism=True),
    Operation(56, "LVE", Form.N, _leave, _BOUNDS, anachronism=True),
    Operation(57, "ADS", Form.N, _adjust, _STACK, anachronism=True),
    Operation(58, "LDS", Form.R, _load_stack, anachronism=True),
    Operation(59, "STS", Form.X, _set_stack, _STACK, anachronism=True),
    Operation(60, "LDF", Form.R, _load_frame, anachronism=True),
    Operation(61, "STF", Form.X, _set_frame, _BOUNDS, anachronism=True),
)
