"""From what is written to terms: what was left out is found, and each expression has the type that it needs.

Bidirectional, in the manner of Dunfield and Krishnaswami, "Bidirectional typing" (2021): `infer` finds a type, `check`
is told one.
"""

from collections.abc import Sequence

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.context import Context, HoleInfo
from core.workloads.code.frontends.idris.core import (
    Apply,
    Delay,
    Force,
    Lambda,
    Let,
    Literal,
    Local,
    Pi,
    Term,
    Top,
    shifted,
)
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.implicits import Typed
from core.workloads.code.frontends.idris.names import ENDLESS, EQUAL, LAZY, MAKE_UNIT, TYPES, UNIT
from core.workloads.code.frontends.idris.notations import Notations
from core.workloads.code.frontends.idris.printing import show
from core.workloads.code.frontends.idris.problems import wrong
from core.workloads.code.frontends.idris.syntax import Application, Argument, Declared, Expression, Mode, Name
from core.workloads.code.frontends.idris.values import (
    MetaVariable,
    Product,
    Stuck,
    Value,
)


class Elaborator(Notations):
    """Elaborates expressions; declarations and clauses are added by what derives from it."""

    def check_type(self, context: Context, expression: Expression) -> Term:
        """Elaborate a type."""
        return self.check(context.erasing(), expression, TYPES)

    def check(self, context: Context, expression: Expression, expected: Value) -> Term:  # noqa: C901, PLR0911 - a case for each sort
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
            case Application() | Name():
                return self._applied_to(context, expression, expected)[0]
            case syntax.Update(at):
                raise wrong(at, "new fields need a record behind them", "write { name := value } record")
        return self._check_value(context, expression, expected)

    def _check_value(self, context: Context, expression: Expression, expected: Value) -> Term:  # noqa: PLR0911 - a case for each sort
        """Give the term of what has a notation of its own, or of what tells its type by itself."""
        match expression:
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
        term, type_ = self.infer(context, expression)
        return self.coerce(context, expression.at, term, type_, expected)

    def _is_lazy(self, context: Context, expression: Expression) -> bool:
        """Whether an expression is a variable that is delayed already."""
        if not isinstance(expression, Name) or expression.name not in context.names:
            return False
        type_ = self.evaluator.force(context.names[expression.name].type)
        return isinstance(type_, Stuck) and type_.head in (LAZY, ENDLESS)

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

    def local(self, context: Context, declarations: tuple[Declared, ...]) -> Context:
        """Take in local functions."""
        raise NotImplementedError


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
