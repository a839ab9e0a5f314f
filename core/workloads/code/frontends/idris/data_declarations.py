"""Types with constructors."""

from core.workloads.code.frontends.idris import declared
from core.workloads.code.frontends.idris.clauses import Clauses
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import Apply, Pi, Term, Top, Universe
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.names import TYPES
from core.workloads.code.frontends.idris.problems import At, wrong


class DataDeclarations(Clauses):
    """Elaborates types and constructors."""

    def __init__(self, known: Globals, module: str) -> None:
        super().__init__(known, module)
        self.lifted = []
        self.broken = set()
        self.own: list[Definition] = []
        """Definitions of the program itself, in their order."""
        self.projections: dict[tuple[str, int], str] = {}
        """The functions that give the parts of records, by type and place."""

    def _new(self, name: str, kind: str, type_: Term, at: At, **more: object) -> Definition:
        whole = f"{self.module}/{name}"
        if whole in self.known.definitions and kind != "hole":
            raise wrong(at, f"{name} is defined twice", "give one of them another name")
        one = Definition(whole, kind, type_, TYPES, at)
        for attribute, value in more.items():
            setattr(one, attribute, value)
        self.define(one)
        self.own.append(one)
        return one

    def _family(self, one: declared.Data) -> None:
        type_ = self.signature(Context(), one.type)
        self.complete()
        result = type_
        while isinstance(result, Pi):
            result = result.codomain
        if not isinstance(result, Universe):
            raise wrong(one.at, f"{one.name} must be a type: Type at the end", f"write data {one.name} : Type where")
        self._new(one.name, "type", type_, one.at, arity=count(type_))

    def _data(self, one: declared.Data) -> None:
        family = self.known.definitions[f"{self.module}/{one.name}"]
        for constructor in one.constructors:
            type_ = self.signature(Context(), constructor.type)
            self.complete()
            self._constructor(family, constructor, type_)

    def _constructor(
        self, family: Definition, written: declared.Signature, type_: Term, fields: tuple[str, ...] = ()
    ) -> Definition:
        result, positive = type_, True
        while isinstance(result, Pi):
            positive = positive and _is_positive(result.domain, family.name)
            result = result.codomain
        while isinstance(result, Apply):
            result = result.function
        if not isinstance(result, Top) or result.name != family.name:
            message = f"the constructor {written.name} must make values of {family.short}"
            raise wrong(written.at, message, f"its type ends with {family.short}")
        family.positive = family.positive and positive
        if not positive and self.demanded == "total":
            message = f"{family.short} is not total: it stands to the left of an arrow in {written.name}"
            raise wrong(written.at, message, "such a type lets functions call themselves for ever without recursion")
        tag = len(family.constructors)
        found = self._new(
            written.name, "constructor", type_, written.at, family=family.name, tag=tag, arity=count(type_)
        )
        found.fields = fields
        family.constructors.append(found.name)
        return found


def count(type_: Term) -> int:
    """Count the parameters of a function type."""
    count = 0
    while isinstance(type_, Pi):
        count += 1
        type_ = type_.codomain
    return count


def _occurs(term: Term, name: str) -> bool:
    match term:
        case Top(found):
            return found == name
        case Pi(domain=domain, codomain=codomain):
            return _occurs(domain, name) or _occurs(codomain, name)
        case Apply(function, argument):
            return _occurs(function, name) or _occurs(argument, name)
        case _:
            return False


def _is_positive(domain: Term, name: str) -> bool:
    """Whether a type stands in an argument of its constructor only as a result."""
    while isinstance(domain, Pi):
        if _occurs(domain.domain, name):
            return False
        domain = domain.codomain
    return True
