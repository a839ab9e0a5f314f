"""Values made what a place wants: wider numbers, boxes and what is in them, and what is told where nothing fits."""

from core.workloads.code.frontends.java import core, types
from core.workloads.code.frontends.java.attribution import constants
from core.workloads.code.frontends.java.attribution.frames import Frame
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.relations import (
    common,
    is_reference,
    is_subtype,
    lower,
    upper,
    widens,
)
from core.workloads.code.frontends.java.types import ArrayType, ClassType, Primitive, Type, TypeVar
from core.workloads.code.frontends.java.world import World
from core.workloads.code.ir.instructions import Position

BOXES = {
    types.INT: "Integer",
    types.LONG: "Long",
    types.DOUBLE: "Double",
    types.CHAR: "Character",
    types.BOOLEAN: "Boolean",
    types.BYTE: "Byte",
    types.SHORT: "Short",
}
_INSIDE = {name: type_ for type_, name in BOXES.items()}
_NARROW = (types.BYTE, types.SHORT, types.CHAR)


def shown(one: Type) -> str:
    """Give a type with an article."""
    if one == types.NULL:
        return "null"
    text = str(one)
    return f"{'an' if text[0] in 'aeiouAEIO' else 'a'} {text}"


class Conversions:
    """The part of the attribution that converts."""

    def __init__(self, world: World, report: Report, frame: Frame) -> None:
        self.world, self.report, self.frame = world, report, frame

    @property
    def string(self) -> ClassType:
        """The class String."""
        return self.world.named("String")

    def boxed(self, one: Type) -> Type:
        """Give the class of a primitive type's boxes, or the type itself where it is a class."""
        return self.world.named(BOXES[one]) if isinstance(one, Primitive) and one in BOXES else one

    def unboxed(self, one: Type) -> Type:
        """Give the primitive type that is in boxes of a class, or the type itself."""
        one = upper(one)
        if isinstance(one, TypeVar):
            one = one.bounds[0]
        if isinstance(one, ClassType) and one.of.library and one.of.name in _INSIDE:
            return _INSIDE[one.of.name]
        return one

    def fits(self, given: Type, wanted: Type, value: core.Expr | None = None) -> bool:
        """Whether a value may be assigned to a place."""
        wanted = lower(wanted)
        if is_subtype(given, wanted) or widens(given, wanted):
            return True
        if isinstance(given, Primitive):
            if self._fits_narrow(value, self.unboxed(wanted)):
                return True
            return is_reference(wanted) and given in BOXES and is_subtype(self.boxed(given), wanted)
        inside = self.unboxed(given)
        return isinstance(inside, Primitive) and (inside == wanted or widens(inside, wanted))

    @staticmethod
    def _fits_narrow(value: core.Expr | None, wanted: Type) -> bool:
        if not isinstance(value, core.Const) or value.type not in (types.INT, *_NARROW) or wanted not in _NARROW:
            return False
        return isinstance(value.value, int) and constants.fits(value.value, wanted)

    def coerce(self, value: core.Expr, wanted: Type, what: str = "", at: Position | None = None) -> core.Expr:
        """Make a value fit a place; what does not has been reported."""
        wanted = lower(wanted)
        if not self.fits(value.type, wanted, value):
            if types.WRONG not in (value.type, wanted):
                self.misfit(value, wanted, what, at or value.at)
            return core.Const(value.at, types.WRONG, None)
        return self.convert(value, wanted)

    def convert(self, value: core.Expr, wanted: Type) -> core.Expr:
        """Write out the conversion to a type that the value fits."""
        given = value.type
        if given == wanted or types.WRONG in (given, wanted):
            return value
        if isinstance(wanted, Primitive) and wanted != types.NULL:
            inside = self.unboxed(given)
            if is_reference(given):
                value = core.Convert(value.at, inside, value, "unbox")
            return self.numbered(value, wanted)
        if isinstance(given, Primitive) and given != types.NULL:
            inside = self.unboxed(wanted)
            value = self.numbered(value, inside) if isinstance(inside, Primitive) else value
            return core.Convert(value.at, self.boxed(value.type), value, "box")
        return value

    def numbered(self, value: core.Expr, wanted: Type) -> core.Expr:
        """Give a number as another primitive type."""
        if value.type == wanted or types.WRONG in (value.type, wanted):
            return value
        if isinstance(value, core.Const):
            return core.Const(value.at, wanted, constants.converted(value.value, wanted))
        return core.Convert(value.at, wanted, value, "number")

    def misfit(self, value: core.Expr, wanted: Type, what: str, at: Position) -> None:
        """Report a value that does not fit."""
        given = value.type
        if given == types.VOID:
            self.report.error(at, "this call gives no value", "its method returns void")
            return
        needs = f"{what or 'this place'} needs {shown(wanted)}, and this is {shown(given)}"
        self.report.error(at, needs, self._misfit_advice(given, wanted))

    def _misfit_advice(self, given: Type, wanted: Type) -> str:  # noqa: PLR0911 - a piece of advice for each case
        if given in types.NUMERIC and wanted in types.NUMERIC:
            return f"write ({wanted}) in front of it to cut it down"
        if constants.is_string(wanted):
            return "write String.valueOf(...) around it"
        if constants.is_string(given) and wanted in (types.INT, types.LONG, types.DOUBLE):
            return {"int": "Integer.parseInt", "long": "Long.parseLong"}.get(
                str(wanted), "Double.parseDouble"
            ) + "(...) reads a number from a string"
        if constants.is_string(given) and wanted == types.CHAR:
            return "a character stands between ' marks; charAt(0) gives the first of a string"
        if wanted == types.BOOLEAN:
            return "write a comparison, such as x != 0 or x == y"
        if isinstance(given, Primitive) and given != types.NULL and isinstance(self.unboxed(wanted), Primitive):
            return f"a {wanted} holds only {self.unboxed(wanted)}: write ({self.unboxed(wanted)}) in front"
        if given == types.NULL:
            return "only objects can be null"
        if is_reference(given) and is_reference(wanted) and is_subtype(wanted, given):
            return f"if you know that it is one, write ({wanted}) in front of it"
        if isinstance(wanted, ArrayType) and not isinstance(given, ArrayType):
            return "write the elements between { and }"
        return f"use a value of the type {wanted}, or change the type of what receives it"

    def promoted(self, first: Type, second: Type) -> Type | None:
        """Give the type that an operator computes numbers in, None where one side is no number."""
        sides = [self.unboxed(one) for one in (first, second)]
        if not all(one in types.NUMERIC for one in sides):
            return None
        return next((one for one in (types.DOUBLE, types.LONG) if one in sides), types.INT)

    def joined(self, first: core.Expr, second: core.Expr) -> Type:
        """Give the type of what is either of two values."""
        if first.type == second.type:
            return first.type
        left, right = self.unboxed(first.type), self.unboxed(second.type)
        if left == types.BOOLEAN and right == types.BOOLEAN:
            return left
        if left in types.NUMERIC and right in types.NUMERIC:
            for value, other in ((first, right), (second, left)):
                if self._fits_narrow(value, other):
                    return other
            if {left, right} == {types.BYTE, types.SHORT}:
                return types.SHORT
            return left if left == right else self.promoted(left, right) or types.WRONG
        return common(self.boxed(first.type), self.boxed(second.type))
