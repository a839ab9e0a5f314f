"""How values of Java are words.

A number is itself, a double its image; `null` is 0. What is an object is told by its first digit: 1 refers to an object
in the store, 2 is a Double, 3 a Boolean or a stream, 5 a string of at most 19 characters, 7 a box of a whole number.
"""

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.types import Type
from core.workloads.code.frontends.words.values import FALSE, FLOAT, LIMIT, SPECIAL
from core.workloads.code.ir.types import F64, S8, S16, S32, S64, U16, WORD
from core.workloads.code.ir.types import Type as Machine

_MACHINE = {
    types.INT: S32,
    types.LONG: S64,
    types.DOUBLE: F64,
    types.CHAR: U16,
    types.BYTE: S8,
    types.SHORT: S16,
    types.BOOLEAN: S32,
}
BOX = 7 * LIMIT
KIND_OF_BOX = 10**30
"""Boxes of each class lie so far apart."""
MIDDLE = 10**20
BUILT_IN = ("String", "Integer", "Long", "Character", "Byte", "Short", "Double", "Boolean")
"""Classes whose objects are words by themselves, in the order of their numbers, from 1 on."""
ARRAY_CLASS, OTHER_CLASS = len(BUILT_IN) + 1, len(BUILT_IN) + 2
FIRST_CLASS = OTHER_CLASS + 1
"""The number of the first class whose objects lie in the store."""
_BOXES = {types.INT: 1, types.LONG: 2, types.CHAR: 3, types.BYTE: 4, types.SHORT: 5}
STREAMS = {"out": SPECIAL + 20, "err": SPECIAL + 21, "in": SPECIAL + 22}
"""What the fields of System are."""
ELEMENTS = 2
"""The word of an array where its elements begin, behind header and length."""


def machine(one: Type) -> Machine:
    """Give the type that the machine has the values in."""
    return _MACHINE.get(one, WORD)  # type: ignore[call-overload, no-any-return]  # classes are no keys


def box_base(one: Type) -> int:
    """Give what is added to a primitive value to make its box."""
    if one == types.DOUBLE:
        return FLOAT
    return FALSE if one == types.BOOLEAN else BOX + _BOXES[one] * KIND_OF_BOX + MIDDLE  # type: ignore[index]  # it is primitive


GIVEN = {
    "WRAPPED": BOX,
    "KIND_OF_BOX": KIND_OF_BOX,
    "MIDDLE": MIDDLE,
    "INTEGER": box_base(types.INT),
    "ARRAY_CLASS": ARRAY_CLASS,
    "OTHER_CLASS": OTHER_CLASS,
    "STRING_CLASS": 1 + BUILT_IN.index("String"),
    "DOUBLE_CLASS": 1 + BUILT_IN.index("Double"),
    "BOOLEAN_CLASS": 1 + BUILT_IN.index("Boolean"),
    "ERR": STREAMS["err"],
    "ELEMENTS": ELEMENTS,
}
