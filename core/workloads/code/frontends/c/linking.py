"""Joining a program with what it needs of the library."""

import re
from functools import lru_cache
from pathlib import Path

from core.workloads.code.frontends.c.unit import translate
from core.workloads.code.ir.module import Function, Global, Module, Reference
from core.workloads.code.passes.pipeline import optimize

_FOLDER = Path(__file__).parent / "runtime"
LIBRARY_PREFIX = "lib."
_DEFINITION = re.compile(r"^(?!static)\w[\w ]*[ *](\w+)\([^;{]*(?:\{.*)?$", re.MULTILINE)
_STREAMS = ("__stdin", "__stdout", "__stderr")


def link(module: Module) -> frozenset[str]:
    """Add all functions and variables of the library that the module mentions; gives the functions' names.

    They have been optimized, and are shared by all programs: nothing may change them.
    """
    waiting = [(name, "") for one in module.functions.values() for name in _mentioned_by_function(one)]
    waiting += [(name, "") for one in module.globals.values() for name in _mentioned_by_global(one)]
    added = set()
    while waiting:
        name, mentioned_in = waiting.pop()
        if name in module.functions or name in module.globals:
            continue
        # What the index does not know is static in the source that mentions it.
        stem = _index().get(name, mentioned_in)
        source = _source(stem)
        if name in source.functions:
            module.functions[name] = function = source.functions[name]
            added.add(name)
            waiting += [(other, stem) for other in _mentioned_by_function(function)]
        else:
            module.globals[name] = source.globals[name]
            waiting += [(other, stem) for other in _mentioned_by_global(source.globals[name])]
    # The library's variables come first, so that they lie at the same place in many programs.
    own = {name: one for name, one in module.globals.items() if not name.startswith(LIBRARY_PREFIX)}
    module.globals = {name: one for name, one in module.globals.items() if name not in own} | own
    return frozenset(added)


def _mentioned_by_function(function: Function) -> list[str]:
    blocks = function.blocks.values()
    return [one.symbol for block in blocks for one in block.instructions if one.symbol.startswith(LIBRARY_PREFIX)]


def _mentioned_by_global(one: Global) -> list[str]:
    values = one.initial.values()
    return [
        value.symbol for value in values if isinstance(value, Reference) and value.symbol.startswith(LIBRARY_PREFIX)
    ]


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    """Which source defines each function that may be called from outside of it."""
    index = {f"{LIBRARY_PREFIX}{name}": "stdio" for name in _STREAMS}
    for path in sorted(_FOLDER.glob("*.c")):
        index |= {f"{LIBRARY_PREFIX}{name}": path.stem for name in _DEFINITION.findall(path.read_text())}
    return index


def _forget_places(function: Function) -> None:
    """Take the positions away: they are none in the program that a student looks at."""
    function.at = None
    for block in function.blocks.values():
        for one in block.instructions:
            one.at = None


@lru_cache(maxsize=32)
def _source(stem: str) -> Module:
    phases = translate((_FOLDER / f"{stem}.c").read_text(), library=stem)
    assert phases.module is not None, (stem, phases.report.findings)
    for function in phases.module.functions.values():
        _forget_places(function)
    optimize(phases.module, entries=(*phases.module.functions, *phases.module.globals))
    return phases.module
