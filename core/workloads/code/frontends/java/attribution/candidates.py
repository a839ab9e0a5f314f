"""Which methods a call may mean: by their names, and by what they take."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.workloads.code.frontends.java import core, phrases, syntax, types
from core.workloads.code.frontends.java.attribution.assignments import Assignments
from core.workloads.code.frontends.java.attribution.returning import gives_value
from core.workloads.code.frontends.java.functional import descriptor
from core.workloads.code.frontends.java.inferring import Bindings
from core.workloads.code.frontends.java.relations import (
    Arguments,
    arguments,
    bounds,
    erased,
    is_subtype,
    same_parameters,
    substitute,
    supertypes,
    upper,
    widens,
)
from core.workloads.code.frontends.java.types import ArrayType, ClassType, Method, Type, TypeVar

Argument = core.Expr | syntax.Expr
"""An argument; what needs to know what it is for stays as it was written."""


@dataclass(slots=True, eq=False)
class Candidate:
    """A method that may be meant, as a type has it."""

    method: Method
    given: Arguments = field(default_factory=dict)
    """What the variables of its class stand for."""

    @property
    def free(self) -> list[TypeVar]:
        """The type variables that a call tells about: its own, and those of a class whose arguments are left open."""
        open_ = [one for one in self.method.owner.params if self.given.get(one) is one]
        return [*self.method.type_params, *(open_ if self.method.is_constructor else ())]

    def params(self, count: int) -> list[Type]:
        """Give its parameters, spread out for so many arguments where it takes any number."""
        found = [substitute(one, self.given) for one in self.method.params]
        if count >= 0 and self.method.variable:
            last = found.pop()
            assert isinstance(last, ArrayType)
            found += [last.element] * (count - len(found))
        return found


class Candidates(Assignments):
    """The part of the attribution that chooses among methods."""

    def arguments(self, nodes: Sequence[syntax.Expr]) -> list[Argument]:
        """Attribute the arguments that can be by themselves."""
        return [one if self._is_pending(one) else self.value(one) for one in nodes]

    def _is_pending(self, node: syntax.Expr) -> bool:
        match node:
            case syntax.Lambda() | syntax.MethodRef():
                return True
            case syntax.Call(args=args):
                return any(map(self._is_pending, args))
            case syntax.New(type=type_) if type_.args == []:
                return True
            case syntax.Conditional(then=then, otherwise=otherwise):
                return self._is_pending(then) or self._is_pending(otherwise)
        return False

    def candidates(self, type_: Type, name: str) -> list[Candidate]:
        """List the methods of a name that objects of a type have, without those that are overridden."""
        found: list[Candidate] = []
        roots = [one for one in bounds(type_) if isinstance(one, ClassType)]
        roots += [self.world.object()] if not roots or any(one.of.is_interface for one in roots) else []
        for root in roots:
            for above in supertypes(root):
                for method in above.of.methods.get(name, ()):
                    hidden = any(same_parameters(one.method, method, root) for one in found)
                    if not hidden and not any(one.method is method for one in found):
                        found.append(Candidate(method, arguments(above)))
        return found

    def _chosen(self, candidates: Sequence[Candidate], args: Sequence[Argument]) -> tuple[Candidate | None, bool]:
        for loose, spread in ((False, False), (True, False), (True, True)):
            found = [one for one in candidates if self._applies(one, args, loose=loose, spread=spread)]
            if found:
                count = len(args) if spread else -1
                best = [
                    one for one in found if all(other is one or self._is_below(one, other, count) for other in found)
                ]
                return (best or found)[0], spread
        return None, False

    def _is_below(self, one: Candidate, other: Candidate, count: int) -> bool:
        pairs = list(zip(one.params(count), other.params(count), strict=False))
        return all(is_subtype(erased(a), erased(b)) or widens(a, b) for a, b in pairs)

    def _applies(self, one: Candidate, args: Sequence[Argument], *, loose: bool, spread: bool) -> bool:
        if spread and (not one.method.variable or len(args) < len(one.method.params) - 1):
            return False
        params = one.params(len(args) if spread else -1)
        if len(params) != len(args):
            return False
        bound = Bindings(one.free)
        for param, arg in zip(params, args, strict=True):
            if isinstance(arg, core.Expr):
                bound.unify(param, self.boxed(arg.type))
        return all(
            self._takes(bound.closed(param), arg, param, loose=loose) for param, arg in zip(params, args, strict=True)
        )

    def _takes(self, param: Type, arg: Argument, formal: Type, *, loose: bool) -> bool:
        if isinstance(arg, core.Expr):
            if arg.type == types.VOID:
                return False
            return (
                self.fits(arg.type, param)
                if loose
                else is_subtype(arg.type, upper(param) if isinstance(formal, TypeVar) else param)
                or widens(arg.type, param)
            )
        if isinstance(arg, syntax.Lambda):
            found = descriptor(erased(param))
            return found is not None and len(found[1]) == len(arg.params) and self._returns_fit(arg, found[2])
        if isinstance(arg, syntax.MethodRef):
            found = descriptor(erased(param))
            return found is not None and self._reference_fits(arg, len(found[1]))
        if isinstance(arg, syntax.New):
            made = self.class_named(arg.type.name)
            return made is None or is_subtype(ClassType(made), erased(param))
        return not isinstance(param, types.Primitive)

    def _reference_fits(self, node: syntax.MethodRef, count: int) -> bool:
        """Whether a reference may be to a method that takes so many arguments, as far as that shows by itself."""
        if not isinstance(node.object, syntax.Name) or node.name == "new" or self.named_value(node.object) is not None:
            return True
        class_ = self.class_named(node.object.text)
        methods = [one.method for one in self.candidates(ClassType(class_), node.name)] if class_ is not None else []
        takes = [len(one.params) + (not one.static) for one in methods if not one.variable]
        return not takes or len(takes) < len(methods) or count in takes

    @staticmethod
    def _returns_fit(node: syntax.Lambda, returns: Type) -> bool:
        """Whether a lambda may stand where nothing, or where a value is wanted."""
        if isinstance(node.body, phrases.Block):
            has_value = gives_value(node.body)
            return has_value is None or has_value == (returns != types.VOID)
        return returns != types.VOID or isinstance(node.body, syntax.Call | syntax.Assign | syntax.Step | syntax.New)
