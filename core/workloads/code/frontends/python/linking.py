"""Joining a program with what it needs of the run-time library."""

from functools import lru_cache

from core.workloads.code.frontends.python.frames import PREFIX
from core.workloads.code.frontends.python.values import UNBOUND
from core.workloads.code.frontends.python.words.externals import EXTERNAL
from core.workloads.code.frontends.python.words.lowering import ROOTS, lower
from core.workloads.code.frontends.python.words.sources import load
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.types import WORD
from core.workloads.code.passes import inlining
from core.workloads.code.passes.pipeline import shorten

_SETS = ("new_set", "set_from", "frozen_from")
_DICTS = ("new_dict", "dict_from", "dict_from_keys")
_CLASSES = ("new_instance", "exception_of_program")
_NEEDED_FOR: dict[tuple[str, ...], tuple[str, ...]] = {
    _SETS: ("iteration_order", "set_operation", "sets_equal", "sets_ordered", "set_combine_in_place", "set_update"),
    _DICTS: ("dict_item", "dict_set", "dicts_equal", "dict_pop", "dict_update"),
    _CLASSES: ("by_program", "in_place", "written_by", "next_by_program", "unary_by_program"),
    ("lazy", "reversed_of"): ("next_lazily",),
    ("view",): ("viewed", "write_view"),
    ("new_range",): ("write_range", "range_index"),
    ("invoke", "invoke_with", "call_method", "get_attribute", *_CLASSES): ("bound",),
}
"""Functions that are never called in a program that makes no such objects, by what makes them."""
_NOTHING = {"by_program": UNBOUND, "in_place": UNBOUND, "unary_by_program": UNBOUND}


def link(module: Module) -> frozenset[str]:
    """Add all functions and words of the library that the module mentions; gives the functions' names.

    They have been optimized, and are shared by all programs: nothing may change them.
    """
    own = dict(module.globals)
    made = {name.removeprefix(PREFIX) for one in module.functions.values() for name in _mentioned(one)}
    idle = {name for makers, names in _NEEDED_FOR.items() if not made & set(makers) for name in names} - made
    module.globals.clear()
    waiting = [name for one in module.functions.values() for name in _mentioned(one)]
    added = set()
    words = set()
    while waiting:
        name = waiting.pop()
        if name in module.functions:
            continue
        if name in own or name in words:
            continue
        if name.removeprefix(PREFIX) in load().cells:
            words.add(name)
            continue
        stem = name.removeprefix(PREFIX)
        module.functions[name] = function = _idle(stem) if stem in idle else _function(stem)
        added.add(name)
        waiting += _mentioned(function)
    # The library's words come first and in one order, so that they lie at the same place in many programs.
    for name in sorted(load().cells):
        module.place(PREFIX + name, 1)
    module.globals |= own
    return frozenset(added)


def _mentioned(function: Function) -> list[str]:
    blocks = function.blocks.values()
    return [one.symbol for block in blocks for one in block.instructions if one.symbol.startswith(PREFIX)]


@lru_cache(maxsize=100)
def _idle(name: str) -> Function:
    """Make what stands for a function that is never called."""
    params = [(one.arg, WORD) for one in load().functions[name].args.args]
    build = FunctionBuilder(Module(), PREFIX + name, params, WORD)
    build.give_back(_NOTHING.get(name, 0))
    return build.function


@lru_cache(maxsize=1000)
def _raw(name: str) -> Function:
    function = lower(name, load())
    shorten(function)
    return function


@lru_cache(maxsize=1000)
def _function(name: str) -> Function:
    """Make a function of the library, with the small ones that it calls in place of the calls."""
    function = lower(name, load())
    shorten(function)
    called = dict.fromkeys(one.removeprefix(PREFIX) for one in _mentioned(function))
    callees = {PREFIX + one: _raw(one) for one in called if one in load().functions and one != name}
    module = Module({**callees, function.name: function})
    for changed in inlining.inline(module, frozenset(callees)):
        shorten(changed)
    return function


assert ROOTS.startswith(PREFIX)
assert not EXTERNAL.keys() & load().functions.keys()
