"""Units of measurement as written (`person/day`, `kg*m/s^2`, `1`): exponents of base words, no conversion."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

_PART = re.compile(r"\s*(?P<sign>[*/]?)\s*(?:(?P<word>[^\W\d]\w*)|(?P<one>1))(?:\s*\^\s*(?P<power>-?\d+))?\s*")
_HIGHEST = 12


class UnitUnreadable(ValueError):
    """The unit is not products and quotients of words."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Exponents by word, none of them zero; without words it is a pure number."""

    exponents: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def of(cls, exponents: Mapping[str, Fraction]) -> "Unit":
        """Make a unit, leaving out what cancels."""
        return cls(tuple(sorted((word, power) for word, power in exponents.items() if power)))

    def __mul__(self, other: "Unit") -> "Unit":
        exponents = dict(self.exponents)
        for word, power in other.exponents:
            exponents[word] = exponents.get(word, Fraction(0)) + power
        return Unit.of(exponents)

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other.power(Fraction(-1))

    def power(self, exponent: Fraction) -> "Unit":
        """Raise to a power."""
        return Unit.of({word: power * exponent for word, power in self.exponents})

    def __str__(self) -> str:
        above = "*".join(_written(word, power) for word, power in self.exponents if power > 0)
        below = "".join(f"/{_written(word, -power)}" for word, power in self.exponents if power < 0)
        return (above or "1") + below


def read_unit(text: str) -> Unit:
    """Read a unit; raises `UnitUnreadable`."""
    unit, place = Unit(), 0
    while place < len(text) or place == 0:
        found = _PART.match(text, place)
        if found is None or (place > 0) != bool(found["sign"]):
            raise UnitUnreadable(f"{text!r} is no unit: give words joined by * and /, as in person/day.")
        power = Fraction(found["power"] or 1)
        if abs(power) > _HIGHEST:
            raise UnitUnreadable(f"powers of units go up to {_HIGHEST}.")
        if found["word"]:
            part = Unit.of({found["word"]: power})
            unit = unit / part if found["sign"] == "/" else unit * part
        place = found.end()
    return unit


def _written(word: str, power: Fraction) -> str:
    return word if power == 1 else f"{word}^{power}"
