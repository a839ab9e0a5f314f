"""What is still to be found while a declaration is elaborated: by unification, by search, or by a number's type."""

from dataclasses import dataclass

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.context import Context, HoleInfo
from core.workloads.code.frontends.idris.core import Apply, Local, Meta, Term
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.globals import Globals
from core.workloads.code.frontends.idris.names import FIN
from core.workloads.code.frontends.idris.printing import show
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.searching import Goal, Search
from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.unification import Mismatch, Unifier
from core.workloads.code.frontends.idris.values import (
    Constant,
    Metas,
    MetaVariable,
    Stuck,
    Types,
    Value,
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number whose type is still to be found."""

    context: Context
    number: syntax.Number
    type: Value
    meta: MetaVariable


class Finding:
    """Keeps what is to be found, and finds it as soon as enough is known."""

    def __init__(self, known: Globals, module: str) -> None:
        self.known, self.module = known, module
        self.evaluator = Evaluator(known)
        self.metas = Metas()
        self.unifier = Unifier(self.evaluator, self.metas)
        self.search = Search(self.evaluator, self.metas, self.unifier)
        self.goals: list[Goal] = []
        self.numerals: list[Numeral] = []
        self.closing = False
        """Whether numbers are made though the bound of their type is not known."""
        self.problems: list[Diagnostic] = []
        self.holes: list[HoleInfo] = []

    def shown(self, context: Context, value: Value) -> str:
        """Show a value as the source would write it."""
        return show(self.evaluator, value, tuple(one.name for one in context.entries))

    def report(self, refusal: Refusal) -> None:
        """Keep what was found to be wrong."""
        self.problems.append(refusal.diagnostic)

    def meta(self, context: Context, type_: Value, at: At, what: str, name: str = "") -> Term:
        """Make something that is to be found, which may depend on all variables around."""
        meta = self.metas.new(type_, at, name, what)
        meta.around = sum(not one.is_let for one in context.entries)
        self.metas.made.append(meta)
        term: Term = Meta(meta)
        for level, one in enumerate(context.entries):
            if not one.is_let:
                term = Apply(term, Local(context.depth - 1 - level), Mode.EXPLICIT, one.erased)
        return term

    def value(self, context: Context, term: Term) -> Value:
        """Evaluate a term where it stands."""
        return self.evaluator.evaluate(term, context.environment)

    def unknown(self, context: Context, type_: Value, at: At, what: str) -> Value:
        """Make something that is to be found, as a value."""
        return self.value(context, self.meta(context, type_, at, what))

    def same(self, context: Context, at: At, expected: Value, found: Value, why: str = "", hint: str = "") -> None:
        """Make two types the same; raises `Refusal` where they differ."""
        self.unifier.at, self.unifier.names = at, tuple(one.name for one in context.entries)
        mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
        try:
            self.unifier.unify(context.depth, expected, found)
        except Mismatch as mismatch:
            inner = self._difference(context, mismatch, expected, found)
            one, other = self.shown(context, expected), self.shown(context, found)
            self.unifier.undo(mark, waiting)
            raise wrong(at, f"expected {one} here{why}, but found {other}{inner}", hint) from None

    def _difference(self, context: Context, mismatch: Mismatch, expected: Value, found: Value) -> str:
        """Say which parts differ, where it is not the whole."""
        if mismatch.left is expected or mismatch.right is found or not _mild(mismatch.left, mismatch.right):
            return ""
        left, right = self.shown(context, mismatch.left), self.shown(context, mismatch.right)
        wholes = {self.shown(context, expected), self.shown(context, found)}
        return "" if left == right or wholes == {left, right} else f": {left} and {right} differ"

    def progress(self, *, last: bool = False) -> None:
        """Find what can be found by now; in the end numbers are taken for `Integer`."""
        while True:
            moved = self._resume()
            moved |= self._find_numerals()
            moved |= self._find_goals(last=False)
            if moved:
                continue
            if not last or not self._default():
                return

    def _resume(self) -> bool:
        try:
            return self.unifier.resume()
        except Mismatch as mismatch:
            at, names = self.unifier.at, self.unifier.names
            left, right = (show(self.evaluator, one, names) for one in (mismatch.left, mismatch.right))
            raise wrong(at, f"{left} and {right} should be the same here, and differ") from None

    def _find_numerals(self) -> bool:
        moved = False
        waiting, self.numerals = self.numerals, []
        for one in waiting:
            type_ = self.evaluator.force(one.type)
            if self._is_open(type_):
                self.numerals.append(one)
                continue
            self._fill(one, self.number(one.context, one.number, type_))
            moved = True
        return moved

    def _is_open(self, type_: Value) -> bool:
        """Whether a number cannot be made of a type yet."""
        if not isinstance(type_, Stuck):
            return False
        if type_.head == FIN:
            return self.unifier.is_open(type_.args[0].value) and not self.closing
        return isinstance(type_.head, MetaVariable)

    def _fill(self, one: Numeral, term: Term) -> None:
        found = self.value(one.context, term)
        self.unifier.unify(one.context.depth, self.value(one.context, self._applied(one)), found)

    def _applied(self, one: Numeral) -> Term:
        term: Term = Meta(one.meta)
        for level, entry in enumerate(one.context.entries):
            if not entry.is_let:
                term = Apply(term, Local(one.context.depth - 1 - level), Mode.EXPLICIT, entry.erased)
        return term

    def _find_goals(self, *, last: bool) -> bool:
        moved = False
        waiting, self.goals = self.goals, []
        for one in waiting:
            if self.search.solve(one, last=last):
                moved = True
            else:
                self.goals.append(one)
        return moved

    def _default(self) -> bool:
        if not self.numerals:
            return self._find_goals(last=True)
        one = self.numerals[0]
        type_ = self.evaluator.force(one.type)
        if isinstance(type_, Stuck) and type_.head == FIN:
            self.closing = True
            self._find_numerals()
            self.closing = False
        else:
            self.unifier.unify(one.context.depth, type_, Stuck("Prelude/Integer"))
        return True

    def complete(self) -> None:
        """Find everything; raises `Refusal` for what cannot be found."""
        self.progress(last=True)
        if self.goals:
            raise self.search.failure(self.goals[0])
        if self.unifier.waiting:
            one = self.unifier.waiting[0]
            left, right = (show(self.evaluator, each, one.names) for each in (one.left, one.right))
            raise wrong(one.at, f"it cannot be found out whether {left} and {right} are the same")
        for meta in self.metas.made:
            if meta.value is None:
                hint = "write it between braces, as in f {n = 3}, or say a type: the (Vect 0 Nat) []"
                raise wrong(meta.at, f"it cannot be found out {meta.what}", hint)
        self.metas.made.clear()

    def forget(self) -> None:
        """Drop what was still to be found for the sake of a declaration that is wrong."""
        self.goals.clear()
        self.numerals.clear()
        self.metas.made.clear()
        self.unifier.waiting.clear()

    def number(self, context: Context, number: syntax.Number, expected: Value) -> Term:
        """Give a number the type that is expected."""
        raise NotImplementedError


def _mild(*values: Value) -> bool:
    """Whether values can be shown without what stands around them."""
    return all(isinstance(one, Constant | Stuck | Types) for one in values)
