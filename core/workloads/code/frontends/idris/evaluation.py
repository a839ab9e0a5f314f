"""From terms to values and back: normalization by evaluation.

Berger and Schwichtenberg, "An inverse of the evaluation functional for typed lambda-calculus" (1991); Abel,
"Normalization by evaluation: dependent types and impredicativity" (2013).
"""

from core.workloads.code.frontends.idris import primitives
from core.workloads.code.frontends.idris.core import (
    Anything,
    Apply,
    Bound,
    Clause,
    Delay,
    Equals,
    Fits,
    Force,
    Lambda,
    Let,
    Literal,
    Local,
    Meta,
    Pattern,
    Pi,
    Term,
    Top,
    Universe,
)
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.values import (
    Closure,
    Constant,
    Delayed,
    Forced,
    Function,
    MetaVariable,
    Passed,
    Product,
    Stuck,
    Types,
    Value,
)

MOST_STEPS = 20_000
"""Functions that are unfolded while a declaration is checked."""
TYPES = Types()
ZERO, SUCCESSOR, NAT = "Prelude/Z", "Prelude/S", "Prelude/Nat"


class TooLong(Exception):
    """A computation that a type asks for takes too many steps."""


class Evaluator:
    """Evaluates terms with what is known at the top."""

    def __init__(self, known: Globals) -> None:
        self.known = known
        self.steps = 0

    # Evaluation.

    def evaluate(self, term: Term, environment: tuple[Value, ...]) -> Value:  # noqa: C901, PLR0911 - a case for each sort
        """Give the weak head normal form of a term."""
        match term:
            case Local(index):
                return environment[-1 - index]
            case Top(name):
                return self.top(name)
            case Apply(function, argument, mode, erased):
                value = self.evaluate(argument, environment)
                return self.apply(self.evaluate(function, environment), value, mode, erased)
            case Lambda(name, mode, erased, body):
                return Function(name, mode, erased, Closure(environment, body))
            case Pi(name, mode, erased, domain, codomain):
                return Product(name, mode, erased, self.evaluate(domain, environment), Closure(environment, codomain))
            case Universe():
                return TYPES
            case Meta(variable):
                return variable.value if variable.value is not None else Stuck(variable)
            case Literal(value, sort):
                return Constant(value, sort)
            case Let(_, _, value, body):
                return self.evaluate(body, (*environment, self.evaluate(value, environment)))
            case Delay(body, endless):
                return Delayed(environment, body, endless)
            case Force(body):
                return self.compel(self.evaluate(body, environment))

    def compel(self, value: Value) -> Value:
        """Give the value of a delayed one."""
        value = self.force(value)
        if isinstance(value, Delayed):
            return self.evaluate(value.body, value.environment)
        return Forced(value)

    def top(self, name: str) -> Value:
        """Give the value of a name at the top."""
        if name == ZERO:
            return Constant(0, "Nat")
        return self.reduced(Stuck(name))

    def enter(self, closure: Closure, value: Value) -> Value:
        """Give a closure its last value."""
        return self.evaluate(closure.body, (*closure.environment, value))

    def apply(self, function: Value, argument: Value, mode: Mode = Mode.EXPLICIT, erased: bool = False) -> Value:  # noqa: FBT001, FBT002 - how an argument is passed
        """Apply a function."""
        match function:
            case Function(closure=closure):
                return self.enter(closure, argument)
            case Stuck(head, args):
                if isinstance(head, MetaVariable) and head.value is not None:
                    return self.apply(self.force(function), argument, mode, erased)
                applied = Stuck(head, (*args, Passed(argument, mode, erased)))
                return self.reduced(applied) if isinstance(head, str) else applied
            case Forced():
                return self.apply(self.force(function), argument, mode, erased)
        raise AssertionError(function)

    def spread(self, function: Value, args: tuple[Passed, ...]) -> Value:
        """Apply a function to several arguments."""
        for one in args:
            function = self.apply(function, one.value, one.mode, one.erased)
        return function

    def force(self, value: Value) -> Value:
        """Go on with a value that was stuck for the sake of something that has been found since."""
        while True:
            match value:
                case Stuck(MetaVariable() as head, args):
                    if head.value is None:
                        return value
                    value = self.spread(head.value, args)
                case Stuck(str(), _):
                    found = self.reduced(value)
                    if found is value:
                        return value
                    value = found
                case Forced(inner):
                    found = self.force(inner)
                    if not isinstance(found, Delayed):
                        return value
                    value = self.evaluate(found.body, found.environment)
                case _:
                    return value

    # Functions at the top.

    def reduced(self, value: Stuck) -> Value:
        """Unfold a function that has as many arguments as its clauses take, and whose arguments fit one of them."""
        assert isinstance(value.head, str)
        name, args = value.head, value.args
        if name == SUCCESSOR and args:
            inner = self.force(args[0].value)
            return Constant(int(inner.value) + 1, "Nat") if isinstance(inner, Constant) else value
        one = self.known.definitions[name]
        if one.kind == "primitive":
            return self._computed(one, value)
        if one.kind != "function" or one.clauses is None or len(args) != one.arity or one.sealed:
            return value
        shortcut = primitives.NATURAL.get(name)
        if shortcut is not None:
            numbers = [self.force(each.value) for each in args]
            if all(isinstance(each, Constant) for each in numbers):
                return Constant(shortcut(*(int(each.value) for each in numbers if isinstance(each, Constant))), "Nat")
        return self._matched(one, value)

    def _computed(self, one: Definition, value: Stuck) -> Value:
        rule = primitives.RULES.get(one.name)
        if rule is None or len(value.args) != one.arity:
            return value
        args = [self.force(each.value) for each in value.args]
        if not all(isinstance(each, Constant) for each in args):
            return value
        found = rule(*(each.value for each in args if isinstance(each, Constant)))
        return value if found is None else self._foreign(found)

    def _foreign(self, found: object) -> Value:
        """Turn what a primitive gives into a value."""
        match found:
            case Constant():
                return found
            case bool():
                return Stuck("Prelude/True" if found else "Prelude/False")
            case list():
                type_ = Passed(Stuck("Prelude/Char"), Mode.IMPLICIT, erased=True)
                result: Value = Stuck("Prelude/Nil", (type_,))
                for one in reversed(found):
                    args = (type_, Passed(Constant(one, "Char")), Passed(result))
                    result = Stuck("Prelude/::", args)
                return result
        raise AssertionError(found)

    def _matched(self, one: Definition, value: Stuck) -> Value:
        assert one.clauses is not None
        args = [each.value for each in value.args]
        for clause in one.clauses:
            found = self._fitting(clause, args)
            if found is None:
                return value
            if not isinstance(found, bool):
                self.steps += 1
                if self.steps > MOST_STEPS:
                    raise TooLong
                return self._unfolded(clause, found)
        return value

    def _unfolded(self, clause: Clause, found: tuple[Value, ...]) -> Value:
        try:
            return self.evaluate(clause.body, found)
        except RecursionError:
            raise TooLong from None

    def _fitting(self, clause: Clause, args: list[Value]) -> tuple[Value, ...] | bool | None:
        """Give the values of a clause's variables; False where it does not fit, None where that cannot be said."""
        found: list[Value | None] = [None] * len(clause.variables)
        for pattern, value in zip(clause.patterns, args, strict=True):
            fits = self.fits(pattern, value, found)
            if fits is not True:
                return None if fits is None else False
        complete = tuple(one for one in found if one is not None)
        return complete if len(complete) == len(found) else None

    def fits(self, pattern: Pattern, value: Value, found: list[Value | None]) -> bool | None:
        """Hold a value against a pattern; None where it cannot be said whether it fits."""
        match pattern:
            case Bound(level):
                found[level] = value
                return True
            case Anything():
                return True
            case Equals(literal):
                value = self.force(value)
                return value.value == literal if isinstance(value, Constant) else None
            case Fits():
                fits = self._constructed(pattern, value, found)
                return True if pattern.forced else fits

    def _constructed(self, pattern: Fits, value: Value, found: list[Value | None]) -> bool | None:  # noqa: PLR0911 - a case for each sort of value
        value = self.force(value)
        if isinstance(value, Constant):
            if pattern.constructor == ZERO:
                return value.value == 0
            if value.value == 0:
                return False
            return self.fits(pattern.args[0], Constant(int(value.value) - 1, "Nat"), found)
        if not isinstance(value, Stuck) or not isinstance(value.head, str):
            return None
        head = self.known.definitions[value.head]
        if head.sealed and head.clauses and len(value.args) == head.arity:
            opened = self._matched(head, value)
            return self._constructed(pattern, opened, found) if opened is not value else None
        if head.kind != "constructor":
            return None
        if value.head != pattern.constructor:
            return False
        sure: bool | None = True
        for inner, one in zip(pattern.args, value.args, strict=True):
            fits = self.fits(inner, one.value, found)
            if fits is False:
                return False
            sure = sure and fits
        return sure

    # Back to terms.

    def quote(self, value: Value, depth: int) -> Term:  # noqa: PLR0911 - a case for each sort of value
        """Give the normal form of a value as a term beneath so many binders."""
        value = self.force(value)
        match value:
            case Function(name, mode, erased, closure):
                body = self.enter(closure, Stuck(depth))
                return Lambda(name, mode, erased, self.quote(body, depth + 1))
            case Product(name, mode, erased, domain, closure):
                codomain = self.quote(self.enter(closure, Stuck(depth)), depth + 1)
                return Pi(name, mode, erased, self.quote(domain, depth), codomain)
            case Types():
                return Universe()
            case Constant(literal, sort):
                return Literal(literal, sort)
            case Stuck(head, args):
                found: Term
                if isinstance(head, int):
                    found = Local(depth - 1 - head)
                else:
                    found = Top(head) if isinstance(head, str) else Meta(head)
                for one in args:
                    found = Apply(found, self.quote(one.value, depth), one.mode, one.erased)
                return found
            case Delayed(environment, body, endless):
                return Delay(self._filled(body, environment, depth, 0), endless)
            case Forced(inner):
                return Force(self.quote(inner, depth))

    def _filled(  # noqa: PLR0911 - a case for each sort of term
        self, term: Term, environment: tuple[Value, ...], depth: int, above: int
    ) -> Term:
        """Put the values of variables into a term as it is written: what is delayed may unfold for ever."""

        def inner(one: Term, more: int = 0) -> Term:
            return self._filled(one, environment, depth, above + more)

        match term:
            case Local(index):
                if index < above:
                    return term
                return self.quote(environment[-1 - (index - above)], depth + above)
            case Lambda(name, mode, erased, body):
                return Lambda(name, mode, erased, inner(body, 1))
            case Pi(name, mode, erased, domain, codomain):
                return Pi(name, mode, erased, inner(domain), inner(codomain, 1))
            case Apply(function, argument, mode, erased):
                return Apply(inner(function), inner(argument), mode, erased)
            case Let(name, type_, value, body):
                return Let(name, inner(type_), inner(value), inner(body, 1))
            case Delay(body, endless):
                return Delay(inner(body), endless)
            case Force(body):
                return Force(inner(body))
            case _:
                return term

    def settle(self, term: Term, environment: tuple[Value, ...]) -> Term:  # noqa: PLR0911 - a case for each sort
        """Put what was found in the places where it was looked for; leave all else as it is written."""
        depth = len(environment)
        match term:
            case Meta(variable):
                return term if variable.value is None else self.quote(variable.value, depth)
            case Apply(function, argument, mode, erased):
                head: Term = function
                while isinstance(head, Apply):
                    head = head.function
                if isinstance(head, Meta) and head.variable.value is not None:
                    return self.quote(self.evaluate(term, environment), depth)
                return Apply(self.settle(function, environment), self.settle(argument, environment), mode, erased)
            case Lambda(name, mode, erased, body):
                return Lambda(name, mode, erased, self.settle(body, (*environment, Stuck(depth))))
            case Pi(name, mode, erased, domain, codomain):
                inner = self.settle(codomain, (*environment, Stuck(depth)))
                return Pi(name, mode, erased, self.settle(domain, environment), inner)
            case Let(name, type_, value, body):
                inner = self.settle(body, (*environment, Stuck(depth)))
                return Let(name, self.settle(type_, environment), self.settle(value, environment), inner)
            case Delay(body, endless):
                return Delay(self.settle(body, environment), endless)
            case Force(body):
                return Force(self.settle(body, environment))
            case _:
                return term
