"""How tightly operators bind, and sequences of operands put together accordingly."""

from collections.abc import Callable
from typing import TypeVar

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.haskell.lexer import Token
from core.workloads.code.frontends.haskell.problems import At, Refusal

Fixities = dict[str, tuple[int, str]]
_LEVELS = {
    9: ("infixl", "!!"),
    8: ("infixr", "^ ^^ **"),
    7: ("infixl", "* / div mod quot rem"),
    6: ("infixl", "+ -"),
    5: ("infixr", ": ++"),
    3: ("infixr", "&&"),
    2: ("infixr", "||"),
    1: ("infixl", ">> >>="),
    0: ("infixr", "$ $! seq"),
}
STANDARD: Fixities = {name: (level, side) for level, (side, names) in _LEVELS.items() for name in names.split()}
STANDARD |= {".": (9, "infixr"), "=<<": (1, "infixr"), "<$>": (4, "infixl"), "<$": (4, "infixl"), "<>": (6, "infixr")}
STANDARD |= dict.fromkeys(("==", "/=", "<", "<=", ">", ">=", "elem", "notElem"), (4, "infix"))
STANDARD |= dict.fromkeys(("<*>", "*>", "<*"), (4, "infixl"))
Operand = TypeVar("Operand")


def declared(tokens: list[Token]) -> Fixities:
    """Find what a program says of its operators."""
    found = dict(STANDARD)
    level, side = 9, ""
    for token in tokens:
        if token.kind in ("infix", "infixl", "infixr"):
            level, side = 9, token.kind
        elif token.starts_line:
            side = ""
        elif side and token.kind == "integer":
            level = int(token.value)
        elif side and token.kind in ("operator", "name"):
            found[token.text] = level, side
    return found


def combined(
    operands: list[Operand],
    operators: list[tuple[At, str]],
    fixities: Fixities,
    make: Callable[[At, str, Operand, Operand], Operand],
) -> Operand:
    """Put operands together as their operators bind."""
    values, waiting = [operands[0]], list[tuple[At, str]]()

    def reduce() -> None:
        at, name = waiting.pop()
        right = values.pop()
        values.append(make(at, name, values.pop(), right))

    for (at, name), operand in zip(operators, operands[1:], strict=True):
        level, side = fixities.get(name, (9, "infixl"))
        while waiting:
            other, other_side = fixities.get(waiting[-1][1], (9, "infixl"))
            if other == level and "infix" in (side, other_side):
                message = f"{waiting[-1][1]} and {name} cannot stand side by side without brackets"
                raise Refusal(Phase.PARSE, at, message, "say by brackets which comes first")
            if other < level or (other == level and side == "infixr"):
                break
            reduce()
        waiting.append((at, name))
        values.append(operand)
    while waiting:
        reduce()
    return values[0]
