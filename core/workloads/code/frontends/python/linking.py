"""The run-time library of Python, and joining a program with what it needs of it."""

from pathlib import Path

from core.workloads.code.frontends.python.classes import BUILT_IN, FIRST_OWN, NAME_NUMBERS
from core.workloads.code.frontends.python.externals import EXTERNAL, MAY_COLLECT
from core.workloads.code.frontends.words.library import Library
from core.workloads.code.frontends.words.sources import Sources
from core.workloads.code.frontends.words.values import UNBOUND
from core.workloads.code.ir.module import Module

_SETS = ("new_set", "set_from", "frozen_from")
_DICTS = ("new_dict", "dict_from", "dict_from_keys")
_CLASSES = ("new_instance", "exception_of_program")
_NEEDED_FOR: dict[tuple[str, ...], tuple[str, ...]] = {
    _SETS: ("iteration_order", "set_operation", "sets_equal", "sets_ordered", "set_combine_in_place", "set_update"),
    _DICTS: ("dict_item", "dict_set", "dicts_equal", "dict_pop", "dict_update"),
    _CLASSES: ("by_program", "in_place", "written_by", "next_by_program", "unary_by_program"),
    ("lazy", "reversed_of"): ("next_lazily",),
    ("view",): ("viewed", "write_view"),
    ("cons",): ("mark_pair", "update_pair"),
    ("new_range",): ("write_range", "range_index"),
    ("invoke", "invoke_with", "call_method", "get_attribute", *_CLASSES): ("bound",),
}
_GIVEN = {
    **{name: number for name, (number, _) in BUILT_IN.items()},
    **NAME_NUMBERS,
    "args_name": NAME_NUMBERS["args"],
    "FIRST_OWN": FIRST_OWN,
}
LIBRARY = Library(
    (Path(__file__).parent / "runtime",),
    _GIVEN,
    {name: name in MAY_COLLECT for name in EXTERNAL},
    _NEEDED_FOR,
    {"by_program": UNBOUND, "in_place": UNBOUND, "unary_by_program": UNBOUND},
)


def load() -> Sources:
    """Give all that the library defines."""
    return LIBRARY.sources


def link(module: Module) -> frozenset[str]:
    """Add all functions and words of the library that the module mentions; gives the functions' names."""
    return LIBRARY.link(module)
