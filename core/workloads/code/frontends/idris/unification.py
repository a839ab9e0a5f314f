"""Making two values the same by finding what is still to be found.

Miller, "A logic programming language with lambda-abstraction, function variables, and simple unification" (1991); what
lies outside his patterns waits until more is known, as in Abel and Pientka, "Higher-order dynamic pattern unification"
(2011).
"""

from dataclasses import dataclass

from core.workloads.code.frontends.idris.core import (
    Apply,
    Delay,
    Force,
    Lambda,
    Local,
    Meta,
    Pi,
    Term,
    mentions,
    shifted,
)
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.names import SUCCESSOR
from core.workloads.code.frontends.idris.problems import At
from core.workloads.code.frontends.idris.renaming import Escapes, Renaming
from core.workloads.code.frontends.idris.values import (
    Constant,
    Delayed,
    Forced,
    Function,
    Metas,
    MetaVariable,
    Product,
    Stuck,
    Types,
    Value,
)


class Mismatch(Exception):
    """Two values are not the same; where that is definite, no value of any variable makes them so."""

    def __init__(self, left: Value, right: Value, *, definite: bool) -> None:
        super().__init__()
        self.left, self.right, self.definite = left, right, definite


@dataclass(frozen=True, slots=True)
class Equation:
    """Two values that are to be the same, of which too little is known."""

    depth: int
    left: Value
    right: Value
    at: At
    names: tuple[str, ...] = ()
    """Those of the variables around."""


class Unifier(Renaming):
    """Unifies values; equations that have to wait are in `waiting`."""

    def __init__(self, evaluator: Evaluator, metas: Metas) -> None:
        super().__init__(evaluator, metas)
        self.waiting: list[Equation] = []
        self.at = At(0, 0)
        self.names: tuple[str, ...] = ()

    def unify(self, depth: int, left: Value, right: Value) -> None:  # noqa: C901, PLR0912 - a case for each pair of sorts
        """Make two values the same beneath so many binders; raises `Mismatch`."""
        left, right = self.evaluator.force(left), self.evaluator.force(right)
        if left is right:
            return
        match left, right:
            case Types(), Types():
                return
            case Product(), Product():
                self._products(depth, left, right)
            case (Function(mode=mode, erased=erased), _) | (_, Function(mode=mode, erased=erased)) if _applicable(
                left
            ) and _applicable(right):
                variable = Stuck(depth)
                one = self.evaluator.apply(left, variable, mode, erased)
                self.unify(depth + 1, one, self.evaluator.apply(right, variable, mode, erased))
            case Constant(), Constant():
                if left != right:
                    raise Mismatch(left, right, definite=True)
            case Delayed(), Delayed() if left.body is right.body:
                for one, other in zip(left.environment, right.environment, strict=True):
                    self.unify(depth, one, other)
            case Delayed(), Delayed():
                self.unify(depth, self.evaluator.compel(left), self.evaluator.compel(right))
            case Forced(), Forced():
                self.unify(depth, left.value, right.value)
            case Stuck(), Stuck():
                self._stuck(depth, left, right)
            case (Stuck(MetaVariable()), _) if self._solves(depth, left, right):
                return
            case (_, Stuck(MetaVariable())) if self._solves(depth, right, left):
                return
            case (Constant(), Stuck(head)) if head == SUCCESSOR:
                self._numbers(depth, left, right)
            case (Stuck(head), Constant()) if head == SUCCESSOR:
                self._numbers(depth, right, left)
            case _:
                self._differ(depth, left, right)

    def convertible(self, depth: int, left: Value, right: Value) -> bool:
        """Whether two values are the same already."""
        mark, waiting, count = len(self.metas.trail), len(self.waiting), self.metas.count
        try:
            self.unify(depth, left, right)
        except Mismatch:
            self.undo(mark, waiting)
            return False
        same = len(self.metas.trail) == mark and len(self.waiting) == waiting
        self.undo(mark, waiting)
        self.metas.count = count
        return same

    def undo(self, mark: int, waiting: int) -> None:
        """Forget what was found, and what waits, since then."""
        self.metas.undo(mark)
        del self.waiting[waiting:]

    def resume(self) -> bool:
        """Try equations that wait anew; tells whether that found anything. Raises `Mismatch`."""
        waiting, self.waiting = self.waiting, []
        mark = len(self.metas.trail)
        try:
            while waiting:
                one = waiting.pop(0)
                self.at, self.names = one.at, one.names
                self.unify(one.depth, one.left, one.right)
        except Mismatch:
            self.waiting += waiting
            raise
        return len(self.metas.trail) > mark

    def _products(self, depth: int, left: Product, right: Product) -> None:
        if left.mode is not right.mode or left.erased != right.erased:
            raise Mismatch(left, right, definite=True)
        self.unify(depth, left.domain, right.domain)
        variable = Stuck(depth)
        one = self.evaluator.enter(left.closure, variable)
        self.unify(depth + 1, one, self.evaluator.enter(right.closure, variable))

    def _numbers(self, depth: int, number: Constant, successor: Stuck) -> None:
        if int(number.value) == 0:
            raise Mismatch(number, successor, definite=True)
        self.unify(depth, Constant(int(number.value) - 1, "Nat"), successor.args[0].value)

    def _stuck(self, depth: int, left: Stuck, right: Stuck) -> None:
        if left.head is right.head or (not isinstance(left.head, MetaVariable) and left.head == right.head):
            self._same_heads(depth, left, right)
            return
        pair = [left, right]
        if isinstance(left.head, MetaVariable) and isinstance(right.head, MetaVariable):
            pair.sort(key=lambda one: -one.head.number if isinstance(one.head, MetaVariable) else 0)
        one, other = pair
        if isinstance(one.head, MetaVariable) and self._solves(depth, one, other):
            return
        if isinstance(other.head, MetaVariable) and self._solves(depth, other, one):
            return
        self._differ(depth, left, right)

    def _same_heads(self, depth: int, left: Stuck, right: Stuck) -> None:
        if len(left.args) != len(right.args):
            raise Mismatch(left, right, definite=False)
        if self.is_injective(left) or isinstance(left.head, int):
            for one, other in zip(left.args, right.args, strict=True):
                self.unify(depth, one.value, other.value)
            return
        mark, waiting = len(self.metas.trail), len(self.waiting)
        try:
            for one, other in zip(left.args, right.args, strict=True):
                self.unify(depth, one.value, other.value)
        except Mismatch:
            self.undo(mark, waiting)
            self._differ(depth, left, right)

    def _differ(self, depth: int, left: Value, right: Value) -> None:
        """Put an equation off if more may come to be known; raises `Mismatch` otherwise."""
        rigid = [isinstance(one, Product) or self.is_injective(one) for one in (left, right)]
        if not all(rigid) and (self.is_open(left) or self.is_open(right)):
            self.waiting.append(Equation(depth, left, right, self.at, self.names))
            return
        raise Mismatch(left, right, definite=all(rigid))

    def is_open(self, value: Value) -> bool:
        """Whether something in the value is still to be found."""
        value = self.evaluator.force(value)
        match value:
            case Stuck(MetaVariable()):
                return True
            case Stuck(_, args):
                return any(self.is_open(one.value) for one in args)
            case Forced(inner):
                return self.is_open(inner)
            case Product(domain=domain):
                return self.is_open(domain)
            case Function() | Delayed():
                return _has_metas(self.evaluator.quote(value, 10_000))
        return False

    def _solves(self, depth: int, stuck: Stuck, value: Value) -> bool:
        """Find what makes the two the same; False where that has to wait."""
        meta = stuck.head
        assert isinstance(meta, MetaVariable)
        if meta.opaque:
            return False
        if meta.pattern and not stuck.args:
            return self._solves_pattern(depth, meta, value)
        if self._solves_as_pattern(depth, stuck, meta, value):
            return True
        if len(stuck.args) > meta.around and isinstance(value, Stuck) and value.args:
            return self._peeled(depth, stuck, value)
        return False

    def _solves_as_pattern(self, depth: int, stuck: Stuck, meta: MetaVariable, value: Value) -> bool:
        """Find a function of distinct variables."""
        places: dict[int, int] = {}
        for place, one in enumerate(stuck.args):
            variable = self.evaluator.force(one.value)
            if not isinstance(variable, Stuck) or not isinstance(variable.head, int) or variable.args:
                return False
            if variable.head in places:
                return False
            places[variable.head] = place
        try:
            body = self.renamed(meta, places, len(stuck.args), depth, value)
        except Escapes as escape:
            if escape.cyclic:
                raise Mismatch(stuck, value, definite=True) from None
            return False
        for place in reversed(range(len(stuck.args))):
            one = stuck.args[place]
            short = place >= meta.around and isinstance(body, Apply) and body.argument == Local(0)
            if short and isinstance(body, Apply) and not mentions(body.function, 0):
                body = shifted(body.function, -1)
            else:
                body = Lambda("x", one.mode, one.erased, body)
        self.metas.solve(meta, self.evaluator.evaluate(body, ()))
        return True

    def _peeled(self, depth: int, stuck: Stuck, value: Stuck) -> bool:
        """Take `f x` to be `g y` only if `f` is `g` and `x` is `y`, where `g` is a type or constructor."""
        if not self.is_injective(value) and isinstance(value.head, str):
            return False
        if isinstance(value.head, MetaVariable) and len(value.args) <= value.head.around:
            return False
        self.unify(depth, Stuck(stuck.head, stuck.args[:-1]), Stuck(value.head, value.args[:-1]))
        self.unify(depth, stuck.args[-1].value, value.args[-1].value)
        return True

    def _solves_pattern(self, depth: int, meta: MetaVariable, value: Value) -> bool:
        same = {level: level for level in range(meta.scope)}
        try:
            self.renamed(meta, same, depth, depth, value)
        except Escapes as escape:
            if escape.cyclic:
                raise Mismatch(Stuck(meta), value, definite=True) from None
            return False
        self.metas.solve(meta, value)
        return True


def _applicable(value: Value) -> bool:
    return isinstance(value, Function | Forced | Stuck)


def _has_metas(term: Term) -> bool:
    match term:
        case Meta():
            return True
        case Lambda(body=body) | Delay(body) | Force(body):
            return _has_metas(body)
        case Pi(domain=domain, codomain=codomain):
            return _has_metas(domain) or _has_metas(codomain)
        case Apply(function, argument):
            return _has_metas(function) or _has_metas(argument)
        case _:
            return False
