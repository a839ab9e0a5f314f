"""From patterns to cases: clauses are tried one after another, each goes on with the next where it does not fit."""

from collections.abc import Callable
from dataclasses import dataclass

from core.workloads.code.frontends.functional.occurrences import Names, copied
from core.workloads.code.frontends.functional.terms import (
    Alternative,
    Apply,
    Case,
    Constructor,
    Lambda,
    Let,
    Literal,
    Stop,
    Term,
    Text,
    Variable,
)

TRUE, FALSE = Constructor("True", 1, 0, (0, 0)), Constructor("False", 0, 0, (0, 0))


@dataclass(frozen=True, slots=True)
class Wild:
    """Fits everything."""


@dataclass(frozen=True, slots=True)
class Bind:
    """Gives a name to what fits a pattern."""

    name: str
    inner: "Pattern"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Lazy:
    """Fits everything; what it binds is looked for only when it is needed."""

    inner: "Pattern"
    names: Names


@dataclass(frozen=True, slots=True)
class Number:
    """Fits one word."""

    value: int


@dataclass(frozen=True, slots=True)
class Test:
    """Fits where a term is true, in which the name stands for what is tested."""

    name: str
    term: Term


@dataclass(frozen=True, slots=True)
class Match:
    """Fits a constructor whose fields fit."""

    constructor: Constructor
    args: "list[Pattern]"
    names: Names


Pattern = Wild | Bind | Lazy | Number | Test | Match
Made = Callable[[Term], Term]
"""A term, once it is said what happens where nothing fits."""


def tried(params: tuple[str, ...], patterns: list[Pattern], body: Made) -> Made:
    """Hold variables against patterns; go on with the body where all fit."""

    def made(failure: Term) -> Term:
        found = body(failure)
        for name, pattern in reversed(list(zip(params, patterns, strict=True))):
            found = held(name, pattern, found, failure)
        return found

    return made


def chained(ways: list[Made], failure: Term, names: Names) -> Term:
    """Try ways one after another; where none fits, fail."""
    found = failure
    for made in reversed(ways):
        if isinstance(found, Stop | Variable) or (isinstance(found, Apply) and found.args == (Literal(0),)):
            found = made(found)
            continue
        name = names.fresh("otherwise")
        first = made(Apply(Variable(name), (Literal(0),)))
        found = Let(((name, Lambda((names.fresh("unused"),), found)),), first)
    return found


def held(name: str, pattern: Pattern, body: Term, failure: Term) -> Term:
    """Hold a variable against a pattern."""
    match pattern:
        case Wild():
            return body
        case Bind(other, inner, strict):
            found = Let(((other, Variable(name)),), held(name, inner, body, failure))
            return Case(Variable(name), "", (), found) if strict else found
        case Number(value):
            return Case(Variable(name), "", (Alternative(value, (), body),), failure)
        case Test(other, term):
            ways = (Alternative(TRUE, (), body), Alternative(FALSE, (), failure))
            return Let(((other, Variable(name)),), Case(term, "", ways))
        case Lazy(inner, names):
            return lazily(name, inner, body, names)
        case Match(constructor, args, names):
            fields = tuple("" if isinstance(one, Wild) else names.fresh("part") for one in args)
            for field, one in reversed(list(zip(fields, args, strict=True))):
                body = held(field, one, body, failure)
            complete = len(constructor.family) == 1
            return Case(Variable(name), "", (Alternative(constructor, fields, body),), None if complete else failure)


def lazily(name: str, pattern: Pattern, body: Term, names: Names) -> Term:
    """Bind what a pattern binds to terms that look for it when they are needed."""
    for other in bound(pattern):
        failure = Stop(Text("a pattern that must fit does not"))
        inner = copied(held(name, pattern, Variable(other), failure), names, {})
        body = Let(((other, inner),), body)
    return body


def bound(pattern: Pattern) -> list[str]:
    """List the names that a pattern binds."""
    match pattern:
        case Bind(name, inner):
            return [name, *bound(inner)]
        case Lazy(inner):
            return bound(inner)
        case Match(_, args):
            return [name for one in args for name in bound(one)]
        case _:
            return []


def part(whole: str, pattern: Pattern, name: str, failure: Term, names: Names) -> Term:
    """Give what a pattern binds a name to, looked for in a whole."""
    return copied(held(whole, pattern, Variable(name), failure), names, {})
