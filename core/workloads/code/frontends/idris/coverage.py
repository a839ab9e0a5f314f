"""Whether the clauses of a function take every case: types are split into their constructors as the clauses ask.

Norell, "Towards a practical programming language based on dependent type theory" (2007), section 2.2.
"""

from dataclasses import dataclass

from core.workloads.code.frontends.idris.clauses import Clauses
from core.workloads.code.frontends.idris.core import Anything, Bound, Clause, Equals, Fits, Pattern
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.names import ZERO
from core.workloads.code.frontends.idris.printing import show_term
from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import Constant, MetaVariable, Passed, Product, Stuck, Value

_MOST_CASES = 2_000


@dataclass(frozen=True, slots=True)
class Split:
    """An open place that a pattern tests."""

    meta: MetaVariable
    pattern: Pattern


class Coverage:
    """Looks for cases that no clause takes."""

    def __init__(self, checker: Clauses) -> None:
        self.checker = checker
        self.cases = 0

    def missing(self, one: Definition) -> str:
        """Give a case of a function that no clause takes, as a left side; empty where there is none."""
        assert one.clauses is not None
        self.cases = 0
        mark, waiting = len(self.checker.metas.trail), len(self.checker.unifier.waiting)
        values: list[Value] = []
        modes: list[Mode] = []
        type_: Value = one.value
        for _ in range(one.arity):
            product = self.checker.evaluator.force(type_)
            assert isinstance(product, Product)
            value = self._open(product.domain, product.name)
            values.append(value)
            modes.append(product.mode)
            type_ = self.checker.evaluator.enter(product.closure, value)
        try:
            found = self._uncovered(values, one.clauses)
            if found is None:
                return ""
            return self._shown(one, found, modes)
        finally:
            self.checker.unifier.undo(mark, waiting)

    def _open(self, type_: Value, name: str) -> Value:
        meta = self.checker.metas.new(type_, name=name)
        meta.pattern = True
        return Stuck(meta)

    def _uncovered(self, values: list[Value], clauses: list[Clause]) -> list[Value] | None:
        self.cases += 1
        if self.cases > _MOST_CASES:
            return list(values)
        for place, clause in enumerate(clauses):
            fits = self._fitting(clause.patterns, values)
            if fits is True:
                return None
            if isinstance(fits, Split):
                return self._split(values, clauses[place:], fits)
        return None if self._is_impossible(values) else list(values)

    def _fitting(self, patterns: tuple[Pattern, ...], values: list[Value]) -> bool | Split:
        """Tell whether values fit, or which of them has to be split for that to be told."""
        split: Split | None = None
        for pattern, value in zip(patterns, values, strict=True):
            fits = self._fits(pattern, value)
            if fits is False:
                return False
            if isinstance(fits, Split) and split is None:
                split = fits
        return split or True

    def _fits(self, pattern: Pattern, value: Value) -> bool | Split:  # noqa: PLR0911 - a case for each sort of pattern
        if isinstance(pattern, Bound | Anything) or (isinstance(pattern, Fits) and pattern.forced):
            return True
        value = self.checker.evaluator.force(value)
        if isinstance(value, Stuck) and isinstance(value.head, MetaVariable):
            return False if value.head.opaque else Split(value.head, pattern)
        match pattern:
            case Equals(literal):
                return isinstance(value, Constant) and value.value == literal
            case Fits(constructor, args):
                if isinstance(value, Constant):
                    if constructor == ZERO:
                        return value.value == 0
                    if value.value == 0:
                        return False
                    return self._fits(args[0], Constant(int(value.value) - 1, "Nat"))
                if not isinstance(value, Stuck) or value.head != constructor:
                    return False
                return self._fitting(args, [one.value for one in value.args])
        return True

    def _split(self, values: list[Value], clauses: list[Clause], split: Split) -> list[Value] | None:
        checker = self.checker
        if isinstance(split.pattern, Equals):
            return self._split_literal(values, clauses, split)
        type_ = checker.evaluator.force(split.meta.type)
        assert isinstance(type_, Stuck)
        assert isinstance(type_.head, str)
        for name in checker.known.definitions[type_.head].constructors:
            mark, waiting = len(checker.metas.trail), len(checker.unifier.waiting)
            try:
                made = checker.constructed(name, type_)
                checker.unifier.unify(0, Stuck(split.meta), made)
            except Mismatch as mismatch:
                checker.unifier.undo(mark, waiting)
                if mismatch.definite:
                    continue
                made = checker.evaluator.top(name)
            found = self._uncovered(values, clauses)
            if found is not None:
                return found
            checker.unifier.undo(mark, waiting)
        return None

    def _split_literal(self, values: list[Value], clauses: list[Clause], split: Split) -> list[Value] | None:
        checker = self.checker
        assert isinstance(split.pattern, Equals)
        mark = len(checker.metas.trail)
        checker.metas.solve(split.meta, Constant(split.pattern.value, split.pattern.sort))
        found = self._uncovered(values, clauses)
        if found is not None:
            return found
        checker.metas.undo(mark)
        others = [one for one in clauses if not self._asks(one, values, split)]
        found = self._uncovered(values, others)
        if found is not None:
            return found
        return None

    def _asks(self, clause: Clause, values: list[Value], split: Split) -> bool:
        """Whether a clause asks for the same literal in the same place."""
        fits = self._fitting(clause.patterns, values)
        return isinstance(fits, Split) and fits.meta is split.meta and fits.pattern == split.pattern

    def _is_impossible(self, values: list[Value]) -> bool:
        """Whether there are no such values, as a part is of a type that has none."""
        for one in values:
            value = self.checker.evaluator.force(one)
            if not isinstance(value, Stuck):
                continue
            if isinstance(value.head, MetaVariable):
                if self.checker.is_empty(value.head.type):
                    return True
            elif self._is_impossible([each.value for each in value.args]):
                return True
        return False

    def _shown(self, one: Definition, values: list[Value], modes: list[Mode]) -> str:
        quoted: list[str] = []
        for value, mode in zip(values, modes, strict=True):
            if mode is not Mode.EXPLICIT:
                continue
            term = self.checker.evaluator.quote(self._anonymous(value), 0)
            quoted.append(show_term(term, (), 4))
        name = one.short.partition("~")[0]
        return " ".join([name, *quoted])

    def _anonymous(self, value: Value) -> Value:
        """Show what is open as `_`."""
        value = self.checker.evaluator.force(value)
        if isinstance(value, Stuck) and isinstance(value.head, MetaVariable):
            return Stuck(self.checker.metas.new(value.head.type, name="_"))
        if isinstance(value, Stuck):
            args = tuple(Passed(self._anonymous(one.value), one.mode, one.erased) for one in value.args)
            return Stuck(value.head, args)
        return value
