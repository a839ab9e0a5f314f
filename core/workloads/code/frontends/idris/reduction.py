"""From terms to values: weak head normal forms, where functions are unfolded as far as their arguments allow."""

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
from core.workloads.code.frontends.idris.names import (
    SUCCESSOR,
    TYPES,
    ZERO,
)
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
    Value,
)

MOST_STEPS = 20_000
"""Functions that are unfolded while a declaration is checked."""


class TooLong(Exception):
    """A computation that a type asks for takes too many steps."""


class Reduction:
    """Evaluates terms with what is known at the top."""

    def __init__(self, known: Globals) -> None:
        self.known = known
        self.steps = 0

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
