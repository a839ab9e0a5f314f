"""The instructions of a method in the making."""

from collections.abc import Callable

from core.workloads.code.frontends.java.library import LIBRARY
from core.workloads.code.frontends.words.lowering import ROOTS
from core.workloads.code.frontends.words.values import REFERENCE
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import S32, WORD


class Writer(ValueBuilder):
    """Writes a method; words of objects are reached by their places."""

    def root(self, number: int) -> Register:
        """Give the address of a root."""
        return self.compute("global", WORD, symbol=ROOTS, offset=number)

    def raised(self) -> Register:
        """Read the exception that was thrown."""
        return self.compute("peek", WORD, self.root(LIBRARY.sources.roots.index("RAISED")))

    def text(self, found: int | str) -> Operand:
        """Give the word of a string."""
        if isinstance(found, int):
            return found
        return self.compute("add", WORD, self.compute("global", WORD, symbol=found), REFERENCE)

    def bit(self, branching: Callable[[str, str], None]) -> Operand:
        """Make 1 and 0 of where a test leads."""
        found = self.function.register(S32)
        then, otherwise, end = self.label("yes"), self.label("no"), self.label("bit")
        branching(then, otherwise)
        self.block(then)
        self.assign(found, 1)
        self.jump(end)
        self.block(otherwise)
        self.assign(found, 0)
        self.jump(end)
        self.block(end)
        return found

    def unless(self, comparison: str, left: Operand, right: Operand, otherwise: Callable[[], object]) -> None:
        """Go on where a comparison fails; where it holds, do what never comes back."""
        bad, good = self.label("bad"), self.label("good")
        self.branch(comparison, left, right, bad, good)
        self.block(bad)
        otherwise()
        self.trap("raised")
        self.block(good)
