"""What each operation computes: the one definition that folding and the interpreter share."""

import math
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from core.workloads.code.ir.types import LARGEST_WORD, Type, float_image, image_float

WORD_BITS = 167
"""2^167 is the first power of two above 10^50 - 1: a whole word shifted by more is what it is when shifted by this."""
FARTHEST_PLACE = 400
"""No binary64 has a digit farther from the decimal point."""


class Trapped(Exception):
    """An operation that has no result; `code` is one of `operations.TRAPS`."""

    def __init__(self, code: str, note: str = "") -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note


def evaluate(op: str, type_: Type, args: tuple[int, ...]) -> int:
    """Compute a result of `type_`; raises `Trapped` where there is none, KeyError for what is no computation."""
    return _OPERATIONS[op](type_, *args)


def compare(comparison: str, left: int, right: int) -> bool:
    """Compare two words, or two binary64 images where the comparison is one of those."""
    if comparison[0] == "f":
        return bool(_COMPARE[comparison[1:]](image_float(left), image_float(right)))
    return bool(_COMPARE[comparison](left, right))


def fit(type_: Type, value: int) -> int:
    """Make an exact result fit its type: by wrapping, or not at all."""
    if type_.low <= value <= type_.high:
        return value
    if type_.wraps:
        return type_.wrap(value)
    raise Trapped("overflow", _overflow(type_, value))


def _overflow(type_: Type, value: int) -> str:
    if abs(value) > LARGEST_WORD:
        return "the result has more than 50 digits"
    return f"{'signed' if type_.low else 'unsigned'} overflow: {value} does not fit {type_.bits} bits"


def _exact(function: Callable[..., int]) -> Callable[..., int]:
    return lambda type_, *args: fit(type_, function(*args))


def _dividing(function: Callable[[int, int], int]) -> Callable[..., int]:
    def divide(type_: Type, left: int, right: int) -> int:
        if right == 0:
            raise Trapped("div_zero")
        return fit(type_, function(left, right))

    return divide


def _shifting(function: Callable[[int, int], int]) -> Callable[..., int]:
    def shift(type_: Type, value: int, amount: int) -> int:
        if amount < 0 or (type_.bits and amount >= type_.bits):
            raise Trapped("overflow", f"shift by {amount}, which is negative or the width of the type or more")
        return fit(type_, function(value, min(amount, WORD_BITS)))

    return shift


def quotient(left: int, right: int) -> int:
    """Divide towards zero."""
    result = abs(left) // abs(right)
    return result if (left < 0) == (right < 0) else -result


def remainder(left: int, right: int) -> int:
    """Give what division towards zero leaves, with the sign of the dividend."""
    result = abs(left) % abs(right)
    return -result if left < 0 else result


def _floating(function: Callable[[float, float], float]) -> Callable[..., int]:
    def compute(_: Type, left: int, right: int) -> int:
        return float_image(function(image_float(left), image_float(right)))

    return compute


def _divide_floats(above: float, below: float) -> float:
    if below != 0:
        return above / below
    if above == 0 or math.isnan(above) or math.isnan(below):
        return math.nan
    return math.copysign(math.inf, above) * math.copysign(1.0, below)


def _remainder_floats(above: float, below: float) -> float:
    if math.isinf(above) or below == 0 or math.isnan(above) or math.isnan(below):
        return math.nan
    return math.fmod(above, below)


def _power(base: float, exponent: float) -> float:
    odd = math.isfinite(exponent) and exponent % 2 == 1
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return (math.copysign(math.inf, base) if odd else math.inf) if base == 0 else math.nan


def _square_root(_: Type, image: int) -> int:
    value = image_float(image)
    return float_image(math.sqrt(value) if value >= 0 else math.nan)


def _finite(image: int) -> float:
    value = image_float(image)
    if not math.isfinite(value):
        raise Trapped("bad_float", "an infinity, or what is no number, has no digits")
    return value


def _truncate(type_: Type, image: int) -> int:
    return fit(type_, math.trunc(_finite(image)))


def _digits(type_: Type, image: int, places: int) -> int:
    if abs(places) > FARTHEST_PLACE:
        raise Trapped("overflow", f"{places} decimal places are too many")
    return fit(type_, round(Fraction(_finite(image)) * Fraction(10) ** places))


def _exponent(_: Type, image: int) -> int:
    value = abs(_finite(image))
    return Decimal(value).adjusted() if value else 0


def _shortest(image: int) -> tuple[int, int]:
    sign, digits, exponent = Decimal(repr(_finite(image))).normalize().as_tuple()
    number = int("".join(map(str, digits)))
    return -number if sign else number, int(exponent) if number else 0


def _from_decimal(_: Type, digits: int, exponent: int) -> int:
    return float_image(float(f"{digits}e{max(-1000, min(1000, exponent))}"))


def _check(type_: Type, value: int) -> int:
    if type_.low <= value <= type_.high:
        return value
    raise Trapped("overflow", _overflow(type_, value))


def _from_integer(_: Type, value: int) -> int:
    return float_image(float(value))


_COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def _comparing(name: str) -> Callable[..., int]:
    return lambda _, left, right: int(compare(name, left, right))


_OPERATIONS: dict[str, Callable[..., int]] = {
    "copy": lambda _, value: value,
    "add": _exact(operator.add),
    "sub": _exact(operator.sub),
    "mul": _exact(operator.mul),
    "div": _dividing(quotient),
    "rem": _dividing(remainder),
    "floordiv": _dividing(operator.floordiv),
    "floormod": _dividing(operator.mod),
    "shl": _shifting(operator.lshift),
    "shr": _shifting(operator.rshift),
    "and": _exact(operator.and_),
    "or": _exact(operator.or_),
    "xor": _exact(operator.xor),
    "neg": _exact(operator.neg),
    "not": _exact(operator.invert),
    "cast": lambda type_, value: type_.wrap(value),
    "check": _check,
    **{name: _comparing(name) for name in _COMPARE},
    **{f"f{name}": _comparing(f"f{name}") for name in _COMPARE},
    "fadd": _floating(operator.add),
    "fsub": _floating(operator.sub),
    "fmul": _floating(operator.mul),
    "fdiv": _floating(_divide_floats),
    "frem": _floating(_remainder_floats),
    "fpow": _floating(_power),
    "fneg": lambda _, image: image ^ (1 << 63),
    "fsqrt": _square_root,
    "itf": _from_integer,
    "fti": _truncate,
    "fdigits": _digits,
    "fexponent": _exponent,
    "fshort": lambda _, image: _shortest(image)[0],
    "fshortexp": lambda _, image: _shortest(image)[1],
    "fdecimal": _from_decimal,
}
