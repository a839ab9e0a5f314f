"""Arguments that are not written, values that are delayed, and which of its meanings a name has."""

from core.workloads.code.frontends.idris.advising import unknown_name
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import Apply, Force, Local, Meta, Pi, Term, Top, Universe
from core.workloads.code.frontends.idris.finding import Finding
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.names import ENDLESS, LAZY, TYPES
from core.workloads.code.frontends.idris.problems import At, wrong
from core.workloads.code.frontends.idris.searching import Goal
from core.workloads.code.frontends.idris.syntax import Mode, Name
from core.workloads.code.frontends.idris.values import (
    Product,
    Stuck,
    Types,
    Value,
)

Typed = tuple[Term, Value]
"""A term and its type."""


class Implicits(Finding):
    """Adds what is not written."""

    def coerce(self, context: Context, at: At, term: Term, type_: Value, expected: Value, why: str = "") -> Term:
        """Give a term of one type where another is expected: implicit arguments are added, delayed values forced."""
        term, type_ = self.opened(context, at, term, type_, expected)
        self.same(context, at, expected, type_, why)
        return term

    def opened(self, context: Context, at: At, term: Term, type_: Value, expected: Value | None) -> Typed:
        """Add implicit arguments, and force what is delayed."""
        type_ = self.evaluator.force(type_)
        wanted = self.evaluator.force(expected) if expected is not None else None
        while isinstance(type_, Product) and type_.mode is not Mode.EXPLICIT:
            if isinstance(wanted, Product) and wanted.mode is type_.mode:
                break
            term, type_ = self._implicit(context, at, term, type_)
        return self._forced(term, type_, wanted)

    def _forced(self, term: Term, type_: Value, wanted: Value | None) -> Typed:
        """Force what is delayed, unless something delayed is wanted."""
        if not isinstance(type_, Stuck) or type_.head not in (LAZY, ENDLESS):
            return term, type_
        if isinstance(wanted, Stuck) and wanted.head in (LAZY, ENDLESS):
            return term, type_
        return Force(term), self.evaluator.force(type_.args[0].value)

    def _implicit(self, context: Context, at: At, term: Term, type_: Product) -> Typed:
        """Add an argument that is to be found by unification or search."""
        inner = context.erasing() if type_.erased else context
        if type_.mode is Mode.AUTO:
            argument = self.meta(inner, type_.domain, at, "an implementation", type_.name)
            head: Term = argument
            while isinstance(head, Apply):
                head = head.function
            assert isinstance(head, Meta)
            self.metas.made.remove(head.variable)
            self.goals.append(Goal(inner, type_.domain, head.variable, argument, at))
        else:
            argument = self.meta(inner, type_.domain, at, f"what {type_.name or 'an implicit argument'} is here")
        found = Apply(term, argument, type_.mode, type_.erased)
        return found, self.evaluator.force(self.evaluator.enter(type_.closure, self.value(context, argument)))

    def _function_type(self, context: Context, at: At) -> Product:
        """Make a type of functions of which nothing is known."""
        domain = self.meta(context, TYPES, at, "of which type the argument is")
        inner = context.bind("", self.value(context, domain))
        codomain = self.meta(inner, TYPES, at, "of which type the result is")
        made = self.value(context, Pi("", Mode.EXPLICIT, False, domain, codomain))
        assert isinstance(made, Product)
        return made

    def _meanings(self, context: Context, head: Name, expected: Value | None, count: int) -> list[Typed]:
        """Give what a name may mean here; of several those whose result may be what is expected."""
        local = context.names.get(head.name)
        if local is not None:
            if local.erased and context.relevant:
                hint = f"say that it is kept: write {{{head.name} : ...}} -> in front of the type"
                raise wrong(head.at, f"{head.name} is erased: it is not there when the program runs", hint)
            if local.level is not None:
                return [(Local(context.depth - 1 - local.level, head.at), local.type)]
            return [(self.evaluator.quote(local.value, context.depth), local.type)]
        found = self.known.candidates(head.name)
        if not found:
            raise unknown_name(head.at, head.name, [*context.names, *self.known.names])
        if len(found) > 1 and expected is not None:
            wanted = self.evaluator.force(expected)
            fitting = [one for one in found if self._may_give(one, wanted, count)]
            found = fitting or found
        return [(Top(one.name, head.at), one.value) for one in found]

    def _may_give(self, one: Definition, wanted: Value, count: int) -> bool:
        """Whether a function's result may be of a type, as far as the heads of the types tell."""
        type_ = one.type
        while isinstance(type_, Pi) and (type_.mode is not Mode.EXPLICIT or count > 0):
            count -= type_.mode is Mode.EXPLICIT
            type_ = type_.codomain
        while isinstance(type_, Apply):
            type_ = type_.function
        if isinstance(type_, Local | Meta):
            return count <= 0 or not isinstance(type_, Local)
        if isinstance(wanted, Stuck) and isinstance(wanted.head, str) and self.unifier.is_injective(wanted):
            if isinstance(type_, Top):
                stuck = Stuck(type_.name)
                return not self.unifier.is_injective(stuck) or type_.name == wanted.head
            return False
        if isinstance(wanted, Types):
            return not isinstance(type_, Top) or not self.unifier.is_injective(Stuck(type_.name))
        if isinstance(wanted, Product):
            return isinstance(type_, Pi) or not isinstance(type_, Universe)
        return True

    def _snapshot(self) -> tuple[object, ...]:
        lists = (self.goals, self.numerals, self.metas.made, self.holes, self.problems, self.unifier.waiting)
        return len(self.metas.trail), *(list(one) for one in lists)

    def _restore(self, kept: tuple[object, ...]) -> None:
        mark, *lists = kept
        assert isinstance(mark, int)
        self.metas.undo(mark)
        mine: tuple[list[object], ...] = (
            self.goals,  # type: ignore[assignment]  # lists of different things are put back alike
            self.numerals,
            self.metas.made,
            self.holes,
            self.problems,
            self.unifier.waiting,
        )
        for one, before in zip(mine, lists, strict=True):
            assert isinstance(before, list)
            one[:] = before

    def close(self, context: Context, term: Term) -> Term:
        """Give the type of a function that takes all variables around."""
        for level in reversed(range(context.depth)):
            one = context.entries[level]
            term = Pi(one.name, Mode.EXPLICIT, one.erased, self.evaluator.quote(one.type, level), term)
        return term

    def call(self, context: Context, name: str) -> Term:
        """Apply a function that takes all variables around."""
        term: Term = Top(name)
        for level, one in enumerate(context.entries):
            term = Apply(term, Local(context.depth - 1 - level), Mode.EXPLICIT, one.erased)
        return term

    def define(self, one: Definition, *, named: bool = True) -> None:
        """Take in a definition, with its type's value."""
        one.value = self.evaluator.evaluate(one.type, ())
        self.known.add(one, named=named)
