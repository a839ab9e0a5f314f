"""printf with a format that is known: printed piece by piece, without reading the format at run time."""

from core.workloads.code.frontends.c import calling, ctypes, formats, nodes, tree
from core.workloads.code.frontends.c.formats import STAR, Directive
from core.workloads.code.frontends.c.lowering.locating import Locator
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import I32, I64, U8, U32, U64, WORD, Type

LONGEST_INLINE = 12
"""A longer text is printed by a loop, not by a card for each character."""
_SIGNED: dict[str, Type] = {"": I32, "l": I64, "ll": I64, "z": I64, "j": I64, "t": I64}
_UNSIGNED: dict[str, Type] = {"": U32, "l": U64, "ll": U64, "z": U64, "j": U64, "t": U64}
_SHORT = frozenset({"h", "hh"})


def lower_printf(lowerer: Locator, node: tree.Call) -> bool:
    """Write a printf whose result nobody wants; False where its format is not known or of a rare sort."""
    text = calling.literal(node.args[0])
    if text is None or b"\0" in text.data:
        return False
    parts = formats.parse_print(text.data)
    directives = [one for one in parts if isinstance(one, Directive)]
    if len(directives) != len(node.args) - 1 or any(_is_rare(one) for one in directives):
        return False
    # From the last to the first, as gcc has it on x86-64 where C leaves it open.
    values = [lowerer.value(one) for one in node.args[:0:-1]][::-1]
    lowerer.build.here = node.at
    given = iter(zip(node.args[1:], values, strict=True))
    for part in parts:
        if isinstance(part, bytes):
            _text(lowerer, part)
        else:
            _directive(lowerer, part, *next(given))
    return True


def _is_rare(one: Directive) -> bool:
    return STAR in (one.width, one.precision) or one.length in _SHORT or one.conversion == "p"


def _text(lowerer: Locator, data: bytes) -> None:
    build = lowerer.build
    if len(data) > LONGEST_INLINE:
        build.call("lib.__print_text", [build.compute("global_bytes", WORD, symbol=lowerer.strings.name(data))], None)
        return
    for byte in data:
        build.service("put_byte", [byte])


def _directive(lowerer: Locator, one: Directive, node: nodes.Expression, value: Operand) -> None:
    build, letter = lowerer.build, one.conversion
    if letter in "diu":
        wanted = (_UNSIGNED if letter == "u" else _SIGNED)[one.length]
        value = _fitted(lowerer, value, node.type, wanted)
        if one.is_plain:
            build.service("put_number", [value])
        else:
            build.call("lib.__print_number", [value, *_layout(one)], None)
    elif letter == "c" and one.is_plain:
        build.service("put_byte", [value & 0xFF if isinstance(value, int) else build.compute("cast", U8, value)])
    elif letter == "s" and one.is_plain:
        build.call("lib.__print_text", [value], None)
    else:
        if letter in "oxX":
            value = _fitted(lowerer, value, node.type, _UNSIGNED[one.length])
        build.call("lib.__print_directive", [value, ord(letter), *_layout(one)], None)


def _fitted(lowerer: Locator, value: Operand, type_: ctypes.CType, wanted: Type) -> Operand:
    if wanted.low <= type_.ir.low and type_.ir.high <= wanted.high:
        return value
    return wanted.wrap(value) if isinstance(value, int) else lowerer.build.compute("cast", wanted, value)


FLAGS = {"-": 1, "+": 2, " ": 4, "#": 8, "0": 16}
"""As the run-time library knows them."""


def _layout(one: Directive) -> tuple[int, int, int]:
    return sum(FLAGS[flag] for flag in set(one.flags)), max(0, one.width), one.precision
