"""Functions with arguments: those that nothing depends on are elaborated once the result is known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import (
    Apply,
    Delay,
    Term,
    Top,
    Universe,
    mentions,
)
from core.workloads.code.frontends.idris.implicits import Implicits, Typed
from core.workloads.code.frontends.idris.names import (
    ENDLESS,
    EQUAL,
    LAZY,
    TYPES,
)
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.syntax import Application, Argument, Expression, Mode, Name
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import (
    MetaVariable,
    Passed,
    Product,
    Stuck,
    Value,
)

Adding = Callable[[Mode, bool, Term], None]
"""Adds an argument: how it is passed, whether it is erased, and its term."""
_SIDES = 2
"""Those of an equation."""


@dataclass(slots=True)
class _Slot:
    """An argument: its term once it is there, or what it will be made of."""

    mode: Mode
    erased: bool
    term: Term | None = None
    written: Expression | None = None
    type: Value = TYPES
    foreseen: Value | None = None
    """What the result's type knows of it by now."""


class Applications(Implicits):
    """Elaborates applications."""

    def _applied_to(self, context: Context, expression: Expression, expected: Value | None) -> Typed:
        """Elaborate a name or application."""
        args: Sequence[Argument] = ()
        head = expression
        while isinstance(head, Application):
            args = (*head.args, *args)
            head = head.function
        at = expression.at
        if isinstance(head, syntax.Update):
            return self.updated(context, head, args, expected)
        if not isinstance(head, Name):
            term, type_ = self.infer(context, head)
            return self._spine(context, at, term, type_, args, expected, "this")
        if head.name not in context.names:
            special = self._special(context, head, args, expected)
            if special is not None:
                return special
        found = self._meanings(context, head, expected, len(args))
        if len(found) == 1:
            return self._spine(context, at, *found[0], args, expected, head.name)
        return self._attempts(context, at, head, found, args, expected)

    def _special(self, context: Context, head: Name, args: Sequence[Argument], expected: Value | None) -> Typed | None:
        """Elaborate what is no function: types of types, equations, values that are delayed or forced."""
        found: Typed | None = None
        if head.name == "Type" and not args:
            found = Universe(), TYPES
        elif head.name == "=" and len(args) == _SIDES:
            type_ = self.meta(context.erasing(), TYPES, head.at, "of which type the sides of = are")
            value = self.value(context, type_)
            sides = [self.check(context.erasing(), one.term, value) for one in args]
            term: Term = Apply(Top(EQUAL), type_, Mode.IMPLICIT, True)
            for one in sides:
                term = Apply(term, one)
            found = term, TYPES
        elif head.name == "Delay" and len(args) == 1:
            inner, own = self.infer(context, args[0].term)
            found = Delay(inner), Stuck(LAZY, (Passed(own),))
        elif head.name == "Force" and len(args) == 1:
            inner, own = self.infer(context, args[0].term)
            found = self.opened(context, head.at, inner, own, None)
        if found is None or expected is None:
            return found
        return self.coerce(context, head.at, *found, expected), expected

    def _attempts(
        self,
        context: Context,
        at: At,
        head: Name,
        found: list[Typed],
        args: Sequence[Argument],
        expected: Value | None,
    ) -> Typed:
        """Try what an ambiguous name may mean; the first that fits is taken."""
        failures: list[Refusal] = []
        for term, type_ in found:
            kept = self._snapshot()
            try:
                return self._spine(context, at, term, type_, args, expected, head.name)
            except Refusal as refusal:
                failures.append(refusal)
                self._restore(kept)
        raise failures[-1]

    def _spine(
        self,
        context: Context,
        at: At,
        term: Term,
        type_: Value,
        args: Sequence[Argument],
        expected: Value | None,
        name: str,
    ) -> Typed:
        """Apply a term to arguments: those that nothing depends on are elaborated once the result's type is known."""
        slots: list[_Slot] = []
        first_goal = len(self.goals)

        def add(mode: Mode, erased: bool, value: Term) -> None:  # noqa: FBT001 - how an argument is passed
            slots.append(_Slot(mode, erased, value))

        type_ = self.evaluator.force(type_)
        for one in args:
            if not isinstance(type_, Product):
                self._fill_slots(context, slots)
                type_ = self.evaluator.force(type_)
            type_ = self._up_to(context, one, type_, add, name, at)
            argument = self._slot(context, one, type_, slots)
            type_ = self.evaluator.force(self.evaluator.enter(type_.closure, argument))
        type_ = self._trailing(context, at, type_, expected, add)
        if expected is not None and any(one.term is None for one in slots):
            self._foresee(context, expected, type_)
        self._fill_slots(context, slots)
        type_ = self.evaluator.force(type_)
        for slot in slots:
            assert slot.term is not None
            term = Apply(term, slot.term, slot.mode, slot.erased)
        term, type_ = self._forced(term, type_, self.evaluator.force(expected) if expected is not None else None)
        if expected is not None:
            hint = f"{name} lacks an argument" if isinstance(type_, Product) and _plain(expected) else ""
            self.same(context, at, expected, type_, hint=hint)
        self._attempt_goals(first_goal)
        return term, type_

    def _slot(self, context: Context, one: Argument, type_: Product, slots: list[_Slot]) -> Value:
        """Take in an argument, now if the rest of the type depends on it; gives what the rest knows of it."""
        inner = context.erasing() if type_.erased else context
        if mentions(type_.closure.body, 0) and isinstance(one.term, syntax.Abstraction):
            argument = self.unknown(inner, type_.domain, one.term.at, "what this function is")
            slots.append(_Slot(type_.mode, type_.erased, None, one.term, type_.domain, argument))
            return argument
        if mentions(type_.closure.body, 0):
            found = self.check(inner, one.term, type_.domain)
            slots.append(_Slot(type_.mode, type_.erased, found))
            return self.value(context, found)
        slots.append(_Slot(type_.mode, type_.erased, None, one.term, type_.domain))
        return TYPES

    def _fill_slots(self, context: Context, slots: list[_Slot]) -> None:
        """Elaborate the arguments that were put off, functions last."""
        waiting = [one for one in slots if one.term is None]
        waiting.sort(key=lambda one: isinstance(one.written, syntax.Abstraction | syntax.Match | syntax.Do))
        for slot in waiting:
            assert slot.written is not None
            slot.term = self.check(context.erasing() if slot.erased else context, slot.written, slot.type)
            if slot.foreseen is not None:
                self.same(context, slot.written.at, slot.foreseen, self.value(context, slot.term))

    def _attempt_goals(self, first: int) -> None:
        rest = [one for one in self.goals[first:] if not self.search.solve(one, last=False)]
        self.goals[first:] = rest

    def _foresee(self, context: Context, expected: Value, type_: Value) -> None:
        """Make the result's type what is expected, if it can be; whether it is will be told later."""
        mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
        try:
            self.unifier.unify(context.depth, expected, type_)
        except Mismatch:
            self.unifier.undo(mark, waiting)
        else:
            del self.unifier.waiting[waiting:]

    def _trailing(self, context: Context, at: At, type_: Value, expected: Value | None, add: Adding) -> Value:
        """Add implicit arguments behind the last one."""
        wanted = self.evaluator.force(expected) if expected is not None else None
        while isinstance(type_, Product) and type_.mode is not Mode.EXPLICIT:
            if isinstance(wanted, Product) and wanted.mode is type_.mode:
                break
            type_ = self._skip(context, at, type_, add)
        return type_

    def _skip(self, context: Context, at: At, type_: Product, add: Adding) -> Value:
        applied, rest = self._implicit(context, at, Universe(), type_)
        assert isinstance(applied, Apply)
        add(applied.mode, applied.erased, applied.argument)
        return rest

    def _function(self, context: Context, type_: Value) -> Value:
        """See a type as that of a function, if that is still open."""
        if isinstance(type_, Stuck) and type_.head in (LAZY, ENDLESS):
            type_ = self.evaluator.force(type_.args[0].value)
        if isinstance(type_, Stuck) and isinstance(type_.head, MetaVariable):
            made = self._function_type(context, type_.head.at)
            self.same(context, type_.head.at, type_, made)
            return made
        return type_

    def _up_to(self, context: Context, one: Argument, type_: Value, add: Adding, name: str, at: At) -> Product:
        """Add implicit arguments up to the parameter that an argument is for."""
        type_ = self._function(context, type_)
        start = type_
        while isinstance(type_, Product) and not _is_for(one, type_):
            if type_.mode is Mode.EXPLICIT:
                message = f"{name} has no implicit parameter {one.name} here"
                raise wrong(one.term.at, message, f"its type is {self.shown(context, start)}")
            type_ = self._skip(context, at, type_, add)
            type_ = self._function(context, type_)
        if isinstance(type_, Product):
            return type_
        if one.mode is not Mode.EXPLICIT:
            raise wrong(one.term.at, f"{name} has no such implicit parameter", f"of type {self.shown(context, start)}")
        message = f"{name} is given an argument too many here"
        raise wrong(one.term.at, message, f"without it, it is of type {self.shown(context, type_)}")

    def check(self, context: Context, expression: Expression, expected: Value) -> Term:
        """Give the term of an expression that is to have a type."""
        raise NotImplementedError

    def infer(self, context: Context, expression: Expression) -> Typed:
        """Give the term of an expression, and its type."""
        raise NotImplementedError

    def match(self, context: Context, match: syntax.Match, expected: Value) -> Term:
        """Make a function of the alternatives of a `case`."""
        raise NotImplementedError

    def updated(
        self, context: Context, update: syntax.Update, args: Sequence[Argument], expected: Value | None
    ) -> Typed:
        """Turn new fields into a match on the record."""
        raise NotImplementedError


def _is_for(one: Argument, type_: Product) -> bool:
    """Whether an argument is for the next parameter."""
    if one.mode is Mode.IMPLICIT:
        return type_.mode is not Mode.EXPLICIT and type_.name == one.name
    return one.mode is type_.mode


def _plain(expected: Value) -> bool:
    return not isinstance(expected, Product)
