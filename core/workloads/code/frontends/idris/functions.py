"""Functions by clauses, their types, and which constructors a type may have."""

from collections.abc import Sequence

from core.workloads.code.frontends.idris import declared, primitives
from core.workloads.code.frontends.idris.context import Context, Meaning
from core.workloads.code.frontends.idris.core import Clause, Lambda, Meta, Pi, Term
from core.workloads.code.frontends.idris.generalizing import Generalizer, free_names
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.left_sides import LeftSides, Opened
from core.workloads.code.frontends.idris.names import (
    TYPES,
)
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.reduction import TooLong
from core.workloads.code.frontends.idris.sides import Impossible, LeftSide
from core.workloads.code.frontends.idris.syntax import Expression, Mode
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import MetaVariable, Product, Stuck, Value

_TOO_LONG = "computing the types of this takes too long"
_HINT = "types that compute must come to an end soon"


class Functions(LeftSides):
    """Elaborates functions."""

    lifted: list[Definition]
    """Functions that were made of parts of the present declaration."""
    broken: set[str]
    """Functions with a clause that is wrong."""
    demanded: str = "covering"

    def refusal(self, at: At, trouble: Exception) -> Refusal:
        """Say what is wrong, whatever it was that did not go on."""
        match trouble:
            case Refusal():
                return trouble
            case Mismatch(left=left, right=right):
                one, other = self.shown(Context(), left), self.shown(Context(), right)
                return wrong(at, f"{one} and {other} should be the same here, and differ")
        return wrong(at, _TOO_LONG, _HINT)

    def signature(self, context: Context, type_: Expression) -> Term:
        """Elaborate a type, in which names that nothing has become erased implicit parameters."""
        inner = context.erasing()
        opened: list[tuple[MetaVariable, Value]] = []
        for name in free_names(type_, set(context.names), self.known.names):
            kind = self.metas.new(TYPES, type_.at, "", f"a type of {name}")
            kind.pattern, kind.scope = True, context.depth
            meta = self.metas.new(Stuck(kind), type_.at, name, f"what {name} is")
            meta.pattern, meta.scope = True, context.depth
            opened.append((meta, Stuck(kind)))
            inner = inner.call(name, Meaning(Stuck(meta), Stuck(kind), erased=True))
        before, self.metas.made = self.metas.made, []
        term = self.check(inner, type_, TYPES)
        self.progress(last=not context.depth)
        self._open(context)
        self.metas.made = before
        generalizer = Generalizer(self.evaluator, context.depth)
        for meta, _ in opened:
            generalizer.collect(Stuck(meta))
        value = self.value(context, term)
        generalizer.collect(value)
        bound: list[tuple[str, Term]] = []
        for name, one, _ in generalizer.assigned():
            bound.append((name, self.evaluator.quote(one, context.depth + len(bound))))
        found = self.evaluator.quote(value, context.depth + len(bound))
        for name, domain in reversed(bound):
            found = Pi(name, Mode.IMPLICIT, True, domain, found)
        return found

    def _open(self, context: Context) -> None:
        """Let what was not found become a parameter, which depends on nothing that the type binds."""
        for one in self.metas.made:
            if one.value is not None:
                continue
            meta = self.metas.new(one.type)
            meta.pattern, meta.scope = True, context.depth
            body: Term = Meta(meta)
            for _ in range(one.around):
                body = Lambda("_", Mode.EXPLICIT, False, body)
            self.metas.solve(one, self.evaluator.evaluate(body, ()))
        self.metas.made.clear()

    def function(self, around: Context, one: Definition, clauses: Sequence[declared.Clause], *, top: bool) -> None:
        """Elaborate the clauses of a function; what is wrong with one is told, and the next is looked at."""
        made: list[Clause] = []
        counts: set[int] = set()
        for clause in clauses:
            given = sum(each.mode is Mode.EXPLICIT for each in clause.args)
            try:
                if counts and given not in counts:
                    message = f"the clauses of {one.short} have different numbers of parameters"
                    raise wrong(clause.at, message, "give each clause as many")
                counts.add(given)
                self.evaluator.steps = 0
                found = self._clause(around, one, clause)
                if top:
                    self.complete()
                if found is not None:
                    made.append(found)
            except (Refusal, Mismatch, TooLong) as trouble:
                if not top:
                    raise
                self.report(self.refusal(clause.at, trouble))
                self.broken.add(one.name)
                self.forget()
        one.arity = len(made[0].patterns) if made else self._taken(around, one, clauses)
        lengths = {len(each.patterns) for each in made}
        if len(lengths) > 1:
            made = [each for each in made if len(each.patterns) == one.arity]
        one.clauses = made

    def _taken(self, around: Context, one: Definition, clauses: Sequence[declared.Clause]) -> int:
        """Count the arguments of a function all of whose clauses are impossible."""
        wanted = max((sum(each.mode is Mode.EXPLICIT for each in clause.args) for clause in clauses), default=0)
        type_, count, seen = one.type, 0, 0
        while isinstance(type_, Pi) and (count < around.depth or seen < wanted):
            seen += count >= around.depth and type_.mode is Mode.EXPLICIT
            count += 1
            type_ = type_.codomain
        return count

    def _clause(self, around: Context, one: Definition, clause: declared.Clause) -> Clause | None:
        side = self.start(around, one)
        if clause.body is None and clause.subject is None:
            self._refuted(side, one, clause)
            return None
        self.arguments(side, one.short, clause.args)
        opened = self.open(side, clause.at, around)
        if clause.subject is not None:
            return self._with(one, clause, opened)
        return self._finished(opened, clause)

    def _finished(self, opened: Opened, clause: declared.Clause) -> Clause:
        context = self.local(opened.context, clause.where) if clause.where else opened.context
        assert clause.body is not None
        body = self.check(context, clause.body, opened.type)
        return Clause(opened.variables, opened.patterns, body, clause.at)

    def _refuted(self, side: LeftSide, one: Definition, clause: declared.Clause) -> None:
        """See that a clause that is said to be impossible is so."""
        mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
        try:
            self.arguments(side, one.short, clause.args)
            self._settle_patterns(side, clause.at)
            if any(self.is_empty(value) for value in self._open_types(side)):
                return
        except Impossible:
            return
        finally:
            self.unifier.undo(mark, waiting)
        raise wrong(clause.at, "this clause is possible", "write = and its value instead of impossible")

    def _open_types(self, side: LeftSide) -> list[Value]:
        generalizer = Generalizer(self.evaluator, 0)
        for one in side.values:
            generalizer.collect(one)
        return [one.type for one in generalizer.found]

    def is_empty(self, type_: Value) -> bool:
        """Whether a type has no values, as each of its constructors makes others."""
        type_ = self.evaluator.force(type_)
        if not isinstance(type_, Stuck) or not isinstance(type_.head, str):
            return False
        family = self.known.definitions[type_.head]
        if family.kind != "type" or type_.head.partition("/")[2] in primitives.TYPES:
            return False
        return not any(self.may_make(name, type_) for name in family.constructors)

    def may_make(self, name: str, type_: Value) -> bool:
        """Whether a constructor may make values of a type."""
        mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
        try:
            self.constructed(name, type_)
        except Mismatch as mismatch:
            return not mismatch.definite
        finally:
            self.unifier.undo(mark, waiting)
        return True

    def constructed(self, name: str, type_: Value) -> Value:
        """Apply a constructor to arguments that are open; raises `Mismatch` where it makes no values of the type."""
        one = self.known.definitions[name]
        value: Value = self.evaluator.top(name)
        own: Value = one.value
        while isinstance(own := self.evaluator.force(own), Product):
            meta = self.metas.new(own.domain)
            meta.pattern = True
            value = self.evaluator.apply(value, Stuck(meta), own.mode, own.erased)
            own = self.evaluator.enter(own.closure, Stuck(meta))
        self.unifier.unify(0, type_, own)
        return value

    def _with(self, one: Definition, clause: declared.Clause, opened: Opened) -> Clause:
        """Make a function of the clauses of `with`."""
        raise NotImplementedError
