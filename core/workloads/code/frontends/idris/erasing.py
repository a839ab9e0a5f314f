"""From terms to what the Engine computes: what is erased is gone, arguments are computed before calls."""

from collections.abc import Callable

from core.workloads.code.frontends.functional.occurrences import Names, mentioned
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import (
    Alternative,
    Apply,
    Case,
    Construct,
    Definitions,
    Delay,
    Lambda,
    Let,
    Literal,
    Primitive,
    Stop,
    Term,
    Text,
    Variable,
)
from core.workloads.code.frontends.idris import core, primitives
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.layouts import Layouts
from core.workloads.code.frontends.idris.matching import Matching
from core.workloads.code.frontends.idris.problems import NOWHERE, wrong
from core.workloads.code.frontends.idris.termination import implemented

Names_ = tuple[str | None, ...]
"""What variables are called, outermost first; None for those that are not there."""
_IF = "Prelude/ifThenElse"


class Erasure:
    """Erases all that a program can reach."""

    def __init__(self, known: Globals) -> None:
        self.known = known
        self.layouts = Layouts(known)
        self.names = Names()
        self.primitives = primitives.table()
        self.at = NOWHERE

    def program(self, main: Definition) -> Definitions:
        """Give the program that does what `main` says; raises `Refusal` where something erased is needed."""
        found: dict[str, Term] = {}
        lines: dict[str, int] = {}
        waiting = [main.name, "put_text~", "get_line~"]
        while waiting:
            name = waiting.pop()
            if name in found or (name not in self.primitives and name not in self.known.definitions):
                continue
            found[name] = self.primitives.get(name) or self.function(self.known.definitions[name])
            one = self.known.definitions.get(name)
            if one is not None and one.at.line and name.startswith(main.name.partition("/")[0] + "/"):
                lines[name] = one.at.line
            waiting += mentioned(found[name])
        act = Apply(Variable(main.name), (Variable(WORLD),))
        found["main"] = Lambda((self.names.fresh("world"),), act)
        return Definitions(found, lines)

    def function(self, one: Definition) -> Term:
        """Erase a function."""
        if one.kind == "hole":
            return Stop(Text(f"the hole ?{one.short.partition('~')[0]} was reached"))
        assert one.clauses is not None
        self.at = one.at
        kept, result = self.layouts.kept(one.type, one.arity)
        params = [self.names.fresh(name or "x") if keeps else None for name, keeps in kept]
        body = Matching(self, one).run(params)
        given = tuple(name for name in params if name is not None)
        if _acts(result):
            body = Apply(body, (Variable(WORLD),))
            given = (*given, self.names.fresh("world"))
        return _merged(given, body) if given else body

    # Terms.

    def term(self, term: core.Term, names: Names_) -> Term:  # noqa: C901, PLR0911 - a case for each sort of term
        """Erase a term."""
        match term:
            case core.Local(index, at):
                name = names[-1 - index]
                if name is None:
                    place = at if at.line else self.at
                    message = "this needs a value that is erased: it is not there when the program runs"
                    raise wrong(place, message, "take it as an argument that is kept: {n : Nat} -> or (n : Nat) ->")
                return Variable(name)
            case core.Top() | core.Apply():
                return self._application(term, names)
            case core.Lambda(name, _, erased, body):
                if erased:
                    return self.term(body, (*names, None))
                new = self.names.fresh(name or "x")
                return _merged((new,), self.term(body, (*names, new)))
            case core.Literal(value, sort):
                if sort == "String":
                    return Text(str(value))
                return Literal(ord(str(value)) if sort == "Char" else int(value))
            case core.Let(name, _, value, body):
                new = self.names.fresh(name)
                found = self.term(value, names)
                inner = self.term(body, (*names, new))
                if isinstance(value, core.Delay) or isinstance(found, Lambda):
                    found = found.body if isinstance(found, Delay) else found
                    return Let(((new, found),), inner)
                return Case(found, new, (), inner)
            case core.Delay(body):
                return Delay(self.term(body, names))
            case core.Force(body):
                return self.term(body, names)
            case _:
                return Literal(0)

    def _application(self, term: core.Term, names: Names_) -> Term:
        head, steps = core.spine(term)
        if not isinstance(head, core.Top):
            args = [one.argument for one in steps if not one.erased]
            function = self.term(head, names)
            return self.now(args, names, lambda given: Apply(function, given)) if args else function
        if head.at.line:
            self.at = head.at
        one = self.known.definitions[head.name]
        if one.kind == "type":
            return Literal(0)
        if one.kind == "constructor":
            return self._constructed(one, [each.argument for each in steps if not each.erased], names)
        return self._called(one, steps, names)

    def _called(self, one: Definition, steps: list[core.Apply], names: Names_) -> Term:
        found = implemented(self.known, one, [each.argument for each in steps])
        if found is not None:
            return self._called(self.known.definitions[found[0]], [*found[1], *steps[one.arity :]], names)
        args = [each.argument for each in steps if not each.erased]
        if one.name == _IF and len(args) == one.arity - 1:
            condition, *ways = (self.term(each, names) for each in args)
            inner = [each.body if isinstance(each, Delay) else each for each in ways]
            true, false = self.layouts.constructor("Prelude/True"), self.layouts.constructor("Prelude/False")
            return Case(condition, "", (Alternative(true, (), inner[0]), Alternative(false, (), inner[1])))
        if one.owner != one.name and one.short.startswith("case~") and len(steps) == one.arity:
            return self._inlined(one, steps, names)
        if not args:
            return Variable(one.name)
        return self.now(args, names, lambda given: Apply(Variable(one.name), given))

    def _inlined(self, one: Definition, steps: list[core.Apply], names: Names_) -> Term:
        """Put the alternatives of a `case` where it stands."""
        args: list[str | None] = []
        bound: list[tuple[str, Term]] = []
        for each in steps:
            if each.erased:
                args.append(None)
                continue
            found = self.term(each.argument, names) if not _is_missing(each.argument, names) else None
            if found is None or (isinstance(found, Variable) and found.name not in self.known.definitions):
                args.append(found.name if isinstance(found, Variable) else None)
                continue
            new = self.names.fresh("subject")
            args.append(new)
            bound.append((new, found))
        body = Matching(self, one).run(args)
        for name, found in reversed(bound):
            body = Let(((name, found),), body) if isinstance(found, Lambda) else Case(found, name, (), body)
        return body

    def _constructed(self, one: Definition, args: list[core.Term], names: Names_) -> Term:
        constructor = self.layouts.constructor(one.name)
        if one.family in self.known.interfaces and constructor.arity == len(args):
            return Construct(constructor, tuple(self.term(each, names) for each in args))
        missing = constructor.arity - len(args)
        if missing > 0:
            more = tuple(self.names.fresh("x") for _ in range(missing))
            return self.now(
                args,
                names,
                lambda given: Lambda(more, self._made(one, (*given, *(Variable(name) for name in more)))),
            )
        return self.now(args, names, lambda given: self._made(one, given))

    def _made(self, one: Definition, given: tuple[Term, ...]) -> Term:
        counted = self.layouts.counted(one.family)
        if counted is None:
            return Construct(self.layouts.constructor(one.name), given)
        if one.name == counted.zero:
            return Literal(0)
        (inner,) = given
        if isinstance(inner, Literal):
            return Literal(inner.value + 1)
        return Primitive("op", "add", (inner, Literal(1)))

    def now(self, parts: list[core.Term], names: Names_, made: Callable[[tuple[Term, ...]], Term]) -> Term:
        """Compute parts one after another, and make a term of their values; what is delayed waits."""
        given: list[Term] = []
        bound: list[tuple[str, Term]] = []
        for one in parts:
            found = self.term(one, names)
            if isinstance(found, Delay):
                given.append(found.body)
            elif isinstance(one, core.Force) or not self._is_value(found):
                new = self.names.fresh("part")
                bound.append((new, found))
                given.append(Variable(new))
            else:
                given.append(found)
        term = made(tuple(given))
        for name, found in reversed(bound):
            term = Case(found, name, (), term)
        return term

    def _is_value(self, term: Term) -> bool:
        match term:
            case Variable() | Literal() | Lambda() | Text():
                return True
            case Construct(_, args):
                return all(self._is_value(one) for one in args)
            case _:
                return False


def _merged(params: tuple[str, ...], body: Term) -> Lambda:
    return Lambda((*params, *body.params), body.body) if isinstance(body, Lambda) else Lambda(params, body)


def _acts(type_: core.Term) -> bool:
    return isinstance(type_, core.Apply) and type_.function == core.Top("Prelude/IO")


def _is_missing(term: core.Term, names: Names_) -> bool:
    """Whether a term is a variable that is not there, which nothing looks at."""
    return isinstance(term, core.Local) and names[-1 - term.index] is None
