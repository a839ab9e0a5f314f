"""What inference stands on: types made equal or refused in words, and values at fresh types."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.occurrences import Names
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import syntax
from core.workloads.code.frontends.haskell.advising import FOREIGN, advice
from core.workloads.code.frontends.haskell.constraints import Constraints
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import ConstructorInfo, Locals, Scope, Value, meant
from core.workloads.code.frontends.haskell.types import (
    Endless,
    Meta,
    Mismatch,
    Scheme,
    Type,
    arrow,
    instantiated,
    pruned,
    show,
    spine,
    unify,
)


class BindingGroups(Protocol):
    """Looks through groups of bindings."""

    def infer(self, bindings: syntax.Bindings, local: Locals) -> tuple[list[list[tuple[str, Term]]], Locals]:
        """Give the terms of local bindings, and what their names stand for."""

    def checked(self, scheme: Scheme, body: Callable[[Type], Term]) -> Term:
        """Check a term against a type that the program gives, for all types of its variables."""


@dataclass
class Ground:
    """What is known while a program is looked through."""

    scope: Scope
    constraints: Constraints
    names: Names
    level: int = 0
    groups: BindingGroups | None = None

    def meta(self) -> Meta:
        """Make a type that is to be found out."""
        return Meta(self.level)

    def equal(self, at: At, expected: Type, found: Type, why: str, hint: str = "") -> None:
        """Make two types equal, or say why they should be."""
        try:
            unify(expected, found)
        except Mismatch:
            known: dict[int, str] = {}
            wanted, given = show(expected, known), show(found, known)
            message = f"expected {wanted} here, because {why}, but found {given}"
            raise Refusal(Phase.SEMANTIC, at, message, hint or advice(expected, found)) from None
        except Endless:
            known = {}
            message = f"{show(found, known)} cannot be the same type as {show(expected, known)}, which is a part of it"
            raise Refusal(Phase.SEMANTIC, at, message, "is an argument missing, or one too many?") from None

    def variable(self, at: At, name: str, local: Locals) -> tuple[Term, Type]:
        """Give what a name stands for, and its type."""
        found = local.get(name)
        if found is None:
            found = self.scope.values.get(name)
        if isinstance(found, Value):
            return self.instance(at, name, found)
        if found is not None:
            return terms.Variable(name), found
        if name in self.scope.constructors:
            info = self.scope.constructors[name]
            type_ = instantiated(info.scheme.type, [self.meta() for _ in range(info.scheme.variables)])
            return self._constructor(info), type_
        what = "constructor" if name[0].isupper() else "operator" if not name[0].isalpha() else "value"
        known = [*local, *self.scope.values, *self.scope.constructors]
        hint = FOREIGN.get(name) or meant(name, known)
        raise Refusal(Phase.SEMANTIC, at, f"no {what} is called {name} here", hint)

    def instance(self, at: At, name: str, found: Value) -> tuple[Term, Type]:
        """Give a value at fresh types, with the dictionaries that it takes."""
        given: list[Type] = [self.meta() for _ in range(found.scheme.variables)]
        type_ = instantiated(found.scheme.type, given)
        holes = tuple(
            self.constraints.demand(class_name, instantiated(one, given), at, name)
            for class_name, one in found.scheme.predicates
        )
        return (terms.Apply(found.term, holes) if holes else found.term), type_

    def _constructor(self, info: ConstructorInfo) -> Term:
        if not info.data.arity:
            return terms.Construct(info.data)
        params = tuple(self.names.fresh("field") for _ in range(info.data.arity))
        body: Term = terms.Construct(info.data, tuple(terms.Variable(one) for one in params))
        for param, strict in zip(reversed(params), reversed(info.strict), strict=False):
            if strict:
                body = terms.Case(terms.Variable(param), "", (), body)
        return terms.Lambda(params, body)

    def arrow(self, type_: Type, at: At, name: str, place: int) -> tuple[Type, Type]:
        """Take the type of a function apart; refuse what is none."""
        found = pruned(type_)
        if isinstance(found, Meta):
            takes, gives = self.meta(), self.meta()
            takes.level = gives.level = found.level
            unify(found, arrow(takes, gives))
            return takes, gives
        head, args = spine(found)
        if getattr(head, "name", "") == "->" and len(args) == 2:  # noqa: PLR2004 - parameter and result
            return args[0], args[1]
        if place == 1:
            message = f"{name} is applied to something, but it is no function: it is of type {show(found)}"
        else:
            message = f"{name} takes {place - 1} argument{'s' if place > 2 else ''}, but is given more"  # noqa: PLR2004 - more than one
        raise Refusal(Phase.SEMANTIC, at, message, "is an operator or a bracket missing?")
