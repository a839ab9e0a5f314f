"""Joining a functional program with what it needs of the run-time library."""

from functools import lru_cache
from pathlib import Path

from core.workloads.code.frontends.functional.applying import apply_function, is_applier
from core.workloads.code.frontends.functional.objects import GIVEN
from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.frontends.words.lowering import lower
from core.workloads.code.frontends.words.sources import Sources, load
from core.workloads.code.ir.module import Function, Module
from core.workloads.code.passes import inlining
from core.workloads.code.passes.pipeline import shorten

_FOLDER = Path(__file__).parent / "runtime"


def link(module: Module) -> frozenset[str]:
    """Add all functions and words of the library that the module mentions; gives the functions' names.

    They have been optimized, and are shared by all programs: nothing may change them.
    """
    own = dict(module.globals)
    module.globals.clear()
    waiting = [name for one in list(module.functions.values()) for name in _mentioned(one)]
    added = set()
    while waiting:
        name = waiting.pop()
        if name in module.functions or name in own or name.removeprefix(PREFIX) in _sources().cells:
            continue
        module.functions[name] = function = _function(name)
        added.add(name)
        waiting += _mentioned(function)
    # The library's words come first and in one order, so that they lie at the same place in many programs.
    for name in sorted(_sources().cells):
        module.place(PREFIX + name, 1)
    module.globals |= own
    return frozenset(added)


@lru_cache(maxsize=1)
def _sources() -> Sources:
    return load((_FOLDER,), GIVEN, {"program_stop": False})


def _mentioned(function: Function) -> list[str]:
    blocks = function.blocks.values()
    return [one.symbol for block in blocks for one in block.instructions if one.symbol.startswith(PREFIX)]


@lru_cache(maxsize=1000)
def _raw(name: str) -> Function:
    function = lower(name, _sources())
    shorten(function)
    return function


@lru_cache(maxsize=1000)
def _function(name: str) -> Function:
    """Make a function of the library, with the small ones that it calls in place of the calls."""
    if is_applier(name):
        function = apply_function(name)
        shorten(function)
        return function
    stem = name.removeprefix(PREFIX)
    function = lower(stem, _sources())
    shorten(function)
    called = dict.fromkeys(one.removeprefix(PREFIX) for one in _mentioned(function))
    callees = {PREFIX + one: _raw(one) for one in called if one in _sources().functions and one != stem}
    module = Module({**callees, function.name: function})
    for changed in inlining.inline(module, frozenset(callees)):
        shorten(changed)
    return function
