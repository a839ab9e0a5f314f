"""How values of functional programs are words: what headers and constants say to the run-time library.

A word below `REFERENCE` is a number, a character, a constructor without fields (its tag) or a function at the top of
the program (its card, and its parameters in the last digit); else it refers to an object (`runtime/heap.words`).
"""

from core.workloads.code.frontends.words.values import REFERENCE, STRING

DATA, FUNCTION, PARTIAL, THUNK, INDIRECTION, BUSY = range(6)
"""Kinds of objects. From `THUNK` on they are not values themselves."""
MOST_FIELDS = 29
MOST_TAGS = 63
MOST_PARAMETERS = 9
UNSET = 9 * 10**49
"""What a value at the top of the program is before somebody asks for it."""
GIVEN = {
    "REFERENCE": REFERENCE,
    "STRING": STRING,
    "THUNK": THUNK,
    "INDIRECTION": INDIRECTION,
    "BUSY": BUSY,
    "FUNCTION": FUNCTION,
    "PARTIAL": PARTIAL,
    "UNSET": UNSET,
    "CONS": 1 << 9,
}


def header(kind: int, tag: int = 0) -> int:
    """Give the header of an object, without its size."""
    return kind | tag << 9
