"""Declarations of a program, one after another."""

from collections.abc import Callable, Sequence
from functools import partial

from core.workloads.code.frontends.idris import declared, primitives
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import (
    Pi,
    Term,
    Universe,
)
from core.workloads.code.frontends.idris.data_declarations import count
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.implementations import Implementations
from core.workloads.code.frontends.idris.names import (
    TYPES,
)
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.reduction import TooLong
from core.workloads.code.frontends.idris.syntax import Declared, Mode
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import Closure, Product, Value


class Declarations(Implementations):
    """Elaborates programs."""

    def program(self, declarations: Sequence[Declared]) -> None:
        """Elaborate declarations one after another."""
        self._group(declarations)
        for one in self.own:
            wanted = one.kind == "function" and "~" not in one.name and one.name not in self.broken
            if wanted and one.clauses is None:
                hint = f"write {one.short} ... = ... beneath its type"
                self.report(wrong(one.at, f"{one.short} has a type, but is not defined", hint))

    def _group(self, declarations: Sequence[Declared]) -> None:
        waiting = list(declarations)
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, declared.Clause):
                clauses = [one]
                while waiting and isinstance(waiting[0], declared.Clause) and waiting[0].name == one.name:
                    following = waiting.pop(0)
                    assert isinstance(following, declared.Clause)
                    clauses.append(following)
                self._guarded(one.at, partial(self._define, clauses))
            else:
                self._guarded(one.at, partial(self._declare, one))

    def _guarded(self, at: At, act: Callable[[], None]) -> None:
        """Tell of what is wrong with a declaration, and go on with the next."""
        try:
            self.evaluator.steps = 0
            act()
        except (Refusal, Mismatch, TooLong) as trouble:
            self.report(self.refusal(at, trouble))
            self.forget()
        for one in self.lifted:
            self.settled(one)
            self.own.append(one)
        self.lifted = []

    def _declare(self, one: Declared) -> None:
        match one:
            case declared.Signature():
                self._signature(one)
            case declared.Data():
                self._family(one)
                self._data(one)
            case declared.Record():
                self._record(one)
            case declared.Interface():
                self._interface(one)
            case declared.Implementation():
                self._implementation(one)
            case declared.Mutual(_, declarations):
                self._mutual(declarations)
            case declared.Default(_, totality):
                self.demanded = totality

    def _mutual(self, declarations: Sequence[Declared]) -> None:
        """Take in types before constructors, and signatures before clauses."""
        for one in declarations:
            if isinstance(one, declared.Data):
                self._family(one)
        for one in declarations:
            if isinstance(one, declared.Data):
                self._data(one)
            elif isinstance(one, declared.Signature):
                self._signature(one)
        self._group([one for one in declarations if not isinstance(one, declared.Data | declared.Signature)])

    def _signature(self, one: declared.Signature) -> None:
        type_ = self.signature(Context(), one.type)
        self.complete()
        kind = "primitive" if f"{self.module}/{one.name}".startswith("Prelude/prim__") else "function"
        found = self._new(one.name, kind, type_, one.at, totality=one.totality or self.demanded)
        found.owner = found.name
        if kind == "primitive":
            found.arity = count(type_)

    def _define(self, clauses: list[declared.Clause]) -> None:
        first = clauses[0]
        one = self.known.definitions.get(f"{self.module}/{first.name}")
        if one is None or one.kind != "function":
            if first.name in self.known.names and one is None:
                message = f"{first.name} has no type here"
                raise wrong(first.at, message, f"write {first.name} : and its type in the line before")
            what = "has no type" if one is None else "is no function, and has no clauses"
            raise wrong(first.at, f"{first.name} {what}", f"write {first.name} : and its type in the line before")
        if one.clauses is not None or one.name in self.broken:
            self.broken.add(one.name)
            raise wrong(first.at, f"clauses of {first.name} stand apart", "put all clauses of a function together")
        self.function(Context(owner=one.name), one, clauses, top=True)
        self.settled(one)


def add_primitives(known: Globals) -> None:
    """Take in the types that are not declared."""
    for name in primitives.TYPES:
        takes = name in ("IO", "Lazy", "Inf")
        type_: Term = Pi("", Mode.EXPLICIT, False, Universe(), Universe()) if takes else Universe()
        value: Value = Product("", Mode.EXPLICIT, False, TYPES, Closure((), Universe())) if takes else TYPES
        known.add(Definition(f"Prelude/{name}", "type", type_, value, arity=int(takes)))
