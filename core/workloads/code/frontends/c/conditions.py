"""What `#if` asks: constant expressions of integers."""

from collections.abc import Callable

from core.workloads.code.frontends.c.literals import BadLiteral, character_value, parse_number
from core.workloads.code.frontends.c.tokens import CHARACTER, END, KEYWORD, NAME, NUMBER, Token
from core.workloads.code.ir.arithmetic import quotient, remainder

_DEEPEST = 60
_LEVELS: tuple[dict[str, Callable[[int, int], int]], ...] = (
    {"||": lambda a, b: int(bool(a) or bool(b))},
    {"&&": lambda a, b: int(bool(a) and bool(b))},
    {"|": lambda a, b: a | b},
    {"^": lambda a, b: a ^ b},
    {"&": lambda a, b: a & b},
    {"==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b)},
    {
        "<": lambda a, b: int(a < b),
        ">": lambda a, b: int(a > b),
        "<=": lambda a, b: int(a <= b),
        ">=": lambda a, b: int(a >= b),
    },
    {"<<": lambda a, b: a << (b & 63), ">>": lambda a, b: a >> (b & 63)},
    {"+": lambda a, b: a + b, "-": lambda a, b: a - b},
    {
        "*": lambda a, b: a * b,
        "/": lambda a, b: quotient(a, b) if b else 0,
        "%": lambda a, b: remainder(a, b) if b else 0,
    },
)
_WIDTH = 1 << 64


class BadCondition(Exception):
    """What follows `#if` is no constant expression."""

    def __init__(self, token: Token, message: str) -> None:
        super().__init__(message)
        self.token = token
        self.message = message


def holds(tokens: list[Token]) -> bool:
    """Evaluate the tokens, in which macros and `defined` have been replaced; the last one is of kind `end`."""
    reader = _Reader(tokens)
    value = reader.conditional(0)
    if reader.token.kind != END:
        raise BadCondition(reader.token, f"{reader.token.shown()} cannot follow here")
    return value != 0


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, text: str) -> bool:
        if self.token.text != text or self.token.kind in (CHARACTER, END):
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise BadCondition(self.token, f"expected '{text}' before {self.token.shown()}")

    def conditional(self, depth: int) -> int:
        if depth > _DEEPEST:
            raise BadCondition(self.token, "this is nested too deep")
        value = self.binary(0, depth)
        if not self.take("?"):
            return value
        first = self.conditional(depth + 1)
        self.expect(":")
        second = self.conditional(depth + 1)
        return first if value else second

    def binary(self, level: int, depth: int) -> int:
        if level == len(_LEVELS):
            return self.unary(depth)
        value = self.binary(level + 1, depth)
        while self.token.text in _LEVELS[level]:
            compute = _LEVELS[level][self.token.text]
            self.at += 1
            value = _wrapped(compute(value, self.binary(level + 1, depth)))
        return value

    def unary(self, depth: int) -> int:
        if depth > _DEEPEST:
            raise BadCondition(self.token, "this is nested too deep")
        if self.take("!"):
            return int(not self.unary(depth + 1))
        if self.take("-"):
            return _wrapped(-self.unary(depth + 1))
        if self.take("+"):
            return self.unary(depth + 1)
        if self.take("~"):
            return ~self.unary(depth + 1)
        if self.take("("):
            value = self.conditional(depth + 1)
            self.expect(")")
            return value
        return self.primary()

    def primary(self) -> int:
        token = self.token
        self.at += token.kind != END
        try:
            if token.kind == NUMBER:
                value, type_ = parse_number(token.text)
                if type_ == "double":
                    raise BadCondition(token, "#if compares integers only")
                return int(value)
            if token.kind == CHARACTER:
                return character_value(token.text)
        except BadLiteral as bad:
            raise BadCondition(token, bad.message) from None
        if token.kind in (NAME, KEYWORD):
            return 0
        raise BadCondition(token, f"expected a number before {token.shown()}")


def _wrapped(value: int) -> int:
    return (value + _WIDTH // 2) % _WIDTH - _WIDTH // 2
