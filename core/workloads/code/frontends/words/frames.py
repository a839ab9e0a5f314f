"""Functions whose values the garbage collector must find: they keep them in slots of the frame, not in registers."""

from collections.abc import Callable, Sequence

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.types import WORD

Thunk = Callable[[], Operand]
"""Writes the instructions that compute a value, when it is called."""


PREFIX = "lib."
"""Names of the library's functions and variables begin so."""
_HANDLER = PREFIX + "HANDLER"
_ABOVE = 3


class FrameBuilder(FunctionBuilder):
    """A function in the making, with words of the frame to keep values in while something else may collect garbage."""

    def __init__(self, *args: object, **named: object) -> None:
        self._idle: list[str] = []
        super().__init__(*args, **named)  # type: ignore[arg-type]  # those of FunctionBuilder

    def read(self, slot: str) -> Register:
        """Read a slot of one word."""
        return self.compute("peek", WORD, self.compute("slot", WORD, symbol=slot))

    def write(self, slot: str, value: Operand) -> None:
        """Write a slot of one word."""
        self.poke(self.compute("slot", WORD, symbol=slot), value)

    def keep(self, value: Operand) -> str:
        """Put a value into a slot that nobody uses; `drop` gives the slot back."""
        slot = self._idle.pop() if self._idle else self.slot("kept", 1)
        self.write(slot, value)
        return slot

    def drop(self, slot: str) -> None:
        """Give back a slot of `keep`."""
        self._idle.append(slot)

    def take(self, slot: str) -> Register:
        """Read a slot of `keep` and give it back."""
        self.drop(slot)
        return self.read(slot)

    def settle(self, parts: Sequence[tuple[Thunk, bool]]) -> list[Operand]:
        """Compute values one after another; each part says whether computing it may collect garbage.

        What was computed before such a part waits in a slot meanwhile.
        """
        last = max((place for place, (_, collects) in enumerate(parts) if collects), default=0)
        found: list[Operand | str] = []
        for place, (thunk, _) in enumerate(parts):
            value = thunk()
            found.append(self.keep(value) if place < last and not isinstance(value, int) else value)
        return [self.take(one) if isinstance(one, str) else one for one in found]

    # Exceptions: the library's HANDLER is the address of the innermost guard, whose last word is the one around it.

    def guard(self, inside: str, caught: str) -> str:
        """Go on in the block `inside`; what is raised from there on leads to the block `caught`."""
        return self.guard_again(FunctionBuilder.slot(self, "guard", _ABOVE + 1), inside, caught)

    def guard_again(self, slot: str, inside: str, caught: str) -> str:
        """Put up a guard in the slot of one that has been taken away."""
        address = self.compute("slot", WORD, symbol=slot)
        handler = self.compute("global", WORD, symbol=_HANDLER)
        self.poke(address, self.compute("peek", WORD, handler), _ABOVE)
        self.poke(handler, address)
        self.emit(Instruction("mark", args=(address,), targets=(inside, caught)))
        return slot

    def unguard(self, slot: str) -> None:
        """Take a guard away, after what it guards or where it led to."""
        above = self.compute("peek", WORD, self.compute("slot", WORD, symbol=slot), offset=_ABOVE)
        self.poke(self.compute("global", WORD, symbol=_HANDLER), above)
