"""Expansion: forms become the core, names find what they mean, and macros are gone afterwards."""

import difflib

from core.workloads.code.frontends.lisp import advising
from core.workloads.code.frontends.lisp.atoms import LONGEST_NAME
from core.workloads.code.frontends.lisp.calling import Calls
from core.workloads.code.frontends.lisp.data import Atom, Datum, List, Name, Vector
from core.workloads.code.frontends.lisp.diagnosing import Report, Unreadable
from core.workloads.code.frontends.lisp.macros import Macros
from core.workloads.code.frontends.lisp.nodes import (
    Assign,
    Constant,
    Global,
    Lambda,
    Node,
    Read,
    Steps,
    Variable,
    Word,
)
from core.workloads.code.frontends.lisp.prelude import definitions
from core.workloads.code.frontends.lisp.primitives import Primitive
from core.workloads.code.frontends.lisp.scopes import Macro, Meaning, Scope, Special
from core.workloads.code.frontends.words.values import NONE
from core.workloads.code.ir.instructions import Position

MOST_EXPANSIONS = 5_000
_MOST_NESTED = 150
_OPEN = frozenset({"begin", "define", "define-values", "define-record-type"})
"""Forms in which definitions may stand, those that are made of definitions among them."""


class Expander(Calls):
    """Makes the core of a program; the words of the core are methods that other files give (`words`)."""

    def __init__(self, report: Report, words: dict[str, Special]) -> None:
        self.report, self.macros = report, Macros(report)
        self.core = Scope(names={(name, 0): special for name, special in words.items()})
        self.main = Lambda(Position(1, 1), [], None, "the program")
        self.top = self.core.within(self.main)
        self.library_top = Scope(self.core, self.main)
        self.library: dict[str, Global] = {}
        self.lambdas: list[Lambda] = []
        self.nested = 0
        self.takes_definitions = True
        """Whether what is expanded stands at the top or in a body, not within an expression."""
        self.missing: list[tuple[Name, Global]] = []
        """Names that nothing had when they were met."""
        self.early: list[tuple[Name, Global]] = []
        """Names at the top that had no value yet."""

    # Programs.

    def program(self, data: list[Datum]) -> list[Node]:
        """Expand all forms at the top."""
        for one in data:
            self._announce(one)
        nodes = []
        for one in data:
            try:
                nodes.append(self.node(one, self.top))
            except Unreadable:
                continue
        for name, meant in self.missing:
            if not meant.definitions:
                self._unknown(name)
        for name, meant in self.early:
            if meant.definitions:
                hint = f"move this behind (define {name.text} ...)"
                self.report.wrong(name, f"{name.text} is used before it is defined", hint)
        return nodes

    def _announce(self, datum: Datum) -> None:
        """Note what a form at the top defines, so that what stands before may use it."""
        if not isinstance(datum, List) or not datum.items or not isinstance(datum.items[0], Name):
            return
        if datum.items[0].text == "begin":
            for one in datum.items[1:]:
                self._announce(one)
        if datum.items[0].text != "define" or len(datum) < 2:  # noqa: PLR2004 - the word and the name
            return
        target: Datum = datum.items[1]
        while isinstance(target, List) and target.items:
            target = target.items[0]
        if isinstance(target, Name):
            self.global_of(target, self.top)

    def global_of(self, name: Name, scope: Scope) -> Global:
        """Give the variable at the top that a definition is for."""
        top = self.library_top if scope is self.library_top else self.top
        found = top.names.get((name.text, 0))
        if not isinstance(found, Global):
            found = Global(name.text, name.at, is_library=top is self.library_top)
            top.names[name.text, 0] = found
        return found

    # Forms.

    def node(self, datum: Datum, scope: Scope) -> Node:
        """Expand one form."""
        match datum:
            case Name():
                return self.name(datum, scope)
            case List():
                return self.form(datum, scope)
            case Vector() | Atom():
                return Constant(datum.at, datum)
        raise TypeError(datum)

    def nodes(self, data: list[Datum] | tuple[Datum, ...], scope: Scope) -> list[Node]:
        """Expand several forms, so that each is looked at even if another is wrong."""
        found, wrong = [], None
        for one in data:
            try:
                found.append(self.node(one, scope))
            except Unreadable as unreadable:
                wrong = unreadable
        if wrong is not None:
            raise wrong
        return found

    def sequence(self, data: list[Datum] | tuple[Datum, ...], scope: Scope, at: Position) -> Node:
        """Expand what is computed one after another."""
        found = self.nodes(data, scope)
        return found[0] if len(found) == 1 else Steps(at, found)

    def meaning(self, name: Name, scope: Scope) -> Meaning:
        """Tell what a name means; one that nothing has is taken for a variable that is defined later."""
        found = scope.find(name)
        if found is None:
            plain = name
            while plain.original is not None:
                plain = plain.original
            found = self.of_library(plain.text)
        if found is None:
            meant = Global(name.text, name.at)
            self.top.names[name.text, 0] = meant
            self.missing.append((name, meant))
            return meant
        return found

    def of_library(self, text: str) -> Meaning | None:
        """Find what the library calls so; what is written in Scheme is expanded later."""
        if text in self.library:
            return self.library[text]
        known = definitions()
        if text in known.primitives:
            return known.primitives[text]
        form = known.forms.get(text)
        if form is None:
            return None
        self.library[text] = found = Global(text, form.at, is_library=True)
        self.library_top.names[text, 0] = found
        return found

    def library_nodes(self) -> list[Node]:
        """Expand what the program needs of the library; this may need more of it."""
        found: list[Node] = []
        done: set[str] = set()
        while True:
            fresh = [name for name in self.library if name not in done]
            if not fresh:
                return found
            for name in fresh:
                done.add(name)
                found.append(self.node(definitions().forms[name], self.library_top))

    def form(self, form: List, scope: Scope) -> Node:
        """Expand a form in parentheses."""
        if not form.items:
            raise self.report.wrong(form, "() is no call: nothing is called", "write '() for the empty list")
        if form.tail is not None:
            raise self.report.wrong(form, "a call has no dot", "take the dot out; '(a . b) is a pair")
        head = form.items[0]
        meant = self.meaning(head, scope) if isinstance(head, Name) else None
        outer = self.takes_definitions
        is_open = isinstance(meant, Macro) or (isinstance(meant, Special) and meant.name in _OPEN)
        self.takes_definitions = outer and is_open
        self.nested += 1
        if self.nested > _MOST_NESTED:
            if isinstance(meant, Macro):
                raise self._endless(meant, form)
            raise self.report.wrong(form, "the program is nested too deeply", "take it apart")
        try:
            match meant:
                case Special():
                    return meant.expand(self, form, scope)
                case Macro():
                    return self.node(self.expanded(meant, form, scope), scope)
                case Primitive():
                    return self.primitive(meant, form, self.nodes(form.items[1:], scope))
            procedure = self.node(head, scope)
            return self.call(form, procedure, self.nodes(form.items[1:], scope))
        finally:
            self.nested -= 1
            self.takes_definitions = outer

    def _endless(self, macro: Macro, form: List) -> Unreadable:
        hint = "see that a rule without itself is reached"
        return self.report.wrong(form, f"the macro {macro.name.text} never comes to an end", hint)

    def expanded(self, macro: Macro, form: List, scope: Scope) -> Datum:
        """Apply a macro."""
        if self.macros.expansions >= MOST_EXPANSIONS:
            raise self._endless(macro, form)
        return self.macros.expand(macro, form, scope)

    def name(self, name: Name, scope: Scope) -> Node:
        """Expand a name that stands by itself."""
        meant = self.meaning(name, scope)
        match meant:
            case Variable():
                meant.is_used = True
                return Read(name.at, meant)
            case Global():
                if scope.procedure is self.main and not meant.was_defined and not meant.is_library:
                    self.early.append((name, meant))
                return Read(name.at, meant, meant.was_defined)
            case Primitive():
                return self.value_of(meant, name.at)
            case _:
                raise self.report.wrong(
                    name, f"{name.text} is no value: it begins a form", f"write ({name.text} ...), or ' before the name"
                )

    def symbol(self, name: Name) -> Name:
        """Check that a quoted name fits a word."""
        if len(name.text) > LONGEST_NAME or any(ord(one) > 255 for one in name.text):  # noqa: PLR2004 - eight bits
            raise self.report.wrong(
                name,
                f"a symbol has at most {LONGEST_NAME} characters, below U+0100",
                "take a shorter name, or a string",
            )
        return name

    def assign(self, name: Name, value: Node, scope: Scope, at: Position) -> Node:
        """Give a variable that there is another value."""
        meant = self.meaning(name, scope)
        match meant:
            case Variable():
                meant.is_assigned = True
                return Assign(at, meant, value)
            case Global() if not meant.is_library:
                meant.is_assigned = True
                return Assign(at, meant, value)
        raise self.report.wrong(
            name, f"{name.text} is part of the language, and cannot be changed by set!", "define a variable of your own"
        )

    def _unknown(self, name: Name) -> None:
        text = name.text
        hint = advising.of_name(text)
        if not hint:
            known = [*definitions().primitives, *definitions().forms]
            own = [one.name for one in self.top.names.values() if isinstance(one, Global) and one.definitions]
            special = [key[0] for key in self.core.names]
            near = difflib.get_close_matches(text, [*own, *special, *known], 1, 0.75)
            hint = f"did you mean {near[0]}?" if near else f"define it: (define {text} ...)"
        self.report.wrong(name, f"nothing is called {text}", hint)


def unspecified(at: Position) -> Node:
    """Make what has no value worth speaking of."""
    return Word(at, NONE)
