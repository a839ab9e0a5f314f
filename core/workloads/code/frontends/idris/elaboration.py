"""From what is written to terms: what was left out is found, and each expression has the type that it needs.

Bidirectional, in the manner of Dunfield and Krishnaswami, "Bidirectional typing" (2021): `infer` finds a type, `check`
is told one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.advising import unknown_name
from core.workloads.code.frontends.idris.context import Context, HoleInfo
from core.workloads.code.frontends.idris.core import (
    Apply,
    Delay,
    Force,
    Lambda,
    Let,
    Literal,
    Local,
    Meta,
    Pi,
    Term,
    Top,
    Universe,
    mentions,
    shifted,
)
from core.workloads.code.frontends.idris.evaluation import NAT, TYPES, Evaluator
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.printing import show
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.searching import Goal, Search
from core.workloads.code.frontends.idris.syntax import Application, Argument, Expression, Mode, Name
from core.workloads.code.frontends.idris.unification import Mismatch, Unifier
from core.workloads.code.frontends.idris.values import (
    Constant,
    Metas,
    MetaVariable,
    Passed,
    Product,
    Stuck,
    Types,
    Value,
)

LAZY, ENDLESS = "Prelude/Lazy", "Prelude/Inf"
EQUAL, PAIR, MAKE_PAIR = "Prelude/Equal", "Prelude/Pair", "Prelude/MkPair"
DEPENDENT, MAKE_DEPENDENT = "Prelude/DPair", "Prelude/MkDPair"
UNIT, MAKE_UNIT, LIST, NIL, CONS = "Prelude/Unit", "Prelude/MkUnit", "Prelude/List", "Prelude/Nil", "Prelude/::"
FIN = "Data.Fin/Fin"
_MOST_FIN = 200
_SIDES = 2
"""Those of an equation."""
Typed = tuple[Term, Value]
Adding = Callable[[Mode, bool, Term], None]
_NO_NUMBERS = ("Prelude/Char", "Prelude/String", UNIT, PAIR, LIST, "Prelude/Bool", "Prelude/IO", EQUAL)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number whose type is still to be found."""

    context: Context
    number: syntax.Number
    type: Value
    meta: MetaVariable


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


class Elaborator:
    """Elaborates expressions; declarations and clauses are added by what derives from it."""

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

    # Words.

    def shown(self, context: Context, value: Value) -> str:
        """Show a value as the source would write it."""
        return show(self.evaluator, value, tuple(one.name for one in context.entries))

    def report(self, refusal: Refusal) -> None:
        """Keep what was found to be wrong."""
        self.problems.append(refusal.diagnostic)

    # What is to be found.

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

    # Checking.

    def check_type(self, context: Context, expression: Expression) -> Term:
        """Elaborate a type."""
        return self.check(context.erasing(), expression, TYPES)

    def check(self, context: Context, expression: Expression, expected: Value) -> Term:  # noqa: C901, PLR0911, PLR0912 - a case for each sort
        """Give the term of an expression that is to have a type."""
        expected = self.evaluator.force(expected)
        if isinstance(expected, Product) and expected.mode is not Mode.EXPLICIT:
            inner = context.bind(expected.name, expected.domain, erased=expected.erased, mode=expected.mode)
            body = self.check(inner, expression, self.evaluator.enter(expected.closure, Stuck(context.depth)))
            return Lambda(expected.name, expected.mode, expected.erased, body)
        if isinstance(expected, Stuck) and expected.head in (LAZY, ENDLESS) and not self._is_lazy(context, expression):
            match expression:
                case Application(_, Name(_, "Delay"), (argument,)):
                    expression = argument.term
            return Delay(self.check(context, expression, expected.args[0].value), expected.head == ENDLESS)
        match expression:
            case syntax.Abstraction():
                return self._abstraction(context, expression, expected)
            case syntax.Let():
                return self._let(context, expression, expected)[0]
            case syntax.Local(_, declarations, rest):
                return self.check(self.local(context, declarations), rest, expected)
            case syntax.Choice(at, condition, then, otherwise):
                args = (Argument(condition), Argument(then), Argument(otherwise))
                return self.check(context, Application(at, Name(at, "ifThenElse"), args), expected)
            case syntax.Match():
                return self.match(context, expression, expected)
            case syntax.Rewrite():
                return self._rewrite(context, expression, expected)
            case syntax.Do(_, statements):
                return self.check(context, _bound(statements), expected)
            case syntax.Listed():
                return self._listed(context, expression, expected)
            case syntax.Tuple():
                return self._tuple(context, expression, expected)
            case syntax.Dependent():
                return self._dependent(context, expression, expected)
            case syntax.Number():
                return self.number(context, expression, expected)
            case syntax.Hole():
                return self._hole(context, expression, expected)
            case syntax.Unknown(at):
                return self.meta(context, expected, at, "what _ stands for here")
            case Application() | Name():
                return self._applied_to(context, expression, expected)[0]
            case syntax.Update(at):
                raise wrong(at, "new fields need a record behind them", "write { name := value } record")
            case _:
                term, type_ = self.infer(context, expression)
                return self.coerce(context, expression.at, term, type_, expected)

    def _is_lazy(self, context: Context, expression: Expression) -> bool:
        """Whether an expression is a variable that is delayed already."""
        if not isinstance(expression, Name) or expression.name not in context.names:
            return False
        type_ = self.evaluator.force(context.names[expression.name].type)
        return isinstance(type_, Stuck) and type_.head in (LAZY, ENDLESS)

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

    # Inferring.

    def infer(self, context: Context, expression: Expression) -> Typed:  # noqa: C901, PLR0911 - a case for each sort
        """Give the term of an expression, and its type."""
        match expression:
            case Name() | Application():
                return self._applied_to(context, expression, None)
            case syntax.Text(_, text):
                return Literal(text, "String"), Stuck("Prelude/String")
            case syntax.Character(_, text):
                return Literal(text, "Char"), Stuck("Prelude/Char")
            case syntax.Arrow():
                return self._arrow(context, expression), TYPES
            case syntax.Let():
                return self._let(context, expression, None)
            case syntax.Local(_, declarations, body):
                return self.infer(self.local(context, declarations), body)
            case syntax.Field(at, term, name):
                return self.infer(context, Application(at, Name(at, name), (Argument(term),)))
            case syntax.As(at) | syntax.Forced(at):
                raise wrong(at, "this is a pattern, and an expression is needed here")
            case syntax.Do(_, statements):
                return self.infer(context, _bound(statements))
            case syntax.Tuple(at, items) if items:
                return self._pair(context, expression)
            case syntax.Tuple():
                return Top(MAKE_UNIT), Stuck(UNIT)
            case _:
                type_ = self.unknown(context, TYPES, expression.at, "of which type this is")
                return self.check(context, expression, type_), type_

    def _arrow(self, context: Context, arrow: syntax.Arrow) -> Term:
        context = context.erasing()
        domain = self.check(context, arrow.domain, TYPES)
        inner = context.bind(arrow.name, self.value(context, domain), mode=arrow.mode)
        codomain = self.check(inner, arrow.result, TYPES)
        return Pi(arrow.name, arrow.mode, arrow.erased, domain, codomain)

    def _let(self, context: Context, let: syntax.Let, expected: Value | None) -> Typed:
        if not isinstance(let.pattern, Name) or self._is_constructor(context, let.pattern.name):
            value = let.value
            if let.type is not None:
                value = Application(let.at, Name(let.at, "the"), (Argument(let.type), Argument(value)))
            alternatives = (syntax.Alternative(let.at, let.pattern, let.body),)
            goal = expected or self.unknown(context, TYPES, let.at, "of which type this is")
            return self.match(context, syntax.Match(let.at, value, alternatives), goal), goal
        if let.type is not None:
            type_ = self.value(context, self.check_type(context, let.type))
            term = self.check(context, let.value, type_)
        else:
            term, type_ = self.infer(context, let.value)
            term, type_ = self.opened(context, let.value.at, term, type_, None)
            self.progress()
        inner = context.define(let.pattern.name, type_, self.value(context, term))
        type_term = self.evaluator.quote(type_, context.depth)
        if expected is not None:
            return Let(let.pattern.name, type_term, term, self.check(inner, let.body, expected)), expected
        body, found = self.infer(inner, let.body)
        return Let(let.pattern.name, type_term, term, body), found

    def _is_constructor(self, context: Context, name: str) -> bool:
        if name in context.names:
            return False
        return any(one.kind == "constructor" for one in self.known.candidates(name))

    # Functions.

    def _abstraction(self, context: Context, function: syntax.Abstraction, expected: Value) -> Term:
        if not isinstance(expected, Product):
            self.progress()
            expected = self.evaluator.force(expected)
        if not isinstance(expected, Product):
            if not (isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable)):
                found = self.shown(context, expected)
                raise wrong(function.at, f"expected {found} here, but found a function", "leave out the \\ ... =>")
            made = self._function_type(context, function.at)
            self.same(context, function.at, expected, made)
            expected = made
        assert isinstance(expected, Product)
        if function.type is not None:
            written = self.value(context, self.check_type(context, function.type))
            self.same(context, function.type.at, expected.domain, written)
        pattern = function.pattern
        if isinstance(pattern, Name) and not self._is_constructor(context, pattern.name):
            name, body = pattern.name, function.body
        elif isinstance(pattern, syntax.Unknown):
            name, body = "_", function.body
        else:
            name = "argument"
            alternative = syntax.Alternative(pattern.at, pattern, function.body)
            body = syntax.Match(pattern.at, Name(pattern.at, name), (alternative,))
        inner = context.bind(name, expected.domain, erased=expected.erased)
        codomain = self.evaluator.enter(expected.closure, Stuck(context.depth))
        return Lambda(name, Mode.EXPLICIT, expected.erased, self.check(inner, body, codomain))

    def _function_type(self, context: Context, at: At) -> Product:
        """Make a type of functions of which nothing is known."""
        domain = self.meta(context, TYPES, at, "of which type the argument is")
        inner = context.bind("", self.value(context, domain))
        codomain = self.meta(inner, TYPES, at, "of which type the result is")
        made = self.value(context, Pi("", Mode.EXPLICIT, False, domain, codomain))
        assert isinstance(made, Product)
        return made

    def _applied_to(self, context: Context, expression: Expression, expected: Value | None) -> Typed:
        """Elaborate a name or application."""
        args: Sequence[Argument] = ()
        head = expression
        while isinstance(head, Application):
            args = (*head.args, *args)
            head = head.function
        at = expression.at
        if isinstance(head, syntax.Update):
            return self._updated(context, head, args, expected)
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

    # Applications.

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
            inner = context.erasing() if type_.erased else context
            if mentions(type_.closure.body, 0) and isinstance(one.term, syntax.Abstraction):
                argument = self.unknown(inner, type_.domain, one.term.at, "what this function is")
                slots.append(_Slot(type_.mode, type_.erased, None, one.term, type_.domain, argument))
            elif mentions(type_.closure.body, 0):
                found = self.check(inner, one.term, type_.domain)
                add(type_.mode, type_.erased, found)
                argument = self.value(context, found)
            else:
                slots.append(_Slot(type_.mode, type_.erased, None, one.term, type_.domain))
                argument = TYPES
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

    # Values with a notation of their own.

    def number(self, context: Context, number: syntax.Number, expected: Value) -> Term:
        """Give a number the type that is expected."""
        expected = self.evaluator.force(expected)
        value = number.value
        if self._is_open(expected):
            term = self.meta(context, expected, number.at, "of which type this number is")
            head: Term = term
            while isinstance(head, Apply):
                head = head.function
            assert isinstance(head, Meta)
            self.numerals.append(Numeral(context, number, expected, head.variable))
            return term
        if isinstance(expected, Stuck):
            match expected.head:
                case "Prelude/Integer" | "Prelude/Int":
                    return Literal(value, str(expected.head).partition("/")[2])
                case str() if expected.head == NAT:
                    if value < 0:
                        raise wrong(number.at, f"a Nat is never negative, and {value} is", "use Integer")
                    return Literal(value, "Nat")
                case str() if expected.head == FIN:
                    return self._fin(context, number, expected)
        if isinstance(expected, Product | Types) or (isinstance(expected, Stuck) and expected.head in _NO_NUMBERS):
            raise wrong(number.at, f"expected {self.shown(context, expected)} here, but found the number {value}")
        literal = syntax.Application(
            number.at, Name(number.at, "the"), (_named("Integer", number.at), Argument(number))
        )
        call = Application(number.at, Name(number.at, "fromInteger"), (Argument(literal),))
        return self.check(context, call, expected)

    def _fin(self, context: Context, number: syntax.Number, expected: Stuck) -> Term:
        bound = self.evaluator.force(expected.args[0].value)
        value = number.value
        if value < 0 or (isinstance(bound, Constant) and value >= int(bound.value)):
            type_, most = self.shown(context, expected), self.shown(context, bound)
            has = f"it has the numbers below {most}" if most != "0" else "it has no values at all"
            raise wrong(number.at, f"{value} is out of range: expected {type_} here", has)
        if value > _MOST_FIN:
            raise wrong(number.at, f"numbers of type Fin end at {_MOST_FIN} here")
        written: Expression = Name(number.at, "FZ")
        for _ in range(value):
            written = Application(number.at, Name(number.at, "FS"), (Argument(written),))
        return self.check(context, written, expected)

    def _listed(self, context: Context, listed: syntax.Listed, expected: Value) -> Term:
        at = listed.at
        if isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable):
            self.progress()
            expected = self.evaluator.force(expected)
        if isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable):
            item = self.meta(context.erasing(), TYPES, at, "of which type the items are")
            type_ = self.value(context, Apply(Top(LIST), item))
            self.same(context, at, expected, type_)
            expected = self.evaluator.force(type_)
        if isinstance(expected, Stuck) and expected.head == LIST:
            item_type = expected.args[0].value
            quoted = self.evaluator.quote(item_type, context.depth)
            terms = [self.check(context, one, item_type) for one in listed.items]
            found: Term = Apply(Top(NIL), quoted, Mode.IMPLICIT, True)
            for one in reversed(terms):
                head = Apply(Top(CONS), quoted, Mode.IMPLICIT, True)
                found = Apply(Apply(head, one), found)
            return found
        if not (isinstance(expected, Stuck) and isinstance(expected.head, str)):
            raise wrong(at, f"expected {self.shown(context, expected)} here, but found a list")
        self._fit_length(context, listed, expected)
        written: Expression = Name(at, "Nil")
        for item_ in reversed(listed.items):
            written = Application(item_.at, Name(item_.at, "::"), (Argument(item_), Argument(written)))
        return self.check(context, written, expected)

    def _fit_length(self, context: Context, listed: syntax.Listed, expected: Stuck) -> None:
        """Tell of a vector with too few or too many items by its whole type."""
        if not str(expected.head).endswith("/Vect") or len(expected.args) != len(("length", "items")):
            return
        length = self.evaluator.force(expected.args[0].value)
        count = len(listed.items)
        if isinstance(length, Constant) and int(length.value) != count:
            found = self.shown(context, Stuck(expected.head, (Passed(Constant(count, "Nat")), expected.args[1])))
            type_ = self.shown(context, expected)
            message = f"expected {type_} here, but found {found}: {length.value} and {count} differ"
            raise wrong(listed.at, message, f"the list has {count} items, and should have {length.value}")

    def _tuple(self, context: Context, written: syntax.Tuple, expected: Value) -> Term:
        if isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable):
            self.progress()
            expected = self.evaluator.force(expected)
        name = (PAIR, UNIT) if isinstance(expected, Types) else (MAKE_PAIR, MAKE_UNIT)
        if not written.items:
            term = Top(name[1])
            type_: Value = TYPES if isinstance(expected, Types) else Stuck(UNIT)
            return self.coerce(context, written.at, term, type_, expected)
        first, *rest = written.items
        second = rest[0] if len(rest) == 1 else syntax.Tuple(rest[0].at, tuple(rest))
        args = (Argument(first), Argument(second))
        definition = self.known.definitions[name[0]]
        return self._spine(context, written.at, Top(name[0]), definition.value, args, expected, "a pair")[0]

    def _pair(self, context: Context, written: syntax.Tuple) -> Typed:
        first, *rest = written.items
        second = rest[0] if len(rest) == 1 else syntax.Tuple(rest[0].at, tuple(rest))
        args = (Argument(first), Argument(second))
        definition = self.known.definitions[MAKE_PAIR]
        return self._spine(context, written.at, Top(MAKE_PAIR), definition.value, args, None, "a pair")

    def _dependent(self, context: Context, pair: syntax.Dependent, expected: Value) -> Term:
        if isinstance(expected, Types):
            name, type_ = pair.name, pair.first
            if not name:
                if not isinstance(pair.first, Name):
                    raise wrong(pair.at, "the first part of this type needs a name", "write (x : t ** p)")
                name, type_ = pair.first.name, syntax.Unknown(pair.at)
            function = syntax.Abstraction(pair.at, Name(pair.at, name), None, pair.second)
            args = (Argument(type_), Argument(function))
            constructor = DEPENDENT
        else:
            args, constructor = (Argument(pair.first), Argument(pair.second)), MAKE_DEPENDENT
        definition = self.known.definitions[constructor]
        return self._spine(context, pair.at, Top(constructor), definition.value, args, expected, "a pair")[0]

    def _updated(
        self, context: Context, update: syntax.Update, args: Sequence[Argument], expected: Value | None
    ) -> Typed:
        """Turn new fields into a match on the record."""
        record = args[0].term
        _, type_ = self.infer(context, record)
        type_ = self.evaluator.force(type_)
        family = type_.head if isinstance(type_, Stuck) and isinstance(type_.head, str) else ""
        one = self.known.definitions.get(family)
        made = self.known.definitions[one.constructors[0]] if one is not None and len(one.constructors) == 1 else None
        if made is None or not made.fields:
            raise wrong(record.at, f"{self.shown(context, type_)} is no record, and has no fields")
        new = {name: term for _, name, term in update.fields}
        for at, name, _ in update.fields:
            if name not in made.fields:
                raise wrong(at, f"{family.rpartition('/')[2]} has no field {name}", f"it has {', '.join(made.fields)}")
        at = update.at
        names = [f"{one}'" if one in new else one for one in made.fields]
        pattern = Application(at, Name(at, made.short), tuple(_named(name, at) for name in names))
        values = tuple(Argument(new.get(one, Name(at, one))) for one in made.fields)
        body = Application(at, Name(at, made.short), values)
        goal = expected if expected is not None else type_
        match = syntax.Match(at, record, (syntax.Alternative(at, pattern, body),))
        return self.match(context, match, goal), goal

    # Holes and proofs.

    def _hole(self, context: Context, hole: syntax.Hole, expected: Value) -> Term:
        self.progress()
        names = tuple(one.name for one in context.entries)
        shown = tuple(
            (one.name, one.erased, show(self.evaluator, one.type, names[:level]))
            for level, one in context.visible()
            if one.mode is not Mode.AUTO
        )
        goal = show(self.evaluator, expected, names)
        self.holes.append(HoleInfo(hole.name, hole.at.line, hole.at.column, shown, goal))
        type_ = self.close(context, self.evaluator.quote(expected, context.depth))
        name = f"{self.module}/{self.known.fresh(hole.name)}"
        self.define(Definition(name, "hole", type_, TYPES, hole.at), named=False)
        return self.call(context, name)

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

    def _rewrite(self, context: Context, rewrite: syntax.Rewrite, expected: Value) -> Term:
        """Rewrite the type that is expected from right to left of the equation, where its left side occurs."""
        unseen = context.erasing()
        equation, type_ = self.infer(unseen, rewrite.equation)
        equation, type_ = self.opened(unseen, rewrite.equation.at, equation, type_, None)
        self.progress()
        type_ = self.evaluator.force(type_)
        if not (isinstance(type_, Stuck) and type_.head == EQUAL):
            found = self.shown(context, type_)
            raise wrong(rewrite.equation.at, f"rewrite takes an equation, and this is of type {found}")
        subject, left, right = (one.value for one in type_.args)
        motive, changed = self._abstracted(context, expected, left)
        if not changed:
            one = self.shown(context, left)
            hint = f"what is expected is {self.shown(context, expected)}; sym turns an equation round"
            raise wrong(rewrite.at, f"{one} does not occur in what is expected, so that rewrite changes nothing", hint)
        goal = self.evaluator.evaluate(motive, (*context.environment, right))
        body = self.check(context, rewrite.body, goal)
        function = Lambda("x", Mode.EXPLICIT, False, motive)
        term: Term = Top("Prelude/rewriting")
        for side in (subject, left, right):
            term = Apply(term, self.evaluator.quote(side, context.depth), Mode.IMPLICIT, True)
        return Apply(Apply(Apply(term, function, Mode.EXPLICIT, True), equation, Mode.EXPLICIT, True), body)

    def _abstracted(self, context: Context, whole: Value, part: Value) -> tuple[Term, bool]:
        """Give a term with a new last variable where a part stood, and whether it stood anywhere."""
        depth = context.depth
        wanted = self.evaluator.quote(part, depth)
        found = [False]
        term = _replaced(self.evaluator.quote(whole, depth), wanted, 0, found)
        return term, found[0]

    # What others add.

    def local(self, context: Context, declarations: "tuple[syntax.Declaration, ...]") -> Context:
        """Take in local functions."""
        raise NotImplementedError

    def match(self, context: Context, match: syntax.Match, expected: Value) -> Term:
        """Make a function of the alternatives of a `case`."""
        raise NotImplementedError


def _named(name: str, at: At) -> Argument:
    return Argument(Name(at, name))


def _is_for(one: Argument, type_: Product) -> bool:
    """Whether an argument is for the next parameter."""
    if one.mode is Mode.IMPLICIT:
        return type_.mode is not Mode.EXPLICIT and type_.name == one.name
    return one.mode is type_.mode


def _plain(expected: Value) -> bool:
    return not isinstance(expected, Product)


def _mild(*values: Value) -> bool:
    """Whether values can be shown without what stands around them."""
    return all(isinstance(one, Constant | Stuck | Types) for one in values)


def _bound(statements: Sequence[syntax.Statement]) -> Expression:
    """Turn the lines of `do` into calls."""
    last = statements[-1]
    assert last.term is not None
    found = last.term
    for one in reversed(statements[:-1]):
        match one.kind:
            case "act":
                assert one.term is not None
                found = Application(one.at, Name(one.at, ">>"), (Argument(one.term), Argument(found)))
            case "bind":
                assert one.pattern is not None
                assert one.term is not None
                function = syntax.Abstraction(one.at, one.pattern, one.type, found)
                found = Application(one.at, Name(one.at, ">>="), (Argument(one.term), Argument(function)))
            case "local":
                found = syntax.Local(one.at, one.declarations, found)
            case _:
                assert one.pattern is not None
                assert one.term is not None
                found = syntax.Let(one.at, one.pattern, one.type, one.term, found)
    return found


def _replaced(term: Term, wanted: Term, above: int, found: list[bool]) -> Term:  # noqa: PLR0911 - a case for each sort of term
    """Put a new variable, the last one outside the term, in the place of a part."""
    if term == shifted(wanted, above):
        found[0] = True
        return Local(above)

    def inner(one: Term, more: int = 0) -> Term:
        return _replaced(one, wanted, above + more, found)

    match term:
        case Local(index, at):
            return Local(index + 1, at) if index >= above else term
        case Lambda(name, mode, erased, body):
            return Lambda(name, mode, erased, inner(body, 1))
        case Pi(name, mode, erased, domain, codomain):
            return Pi(name, mode, erased, inner(domain), inner(codomain, 1))
        case Apply(function, argument, mode, erased):
            return Apply(inner(function), inner(argument), mode, erased)
        case Delay(body, endless):
            return Delay(inner(body), endless)
        case Force(body):
            return Force(inner(body))
        case _:
            return term
