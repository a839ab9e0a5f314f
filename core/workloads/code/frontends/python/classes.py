"""The classes that are there before a program defines any, and names that the library asks for; their numbers."""

BUILT_IN: dict[str, tuple[int, int]] = {
    name: (number, above)
    for number, (name, above) in enumerate(
        (
            ("BaseException", 0),
            ("Exception", 1),
            ("ArithmeticError", 2),
            ("ZeroDivisionError", 3),
            ("OverflowError", 3),
            ("LookupError", 2),
            ("IndexError", 6),
            ("KeyError", 6),
            ("NameError", 2),
            ("UnboundLocalError", 9),
            ("TypeError", 2),
            ("ValueError", 2),
            ("AttributeError", 2),
            ("AssertionError", 2),
            ("StopIteration", 2),
            ("RuntimeError", 2),
            ("NotImplementedError", 16),
            ("RecursionError", 16),
            ("EOFError", 2),
            ("KeyboardInterrupt", 1),
            ("SystemExit", 1),
            ("object", 0),
            ("int", 22),
            ("bool", 23),
            ("float", 22),
            ("str", 22),
            ("list", 22),
            ("tuple", 22),
            ("dict", 22),
            ("set", 22),
            ("range", 22),
            ("NoneType", 22),
            ("function", 22),
            ("type", 22),
            ("generator", 22),
            ("frozenset", 22),
        ),
        1,
    )
}
"""Name to number, and the number of the class above."""
FIRST_OWN = 40
"""Classes of a program have numbers from here on."""
EXCEPTIONS = frozenset(name for name, (number, _) in BUILT_IN.items() if number < BUILT_IN["object"][0])
NAMES = (
    *("__init__", "__str__", "__repr__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__len__", "__bool__"),
    *("__iter__", "__next__", "__contains__", "__getitem__", "__setitem__", "__delitem__", "__call__", "__hash__"),
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__"),
    *("__floordiv__", "__rfloordiv__", "__mod__", "__rmod__", "__pow__", "__rpow__", "__neg__", "__abs__", "__ne__"),
    *("args", "__name__", "__iadd__", "__isub__", "__imul__", "__pos__", "__invert__", "__and__", "__rand__"),
    *("__or__", "__ror__", "__xor__", "__rxor__", "__enter__", "__exit__", "__format__", "__class__"),
)
"""Attributes that the library asks for; a program's own names are numbered after them."""
NAME_NUMBERS = {name: number for number, name in enumerate(NAMES, 1)}
