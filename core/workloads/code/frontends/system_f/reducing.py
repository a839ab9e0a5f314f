"""Normal forms of terms, by evaluation and reading back (Berger and Schwichtenberg, 1991), the outermost first.

Types are kept, so that a normal form is a term of System F again. `fix` is unfolded where that is needed to go on, but
not beneath a lambda, where it would never end.
"""

from collections.abc import Callable, Sequence

from core.workloads.code.frontends.system_f.syntax import (
    Abstraction,
    Application,
    Ascription,
    At,
    Choice,
    Constant,
    Fix,
    Let,
    Name,
    Operator,
    Package,
    Projection,
    Record,
    Term,
    TypeAbstraction,
    TypeApplication,
    Unpacking,
)
from core.workloads.code.frontends.system_f.types import Type, TypeVariable, fresh, replaced
from core.workloads.code.frontends.system_f.values import (
    Environment,
    Fields,
    Function,
    Later,
    Packed,
    Recursive,
    Stuck,
    TypeFunction,
    Value,
)

MOST_STEPS = 100_000
_NOWHERE = At(0, 0)
_ARITHMETIC: dict[str, Callable[..., int | bool]] = {
    "succ": lambda a: a + 1,
    "pred": lambda a: max(a - 1, 0),
    "iszero": lambda a: a == 0,
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: max(a - b, 0),
    "times": lambda a, b: a * b,
    "div": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "less": lambda a, b: a < b,
    "equal": lambda a, b: a == b,
}


class NoNormalForm(Exception):
    """None was found within the steps that are taken."""


class Reduction:
    """Normal forms, with so many steps to take."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.steps = steps
        self.beneath = 0

    def normal(self, term: Term, definitions: Sequence[tuple[str, Term]]) -> Term:
        """Give the normal form; raises `NoNormalForm`."""
        environment = Environment({}, {})
        for name, one in definitions:
            environment = environment.with_term(name, Later(one, environment))
        try:
            value = self._value(term, environment)
            unfolded = self._unfold(value)
            return self._read(unfolded if isinstance(unfolded, Constant) else value, frozenset())
        except RecursionError:
            raise NoNormalForm from None

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise NoNormalForm

    # Evaluation to the outermost constructor.

    def _value(self, term: Term, env: Environment) -> Value:  # noqa: C901, PLR0911, PLR0912 - a case for each sort of term
        match term:
            case Name(_, name):
                return self._force(env.terms[name])
            case Constant():
                return term
            case Operator(_, name, args):
                return self._operate(name, [self._value(one, env) for one in args])
            case Abstraction(_, name, type_, body):
                return Function(name, replaced(type_, env.types), body, env)
            case TypeAbstraction(_, variable, kind, body):
                return TypeFunction(variable, kind, body, env)
            case Application(_, function, argument):
                return self._apply(self._value(function, env), Later(argument, env))
            case TypeApplication(_, function, type_):
                return self._apply_type(self._value(function, env), replaced(type_, env.types))
            case Choice(_, condition, then, otherwise):
                return self._choose(self._unfold(self._value(condition, env)), then, otherwise, env)
            case Let(_, name, value, body):
                self._step()
                return self._value(body, env.with_term(name, Later(value, env)))
            case Record(_, fields):
                return Fields({label: Later(one, env) for label, one in fields})
            case Projection(_, record, label):
                return self._project(self._unfold(self._value(record, env)), label)
            case Package(_, hidden, body, type_):
                return Packed(replaced(hidden, env.types), Later(body, env), replaced(type_, env.types))
            case Unpacking(_, variable, name, package, body):
                return self._open(self._unfold(self._value(package, env)), variable, name, body, env)
            case Fix(_, function):
                return Recursive(Later(function, env))
            case Ascription(_, body, _):
                return self._value(body, env)

    def _force(self, one: Later | Value) -> Value:
        if not isinstance(one, Later):
            return one
        if one.value is not None:
            return one.value
        found = self._value(one.term, one.environment)
        if not self.beneath:
            one.value = found
        return found

    def _unfold(self, value: Value) -> Value:
        while isinstance(value, Recursive) and not self.beneath:
            self._step()
            value = self._apply(self._force(value.function), value)
        return value

    def _apply(self, function: Value, argument: Later | Value) -> Value:
        function = self._unfold(function)
        if isinstance(function, Function):
            self._step()
            return self._value(function.body, function.environment.with_term(function.name, argument))
        hole = Name(_NOWHERE, "")
        return Stuck(Application(_NOWHERE, hole, hole), (function, argument))

    def _apply_type(self, function: Value, type_: Type) -> Value:
        function = self._unfold(function)
        if isinstance(function, TypeFunction):
            self._step()
            return self._value(function.body, function.environment.with_type(function.variable, type_))
        return Stuck(TypeApplication(_NOWHERE, Name(_NOWHERE, ""), type_), (function,))

    def _operate(self, name: str, args: list[Value]) -> Value:
        args = [self._unfold(one) for one in args]
        if all(isinstance(one, Constant) for one in args):
            numbers = [one.value for one in args if isinstance(one, Constant)]
            if name in ("div", "mod") and numbers[1] == 0:
                raise NoNormalForm
            self._step()
            return Constant(_NOWHERE, _ARITHMETIC[name](*numbers))
        return Stuck(Operator(_NOWHERE, name, ()), tuple(args))

    def _choose(self, condition: Value, then: Term, otherwise: Term, env: Environment) -> Value:
        if isinstance(condition, Constant):
            self._step()
            return self._value(then if condition.value else otherwise, env)
        return Stuck(Choice(_NOWHERE, then, then, otherwise), (condition,), env)

    def _project(self, record: Value, label: str) -> Value:
        if isinstance(record, Fields):
            self._step()
            return self._force(record.fields[label])
        return Stuck(Projection(_NOWHERE, Name(_NOWHERE, ""), label), (record,))

    def _open(self, package: Value, variable: TypeVariable, name: str, body: Term, env: Environment) -> Value:
        if isinstance(package, Packed):
            self._step()
            return self._value(body, env.with_type(variable, package.hidden).with_term(name, package.body))
        return Stuck(Unpacking(_NOWHERE, variable, name, body, body), (package,), env)

    # Reading values back as terms.

    def _read(self, value: Value | Later, names: frozenset[str]) -> Term:  # noqa: PLR0911 - a case for each value
        match self._force(value):
            case Constant() as constant:
                return constant
            case Function(name, type_, body, env):
                new = _unused(name, names)
                inner = env.with_term(name, Stuck(Name(_NOWHERE, new)))
                return Abstraction(_NOWHERE, new, type_, self._beneath(body, inner, names | {new}))
            case TypeFunction(variable, kind, body, env):
                other = fresh(variable.name)
                inner = env.with_type(variable, other)
                return TypeAbstraction(_NOWHERE, other, kind, self._beneath(body, inner, names))
            case Fields(fields):
                return Record(_NOWHERE, tuple((label, self._read(one, names)) for label, one in fields.items()))
            case Packed(hidden, held, type_):
                return Package(_NOWHERE, hidden, self._read(held, names), type_)
            case Recursive(function):
                return Fix(_NOWHERE, self._read(function, names))
            case Stuck() as stuck:
                return self._read_stuck(stuck, names)

    def _beneath(self, body: Term, env: Environment, names: frozenset[str]) -> Term:
        self.beneath += 1
        try:
            return self._read(self._value(body, env), names)
        finally:
            self.beneath -= 1

    def _read_stuck(self, stuck: Stuck, names: frozenset[str]) -> Term:  # noqa: PLR0911 - a case for each
        parts = [self._read(one, names) for one in stuck.values]
        match stuck.term:
            case Application():
                return Application(_NOWHERE, parts[0], parts[1])
            case TypeApplication(_, _, type_):
                return TypeApplication(_NOWHERE, parts[0], type_)
            case Operator(_, name, _):
                return Operator(_NOWHERE, name, tuple(parts))
            case Projection(_, _, label):
                return Projection(_NOWHERE, parts[0], label)
            case Choice(_, _, then, otherwise):
                assert stuck.environment is not None
                ways = [self._beneath(one, stuck.environment, names) for one in (then, otherwise)]
                return Choice(_NOWHERE, parts[0], ways[0], ways[1])
            case Unpacking(_, variable, name, _, body):
                assert stuck.environment is not None
                other, new = fresh(variable.name), _unused(name, names)
                inner = stuck.environment.with_type(variable, other).with_term(name, Stuck(Name(_NOWHERE, new)))
                return Unpacking(_NOWHERE, other, new, parts[0], self._beneath(body, inner, names | {new}))
            case name:
                return name


def _unused(name: str, names: frozenset[str]) -> str:
    while name in names:
        name += "'"
    return name
