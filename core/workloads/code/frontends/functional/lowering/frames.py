"""Where the variables of a function are: in words of its frame, emptied when nothing reads them any longer."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from core.workloads.code.frontends.words.frames import PREFIX, FrameBuilder
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD


class Frame(FrameBuilder):
    """A function in the making, that knows the places of its variables, and which of them are values already."""

    def __init__(self, *args: object, **named: object) -> None:
        self.places: dict[str, str] = {}
        self.held: set[str] = set()
        self.evaluated: set[str] = set()
        self._fields = 0
        super().__init__(*args, **named)

    def bind(self, name: str, value: Operand, *, evaluated: bool = False) -> None:
        """Give a variable its place and its value."""
        self.places[name] = self.keep(value)
        self.held.add(name)
        if evaluated:
            self.evaluated.add(name)

    def unbind(self, name: str) -> None:
        """Give the place of a variable back."""
        self.drop(self.places.pop(name))
        self.held.discard(name)
        self.evaluated.discard(name)

    def variable_value(self, name: str) -> Register:
        """Read a variable."""
        return self.read(self.places[name])

    def revalue(self, name: str, value: Operand) -> None:
        """Put what a variable has turned out to be in its place."""
        self.write(self.places[name], value)
        self.evaluated.add(name)

    def forget(self, needed: Collection[str]) -> None:
        """Empty the places of variables that nothing reads any longer, so that what they lead to may go."""
        kept = {self.places[name] for name in needed if name in self.places}
        for name in sorted(self.held):
            if name not in needed and self.places[name] not in kept:
                self.write(self.places[name], 0)
                self.held.discard(name)

    @contextmanager
    def branch_scope(self) -> Iterator[None]:
        """Whatever is bound or found out within holds within only."""
        places, held, evaluated = dict(self.places), set(self.held), set(self.evaluated)
        yield
        kept = set(places.values())
        for slot in dict.fromkeys(self.places.values()):
            if slot not in kept:
                self.drop(slot)
        self.places, self.held, self.evaluated = places, held, evaluated

    def routine(self, name: str, *args: Operand) -> Register:
        """Call a routine of the library."""
        found = self.call(PREFIX + name, args, WORD)
        assert found is not None
        return found

    def fields_place(self, count: int) -> Register:
        """Give the address of words of the frame in which fields of a new object wait."""
        self._fields = max(self._fields, count)
        self.function.slots["fields"] = self._fields
        return self.compute("slot", WORD, symbol="fields")
