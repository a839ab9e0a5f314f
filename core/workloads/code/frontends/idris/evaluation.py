"""From terms to values and back: normalization by evaluation.

Berger and Schwichtenberg, "An inverse of the evaluation functional for typed lambda-calculus" (1991); Abel,
"Normalization by evaluation: dependent types and impredicativity" (2013).
"""

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
)
from core.workloads.code.frontends.idris.reduction import Reduction
from core.workloads.code.frontends.idris.values import (
    Constant,
    Delayed,
    Forced,
    Function,
    Product,
    Stuck,
    Types,
    Value,
)


class Evaluator(Reduction):
    """Gives values, and terms of values."""

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

    def _filled(self, term: Term, environment: tuple[Value, ...], depth: int, above: int) -> Term:  # noqa: PLR0911 - a case for each sort of term
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
