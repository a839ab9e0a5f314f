"""A run-time library in the small language of words, and how a program is joined with what it needs of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.frontends.words.lowering import lower
from core.workloads.code.frontends.words.sources import SHARED, Sources, load
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.types import WORD
from core.workloads.code.passes import inlining
from core.workloads.code.passes.pipeline import shorten


@dataclass
class Library:
    """The library of one language, beside what all have; its functions are translated when a program needs them."""

    folders: Sequence[Path]
    given: Mapping[str, int]
    """Constants of the language that the sources use."""
    external: Mapping[str, bool]
    """Functions that each program defines for the library, and whether they may collect garbage."""
    needed_for: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """Functions that are never called in a program that makes no such objects, by what makes them."""
    nothing: Mapping[str, int] = field(default_factory=dict)
    """What such a function is to give, where that is not 0."""
    _raw: dict[str, Function] = field(default_factory=dict)
    _made: dict[str, Function] = field(default_factory=dict)
    _idle: dict[str, Function] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Sources:
        """All that the library defines."""
        found = load((SHARED, *self.folders), self.given, self.external)
        assert not self.external.keys() & found.functions.keys()
        return found

    def link(self, module: Module) -> frozenset[str]:
        """Add all functions and words of the library that the module mentions; gives the functions' names.

        They have been optimized, and are shared by all programs: nothing may change them.
        """
        own = dict(module.globals)
        made = {name.removeprefix(PREFIX) for one in module.functions.values() for name in _mentioned(one)}
        idle = {name for makers, names in self.needed_for.items() if not made & set(makers) for name in names} - made
        module.globals.clear()
        waiting = [name for one in module.functions.values() for name in _mentioned(one)]
        added = set()
        cells = {PREFIX + name for name in self.sources.cells}
        while waiting:
            name = waiting.pop()
            if name in module.functions or name in own or name in cells:
                continue
            stem = name.removeprefix(PREFIX)
            module.functions[name] = function = self._stand_in(stem) if stem in idle else self._function(stem)
            added.add(name)
            waiting += _mentioned(function)
        # The library's words come first and in one order, so that they lie at the same place in many programs.
        for name in sorted(cells):
            module.place(name, 1)
        module.globals |= own
        return frozenset(added)

    def _stand_in(self, name: str) -> Function:
        """Make what stands for a function that is never called."""
        if name not in self._idle:
            params = [(one.arg, WORD) for one in self.sources.functions[name].args.args]
            build = FunctionBuilder(Module(), PREFIX + name, params, WORD)
            build.give_back(self.nothing.get(name, 0))
            self._idle[name] = build.function
        return self._idle[name]

    def _lowered(self, name: str) -> Function:
        if name not in self._raw:
            self._raw[name] = function = lower(name, self.sources)
            shorten(function)
        return self._raw[name]

    def _function(self, name: str) -> Function:
        """Make a function of the library, with the small ones that it calls in place of the calls."""
        if name in self._made:
            return self._made[name]
        function = lower(name, self.sources)
        shorten(function)
        called = dict.fromkeys(one.removeprefix(PREFIX) for one in _mentioned(function))
        callees = {PREFIX + one: self._lowered(one) for one in called if one in self.sources.functions and one != name}
        module = Module({**callees, function.name: function})
        for changed in inlining.inline(module, frozenset(callees)):
            shorten(changed)
        self._made[name] = function
        return function


def _mentioned(function: Function) -> list[str]:
    blocks = function.blocks.values()
    return [one.symbol for block in blocks for one in block.instructions if one.symbol.startswith(PREFIX)]
