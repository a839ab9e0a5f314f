"""Writing the functions of a program whose values are words."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.workloads.code.frontends.words.frames import PREFIX, FrameBuilder
from core.workloads.code.frontends.words.values import FALSE, LIMIT, REFERENCE
from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.module import Block
from core.workloads.code.ir.types import WORD


class ValueBuilder(FrameBuilder):
    """A function of the program in the making."""

    def __init__(self, *args: object, **named: object) -> None:
        self.targeted: set[str] = set()
        super().__init__(*args, **named)

    def emit(self, instruction: Instruction) -> None:
        """Append an instruction; which blocks are led to is remembered."""
        if self.is_open:
            self.targeted.update(instruction.targets)
        super().emit(instruction)

    def routine(self, name: str, *args: Operand) -> Register:
        """Call a routine of the library."""
        found = self.call(PREFIX + name, args, WORD)
        assert found is not None
        return found

    def address(self, reference: Operand) -> Register:
        """Give the word where an object lies."""
        return self.compute("sub", WORD, reference, REFERENCE)

    def word(self, reference: Operand, place: int) -> Register:
        """Read a word of an object."""
        return self.compute("peek", WORD, self.address(reference), offset=place)

    def truth_value(self, bit: Operand) -> Operand:
        """Make 0 and 1 False and True."""
        return bit + FALSE if isinstance(bit, int) else self.compute("add", WORD, bit, FALSE)

    def when_integer(self, *values: Operand, otherwise: str) -> None:
        """Go on if all are integers that are words by themselves."""
        for value in values:
            if isinstance(value, Register):
                further = self.label("integer")
                self.branch("lt", value, LIMIT, further, otherwise)
                self.block(further)
            elif value >= LIMIT:
                self.jump(otherwise)
                self.block(self.label("integer"))

    @contextmanager
    def writing(self, block: Block) -> Iterator[None]:
        """Lead the builder back to a block for a while."""
        present, self._block = self._block, block
        yield
        self._block = present

    def variable_slot(self, name: str) -> str:
        """Reserve a word for a variable."""
        return self.slot(name, 1)

    counts_in_registers = True
    """Whether a register keeps a number from one statement to the next."""
