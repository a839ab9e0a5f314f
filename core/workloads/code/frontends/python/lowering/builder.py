"""Writing generators, which live in an object."""

from core.workloads.code.frontends.words.frames import FrameBuilder
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD

FIRST_FIELD = 4
"""Word of a generator where its first variable lies, behind header, code, state and the function itself."""


class GeneratorBuilder(ValueBuilder):
    """The code of a generator: its variables lie in the generator, which outlives each call."""

    counts_in_registers = False

    def __init__(self, *args: object, **named: object) -> None:
        self.fields: dict[str, int] = {}
        super().__init__(*args, **named)
        self.own = FunctionBuilder.slot(self, "generator", 1)

    def slot(self, name: str, words: int) -> str:
        """Reserve a word of the generator."""
        assert words == 1
        unique = f"{name}/{len(self.fields)}"
        self.fields[unique] = FIRST_FIELD + len(self.fields)
        return unique

    def itself(self) -> Register:
        """Give the word where the generator lies now."""
        return self.address(FrameBuilder.read(self, self.own))

    def read(self, slot: str) -> Register:
        """Read a variable."""
        return self.compute("peek", WORD, self.itself(), offset=self.fields[slot])

    def write(self, slot: str, value: Operand) -> None:
        """Write a variable."""
        self.poke(self.itself(), value, self.fields[slot])

    @property
    def words(self) -> int:
        """How large the generator is."""
        return FIRST_FIELD + len(self.fields)
