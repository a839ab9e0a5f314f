"""How values of data types are laid out when a program runs: without what is erased; counting types are numbers."""

from dataclasses import dataclass

from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.idris.core import Apply, Pi, Term, Top
from core.workloads.code.frontends.idris.globals import Globals


@dataclass(frozen=True, slots=True)
class Counted:
    """A type whose values are numbers: by its constructors for 0 and for one more."""

    zero: str
    successor: str


class Layouts:
    """Layouts of all types at the top."""

    def __init__(self, known: Globals) -> None:
        self.known = known
        self._counted: dict[str, Counted | None] = {}

    def kept(self, type_: Term, count: int) -> tuple[list[tuple[str, bool]], Term]:
        """Give the names of so many parameters, and whether each is there at run time; and the result's type."""
        found: list[tuple[str, bool]] = []
        for _ in range(count):
            assert isinstance(type_, Pi)
            found.append((type_.name, not type_.erased))
            type_ = type_.codomain
        return found, type_

    def fields(self, name: str) -> list[bool]:
        """Tell of each argument of a constructor whether it is there at run time."""
        one = self.known.definitions[name]
        return [keeps for _, keeps in self.kept(one.type, one.arity)[0]]

    def constructor(self, name: str) -> terms.Constructor:
        """Give a constructor as the functional core has it."""
        one = self.known.definitions[name]
        family = self.known.definitions[one.family].constructors
        arities = tuple(sum(self.fields(each)) for each in family)
        return terms.Constructor(name, one.tag, arities[one.tag], arities)

    def counted(self, family: str) -> Counted | None:
        """Tell whether a type counts: one constructor holds nothing, the other one value of the type itself."""
        if family not in self._counted:
            self._counted[family] = self._counting(family)
        return self._counted[family]

    def _counting(self, family: str) -> Counted | None:
        names = self.known.definitions[family].constructors
        if not names or len(names[1:]) != 1:
            return None
        zero, successor = sorted(names, key=lambda name: sum(self.fields(name)))
        if any(self.fields(zero)) or sum(self.fields(successor)) != 1:
            return None
        type_ = self.known.definitions[successor].type
        while isinstance(type_, Pi) and type_.erased:
            type_ = type_.codomain
        assert isinstance(type_, Pi)
        head: Term = type_.domain
        while isinstance(head, Apply):
            head = head.function
        return Counted(zero, successor) if isinstance(head, Top) and head.name == family else None
