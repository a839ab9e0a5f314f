"""What the type variables of a method stand for in a call."""

from collections.abc import Collection

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.relations import as_class, common, is_subtype, substitute
from core.workloads.code.frontends.java.types import ArrayType, ClassType, Primitive, Type, TypeVar, Wildcard


class Bindings:
    """Types found for variables, one hint after another."""

    def __init__(self, free: Collection[TypeVar]) -> None:
        self.free = free
        self.found: dict[TypeVar, Type] = {}

    def unify(self, formal: Type, actual: Type) -> None:
        """Learn from a value of the type `actual` that is given for `formal`; boxes are made before."""
        if actual in (types.NULL, types.WRONG) or isinstance(actual, Primitive):
            return
        match formal:
            case TypeVar() if formal in self.free:
                self._bind(formal, actual)
            case ArrayType(element=element) if isinstance(actual, ArrayType):
                self.unify(element, actual.element)
            case ClassType(of=of, args=args) if args:
                found = as_class(actual, of)
                if found is not None:
                    for one, given in zip(args, found.args, strict=False):
                        self._unify_argument(one, given)
            case Wildcard(bound=bound):
                self.unify(bound, actual)

    def _unify_argument(self, formal: Type, actual: Type) -> None:
        inside = actual.bound if isinstance(actual, Wildcard) else actual
        self.unify(formal.bound if isinstance(formal, Wildcard) else formal, inside)

    def _bind(self, variable: TypeVar, actual: Type) -> None:
        present = self.found.get(variable)
        if present is None or is_subtype(present, actual):
            self.found[variable] = actual
        elif not is_subtype(actual, present):
            self.found[variable] = common(present, actual)

    def expect(self, returns: Type, wanted: Type | None) -> None:
        """Learn from what the result is wanted for, of variables that nothing else has told about."""
        if wanted is None or isinstance(wanted, Primitive):
            return
        guess = Bindings([one for one in self.free if one not in self.found])
        match returns:
            case TypeVar():
                guess.unify(returns, wanted.bound if isinstance(wanted, Wildcard) else wanted)
            case ClassType(of=of) if isinstance(wanted, ClassType) and wanted.args:
                above = as_class(ClassType(of, tuple(of.params)), wanted.of)
                if above is not None:
                    formal = substitute(above, dict(zip(of.params, returns.args, strict=False)))
                    guess.unify(formal, wanted)
            case ArrayType():
                guess.unify(returns, wanted)
        self.found |= guess.found

    def applied(self, one: Type) -> Type:
        """Put what was found in place of the variables; others stay."""
        return substitute(one, self.found)

    def is_open(self, one: Type) -> bool:
        """Whether there are variables in a type of which nothing is known."""
        match one:
            case TypeVar():
                return one in self.free and one not in self.found
            case ClassType(args=args):
                return any(map(self.is_open, args))
            case ArrayType(element=inner) | Wildcard(bound=inner):
                return self.is_open(inner)
        return False

    def closed(self, one: Type) -> Type:
        """Put what was found in place of the variables; what is not known is erased."""
        if not self.is_open(one):
            return self.applied(one)
        if isinstance(one, TypeVar):
            return self.closed(one.bounds[0])
        return ClassType(one.of) if isinstance(one, ClassType) else self.applied(one)
