"""Equations read to trees, by descent; what binds stronger lies deeper.

or  <  and  <  not  <  < <= > >= == !=  <  + -  <  * /  <  -x  <  ^ (to the right)
"""

import math
from collections.abc import Callable, Sequence

from core.workloads.simulation.expressions.faults import ExpressionFault
from core.workloads.simulation.expressions.functions import FUNCTIONS, OVER
from core.workloads.simulation.expressions.tokens import Token, cut
from core.workloads.simulation.expressions.tree import Element, Name, Number, Operation, Tree

LONGEST = 2_000
"""Characters of one equation."""
MOST_WORDS = 300
"""Words of one equation: whoever goes through its tree takes stack for each."""
DEEPEST = 30
"""How deep parentheses, calls and signs may lie within each other."""
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
WORDS = ("and", "or", "not")


def parse(text: str) -> Tree:
    """Read an equation; raises `ExpressionFault`."""
    if len(text) > LONGEST:
        raise ExpressionFault(f"an equation has at most {LONGEST} characters.", LONGEST + 1)
    tokens = list(cut(text))
    if len(tokens) > MOST_WORDS:
        raise ExpressionFault(f"an equation has at most {MOST_WORDS} words: name its parts.", tokens[MOST_WORDS].at)
    return _Reader(tokens).read()


class _Reader:
    """One pass over the words of an equation."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def read(self) -> Tree:
        tree = self._or()
        if self._next.sort != "end":
            raise self._unexpected("an operator")
        return tree

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _unexpected(self, wanted: str) -> ExpressionFault:
        return ExpressionFault(f"{wanted} is expected, not {self._next.text!r}.", self._next.at)

    def _take(self, *texts: str) -> Token | None:
        token = self._next
        if token.sort != "end" and token.text in texts:
            self._place += 1
            return token
        return None

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionFault(f"more than {DEEPEST} levels within each other.", self._next.at)
        tree = read()
        self._depth -= 1
        return tree

    def _chain(self, read: Callable[[], Tree], *operators: str) -> Tree:
        tree = read()
        while token := self._take(*operators):
            tree = Operation(token.text, (tree, read()), token.at)
        return tree

    def _or(self) -> Tree:
        return self._chain(self._and, "or")

    def _and(self) -> Tree:
        return self._chain(self._not, "and")

    def _not(self) -> Tree:
        if token := self._take("not"):
            return Operation("not", (self._deeper(self._not),), token.at)
        return self._comparison()

    def _comparison(self) -> Tree:
        tree = self._sum()
        if token := self._take(*COMPARISONS):
            tree = Operation(token.text, (tree, self._sum()), token.at)
            if self._next.text in COMPARISONS:
                raise ExpressionFault("comparisons are joined by 'and'.", self._next.at)
        return tree

    def _sum(self) -> Tree:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Tree:
        return self._chain(self._signed, "*", "/")

    def _signed(self) -> Tree:
        if token := self._take("-"):
            return Operation("negative", (self._deeper(self._signed),), token.at)
        return self._power()

    def _power(self) -> Tree:
        base = self._atom()
        if token := self._take("^"):
            return Operation("^", (base, self._deeper(self._signed)), token.at)
        return base

    def _atom(self) -> Tree:
        token = self._next
        if token.sort == "number":
            self._place += 1
            value = float(token.text)
            if not math.isfinite(value):
                raise ExpressionFault("the number is too large.", token.at)
            return Number(value, token.at)
        if token.sort == "name" and token.text not in WORDS:
            self._place += 1
            if self._take("("):
                return self._call(token)
            return self._element(token) if self._take("[") else Name(token.text, token.at)
        if self._take("("):
            tree = self._deeper(self._or)
            self._close()
            return tree
        raise self._unexpected("a number, a name or '('")

    def _call(self, token: Token) -> Tree:
        operands = [self._deeper(self._or)]
        while self._take(","):
            operands.append(self._deeper(self._or))
        self._close()
        least, most, _ = FUNCTIONS.get(token.text, (1, 1 + (token.text in OVER), None))
        if not least <= len(operands) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            told = f"{token.text!r} takes {wanted} operand{'s' * (most > 1)}, not {len(operands)}."
            raise ExpressionFault(told, token.at)
        return Operation(token.text, tuple(operands), token.at)

    def _element(self, token: Token) -> Tree:
        subscripts = [self._subscript()]
        while self._take(","):
            subscripts.append(self._subscript())
        if not self._take("]"):
            raise self._unexpected("',' or ']'")
        return Element(token.text, tuple(subscripts), token.at)

    def _subscript(self) -> str:
        token = self._next
        if token.sort != "name":
            raise self._unexpected("a dimension or one of its elements")
        self._place += 1
        return token.text

    def _close(self) -> None:
        if not self._take(")"):
            raise self._unexpected("',' or ')'")
