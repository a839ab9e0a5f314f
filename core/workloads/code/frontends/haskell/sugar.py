"""Expressions that are another way to write something: put as that."""

from core.workloads.code.frontends.haskell.problems import At
from core.workloads.code.frontends.haskell.syntax import (
    Apply,
    Bind,
    Case,
    Clause,
    Expression,
    Guarded,
    If,
    Lambda,
    Let,
    Qualifier,
    Variable,
    Wild,
)


def applied(at: At, function: str, *args: Expression) -> Expression:
    """Apply a named function."""
    found: Expression = Variable(at, function)
    for one in args:
        found = Apply(at, found, one)
    return found


def infix(at: At, name: str, left: Expression, right: Expression) -> Expression:
    """Put an operator between two expressions."""
    return Apply(at, Apply(at, Variable(at, name), left), right)


def then(one: Qualifier, rest: Expression) -> Expression:
    """Put what follows behind a line of `do`."""
    if one.bindings is not None:
        return Let(one.at, one.bindings, rest)
    assert one.expression is not None
    if one.pattern is None:
        return applied(one.at, ">>", one.expression, rest)
    return applied(one.at, ">>=", one.expression, Lambda(one.at, (one.pattern,), rest))


def comprehension(at: At, element: Expression, qualifiers: list[Qualifier]) -> Expression:
    """Give the list of an element for all that qualifiers let through."""
    found = applied(at, ":", element, Variable(at, "[]"))
    for one in reversed(qualifiers):
        if one.bindings is not None:
            found = Let(one.at, one.bindings, found)
        elif one.pattern is None:
            assert one.expression is not None
            found = If(one.at, one.expression, found, Variable(at, "[]"))
        else:
            assert one.expression is not None
            clauses = [Clause(one.at, (one.pattern,), (Guarded((), found),))]
            clauses.append(Clause(one.at, (Wild(one.at),), (Guarded((), Variable(at, "[]")),)))
            parameter = Bind(one.at, "element~", Wild(one.at))
            body = Case(one.at, Variable(one.at, "element~"), tuple(clauses))
            found = applied(one.at, "concatMap", Lambda(one.at, (parameter,), body), one.expression)
    return found
