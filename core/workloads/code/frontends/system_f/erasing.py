"""From terms to what the Engine computes: types are left out, arguments are computed before calls, as in the book."""

from collections.abc import Callable, Mapping

from core.workloads.code.frontends.functional.occurrences import Names
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import (
    Alternative,
    Apply,
    Case,
    Construct,
    Constructor,
    Definitions,
    Lambda,
    Let,
    Literal,
    Primitive,
    Term,
    Variable,
)
from core.workloads.code.frontends.functional.writing import write_text
from core.workloads.code.frontends.system_f import syntax

TRUE, FALSE = (Constructor(name, tag, 0, (0, 0)) for name, tag in (("true", 1), ("false", 0)))
_OPERATIONS = {
    "plus": "add",
    "times": "mul",
    "div": "floordiv",
    "mod": "floormod",
    "less": "lt",
    "equal": "eq",
    "succ": "add",
    "iszero": "eq",
}
_VALUES = Variable | Literal | Lambda
Names_ = dict[str, str]


def choose(condition: Term, then: Term, otherwise: Term) -> Term:
    """Go on as a truth value says."""
    return Case(condition, "", (Alternative(TRUE, (), then), Alternative(FALSE, (), otherwise)))


class Erasure:
    """Erases statements one after another into one program."""

    def __init__(self, places: Mapping[syntax.At, tuple[int, int]]) -> None:
        self.places = places
        self.definitions = Definitions()
        self.names = Names()
        self.known: dict[str, str] = {}
        self.steps: list[tuple[str, Term | None]] = []
        """What is printed: a text, or the text and then a number or truth value."""

    def bind(self, binding: syntax.Binding) -> None:
        """Take in a binding at the top."""
        name = self.names.fresh(binding.name)
        self.definitions.terms[name] = self._term(binding.term, self.known)
        self.definitions.lines[name] = binding.at.line
        self.known = {**self.known, binding.name: name}

    def say(self, text: str) -> None:
        """Print a text."""
        self.steps.append((text, None))

    def evaluate(self, term: syntax.Term, *, is_truth: bool) -> None:
        """Print the value of a term, a number or a truth value."""
        value = self._term(term, self.known)
        name = self.names.fresh("value")
        if is_truth:
            said = choose(Variable(name), write_text("true"), write_text("false"))
        else:
            said = Primitive("service", "put_number", (Variable(name),))
        self.steps.append(("", Case(value, name, (), said)))

    def finished(self) -> Definitions:
        """Give the whole program."""
        body: Term = Literal(0)
        for text, value in reversed(self.steps):
            step = value if value is not None else write_text(text)
            name = self.names.fresh("step")
            self.definitions.terms[name] = Lambda((self.names.fresh("world"),), step)
            body = Case(Apply(Variable(name), (Variable(WORLD),)), self.names.fresh("done"), (), body)
        self.definitions.terms["main"] = Lambda((self.names.fresh("world"),), body)
        return self.definitions

    def _term(self, term: syntax.Term, known: Names_) -> Term:  # noqa: C901, PLR0911 - a case for each sort of term
        match term:
            case syntax.Name(_, name):
                return Variable(known[name])
            case syntax.Constant(_, value):
                return Literal(int(value or 0))
            case syntax.Operator(_, name, args):
                return self._operator(name, [self._term(one, known) for one in args])
            case syntax.Abstraction(_, name, _, body):
                return self._function(name, body, known)
            case syntax.TypeAbstraction(_, variable, _, body):
                return self._function(variable.name, body, known)
            case syntax.Application() | syntax.TypeApplication():
                return self._application(term, known)
            case syntax.Choice(_, condition, then, otherwise):
                return choose(*(self._term(one, known) for one in (condition, then, otherwise)))
            case syntax.Let(_, name, value, body) | syntax.Unpacking(_, _, name, value, body):
                new = self.names.fresh(name)
                return self._bound(new, self._term(value, known), self._term(body, {**known, name: new}))
            case syntax.Record(_, fields):
                constructor = Constructor("record", 0, len(fields), (len(fields),))
                parts = [self._term(one, known) for _, one in fields]
                return self._now(parts, lambda args: Construct(constructor, args))
            case syntax.Projection():
                return self._projection(term, known)
            case syntax.Package(_, _, body, _) | syntax.Ascription(_, body, _):
                return self._term(body, known)
            case syntax.Fix(_, function):
                return self._fix(function, known)

    def _function(self, name: str, body: syntax.Term, known: Names_) -> Term:
        new = self.names.fresh(name)
        inner = self._term(body, {**known, name: new})
        if isinstance(inner, Lambda):
            return Lambda((new, *inner.params), inner.body)
        return Lambda((new,), inner)

    def _application(self, term: syntax.Term, known: Names_) -> Term:
        args: list[Term] = []
        while isinstance(term, syntax.Application | syntax.TypeApplication):
            is_type = isinstance(term, syntax.TypeApplication)
            args.append(Literal(0) if isinstance(term, syntax.TypeApplication) else self._term(term.argument, known))
            assert is_type or isinstance(term, syntax.Application)
            term = term.function
        function = self._term(term, known)
        return self._now(args[::-1], lambda given: Apply(function, given))

    def _now(self, parts: list[Term], made: Callable[[tuple[Term, ...]], Term]) -> Term:
        """Compute parts first, one after another, and make a term of their values."""
        named = [(self.names.fresh("part") if not isinstance(one, _VALUES) else "", one) for one in parts]
        found = made(tuple(Variable(name) if name else one for name, one in named))
        for name, one in reversed(named):
            if name:
                found = Case(one, name, (), found)
        return found

    def _operator(self, name: str, args: list[Term]) -> Term:
        if name in ("pred", "minus"):
            less = [args[0], args[1] if name == "minus" else Literal(1)]
            return self._now(less, _difference)
        if name == "succ":
            args = [*args, Literal(1)]
        elif name == "iszero":
            args = [*args, Literal(0)]
        return Primitive("op", _OPERATIONS[name], tuple(args))

    def _projection(self, term: syntax.Projection, known: Names_) -> Term:
        place, size = self.places[term.at]
        name = self.names.fresh(term.label)
        fields = tuple(name if one == place else "" for one in range(size))
        pattern = Constructor("record", 0, size, (size,))
        return Case(self._term(term.record, known), "", (Alternative(pattern, fields, Variable(name)),))

    def _bound(self, name: str, value: Term, body: Term) -> Term:
        return Let(((name, value),), body) if isinstance(value, Lambda) else Case(value, name, (), body)

    def _fix(self, function: syntax.Term, known: Names_) -> Term:
        if isinstance(function, syntax.Abstraction):
            name = self.names.fresh(function.name)
            return Let(((name, self._term(function.body, {**known, function.name: name})),), Variable(name))
        step, name = self.names.fresh("step"), self.names.fresh("fix")
        inner = Let(((name, Apply(Variable(step), (Variable(name),))),), Variable(name))
        return self._bound(step, self._term(function, known), inner)


def _difference(args: tuple[Term, ...]) -> Term:
    """Subtract, down to 0."""
    return choose(Primitive("op", "le", args), Literal(0), Primitive("op", "sub", args))
