"""Operators between operands: which binds how, and the applications that they become."""

from dataclasses import dataclass

from core.workloads.code.frontends.idris.problems import At, misread
from core.workloads.code.frontends.idris.syntax import Application, Argument, Expression, Name


@dataclass(frozen=True, slots=True)
class Fixity:
    """How an operator binds: `infixl`, `infixr` or `infix`, and how tightly."""

    side: str
    level: int


Fixities = dict[str, Fixity]
EQUALITY = "="


def standard() -> Fixities:
    """Give the fixities of the Prelude."""
    table = {
        ("infixr", 9): ". .:",
        ("infixl", 9): "* / `div` `mod`",
        ("infixl", 8): "+ -",
        ("infixr", 8): "<+>",
        ("infixr", 7): ":: ++",
        ("infix", 6): "== /= < <= > >= = === ~=~ `compare` `elem`",
        ("infixr", 5): "&&",
        ("infixr", 4): "|| <$> <$ $>",
        ("infixl", 3): "<*> *> <*",
        ("infixr", 2): "<|>",
        ("infixl", 1): ">>= >> <&>",
        ("infixr", 1): "=<< >=>",
        ("infixr", 0): "$",
        ("infixl", 0): "|>",
    }
    return {name: Fixity(*key) for key, names in table.items() for name in names.split()}


def resolved(operands: list[Expression], operators: list[tuple[At, str]], fixities: Fixities) -> Expression:
    """Make applications; raises `Refusal` where operators cannot stand beside each other."""
    return _Resolving(operands, operators, fixities).run()


class _Resolving:
    def __init__(self, operands: list[Expression], operators: list[tuple[At, str]], fixities: Fixities) -> None:
        self.operands, self.operators, self.fixities = operands, operators, fixities

    def run(self) -> Expression:
        values = [self.operands[0]]
        waiting: list[tuple[At, str]] = []
        for one in self.operators:
            self._fixity(one)
        for operator, operand in zip(self.operators, self.operands[1:], strict=True):
            while waiting and self._binds_first(waiting[-1], operator):
                _apply(values, waiting.pop())
            waiting.append(operator)
            values.append(operand)
        while waiting:
            _apply(values, waiting.pop())
        return values[0]

    def _fixity(self, operator: tuple[At, str]) -> Fixity:
        at, name = operator
        found = self.fixities.get(name)
        if found is None and name.startswith("`"):
            return Fixity("infixl", 9)
        if found is None:
            raise misread(at, f"nothing says how {name} binds", f"write infixl 8 {name} at the top of the program")
        return found

    def _binds_first(self, left: tuple[At, str], right: tuple[At, str]) -> bool:
        one, other = self._fixity(left), self._fixity(right)
        if one.level != other.level:
            return one.level > other.level
        if one.side != other.side or one.side == "infix":
            names = f"{left[1]} and {right[1]}"
            raise misread(right[0], f"{names} cannot stand side by side without brackets", "write brackets around one")
        return one.side == "infixl"


def _apply(values: list[Expression], operator: tuple[At, str]) -> None:
    at, name = operator
    right = values.pop()
    left = values.pop()
    values.append(Application(at, Name(at, name.strip("`")), (Argument(left), Argument(right))))
