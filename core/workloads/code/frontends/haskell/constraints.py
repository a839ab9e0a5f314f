"""Classes that types must be in: each demand becomes the dictionary of an instance, or a parameter."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.functional.terms import Alternative, Apply, Case, Term, Variable
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import Scope
from core.workloads.code.frontends.haskell.types import (
    DOUBLE,
    INTEGER,
    Constructor,
    Meta,
    Type,
    instantiated,
    pruned,
    show,
    spine,
    unify,
)

NUMERIC = frozenset({"Num", "Integral", "Fractional", "Real", "RealFrac", "Floating"})
_DEFAULTABLE = NUMERIC | {"Eq", "Ord", "Show", "Enum", "Read"}
_FRACTIONAL = frozenset({"Fractional", "RealFrac", "Floating"})


@dataclass(slots=True)
class Demand:
    """A type must be in a class; `hole` is the variable that the dictionary will take the place of."""

    class_name: str
    type: Type
    at: At
    hole: str
    why: str = ""


@dataclass(slots=True)
class Given:
    """A dictionary that is there as a parameter."""

    class_name: str
    type: Type
    term: Term


@dataclass(slots=True)
class Constraints:
    """Demands that wait, those that were met, and what is given."""

    scope: Scope
    waiting: list[Demand] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    met: dict[str, Term] = field(default_factory=dict)
    count: int = 0

    def demand(self, class_name: str, type_: Type, at: At, why: str = "") -> Variable:
        """Ask for a dictionary."""
        self.count += 1
        hole = f"demand~{self.count}"
        self.waiting.append(Demand(class_name, type_, at, hole, why))
        return Variable(hole)

    def solve(self) -> None:
        """Meet all demands that can be met by what is known of their types."""
        left: list[Demand] = []
        while self.waiting:
            one = self.waiting.pop(0)
            head, args = spine(one.type)
            term = self._from_given(one)
            if term is None and isinstance(head, Meta):
                left.append(one)
                continue
            if term is None and isinstance(head, Constructor) and not head.rigid:
                term = self._from_instance(one, head.name, args)
            if term is None:
                raise Refusal(Phase.SEMANTIC, one.at, *self._lacking(one))
            self.met[one.hole] = term
        self.waiting = left

    def _from_given(self, one: Demand) -> Term | None:
        for given in self.given:
            if _same(given.type, one.type):
                found = self._through(given.class_name, given.term, one.class_name)
                if found is not None:
                    return found
        return None

    def _through(self, class_name: str, term: Term, wanted: str) -> Term | None:
        """Find a dictionary among those of superclasses."""
        if class_name == wanted:
            return term
        info = self.scope.classes[class_name]
        for place, one in enumerate(info.supers):
            fields = tuple("super~" if place == other else "" for other in range(info.dictionary.arity))
            inner = Case(term, "", (Alternative(info.dictionary, fields, Variable("super~")),))
            found = self._through(one, inner, wanted)
            if found is not None:
                return found
        return None

    def _from_instance(self, one: Demand, name: str, args: list[Type]) -> Term | None:
        found = self.scope.instances.get((one.class_name, name))
        if found is None:
            return None
        needs = [
            self.demand(class_name, instantiated(type_, args), one.at, one.why)
            for class_name, type_ in found.predicates
        ]
        return Apply(Variable(found.name), tuple(needs)) if needs else Variable(found.name)

    def _lacking(self, one: Demand) -> tuple[str, str]:
        shown = show(one.type)
        head, args = spine(one.type)
        why = f", which {one.why} needs" if one.why else ""
        if isinstance(head, Constructor) and head.rigid:
            return f"{shown} may be any type, and need not be in class {one.class_name}{why}", (
                f"write {one.class_name} {shown} => before the type"
            )
        if isinstance(head, Constructor) and head.name == "->":
            return f"{shown} is a function, and functions are not in class {one.class_name}{why}", (
                "does the function lack an argument?"
            )
        hint = f"write deriving ({one.class_name}) or an instance {one.class_name} {shown}"
        if one.class_name in NUMERIC:
            hint = f"{shown} is no number: is a conversion missing?"
        del args
        return f"{shown} is not in class {one.class_name}{why}", hint

    def default(self, among: list[Demand]) -> None:
        """Choose types where nothing else does: Integer, else Double, as the Report has it."""
        by_type: dict[int, list[Demand]] = {}
        for one in among:
            by_type.setdefault(id(pruned(one.type)), []).append(one)
        for group in by_type.values():
            classes = {one.class_name for one in group}
            type_ = pruned(group[0].type)
            if not isinstance(type_, Meta):
                continue
            if not classes <= _DEFAULTABLE or not classes & NUMERIC:
                one = next((one for one in group if one.class_name not in _DEFAULTABLE), group[0])
                message = f"it is not clear which type in class {one.class_name} is meant here"
                raise Refusal(Phase.SEMANTIC, one.at, message, "say by a type which one it is: (e :: T)")
            unify(type_, DOUBLE if classes & _FRACTIONAL else INTEGER)
        self.solve()


def _same(one: Type, other: Type) -> bool:
    head, args = spine(one)
    other_head, other_args = spine(other)
    return (
        head == other_head
        and not isinstance(head, Meta)
        and len(args) == len(other_args)
        and all(_same(a, b) for a, b in zip(args, other_args, strict=True))
    )
