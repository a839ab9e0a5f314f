"""Calls of the program's own functions, and of what is only known at run time."""

import ast
from collections.abc import Callable, Sequence

from core.workloads.code.frontends.python.lowering.program import Class, Function
from core.workloads.code.frontends.python.lowering.statements import Statements
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD

DIRECT = 4
"""Arguments that a call of something only known at run time passes one by one."""
NONE_MORE: tuple[Operand, ...] = (0,) * DIRECT
"""What is passed where there are fewer."""


class Calls(Statements):
    """The part of a function's lowering that calls what the program defines."""

    # Functions of the program.

    def call_function(self, function: Function, node: ast.Call, before: Sequence[Operand | ast.expr]) -> Operand:
        """Call a function that is known; `before` are arguments ahead of those written."""
        if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
            if before:
                return 0
            return self.call_value(node.func, node)
        build = self.build
        slots: list[str] = []
        if node.keywords:
            # Arguments are computed in the order in which they are written, whatever the parameters' order is.
            slots = self.held([*node.args, *(one.value for one in node.keywords)])
            kept: list[ast.expr] = [ast.copy_location(Kept(one), node) for one in slots]
            named = [
                ast.copy_location(ast.keyword(one.arg, kept[len(node.args) + place]), one)
                for place, one in enumerate(node.keywords)
            ]
            node = ast.copy_location(ast.Call(node.func, kept[: len(node.args)], named), node)
        given = self._matched(function, node, before)
        if given is None:
            return 0
        parts = [self._given(function, name, one) for name, one in given.items()]
        values = build.settle(parts)
        for one in slots:
            build.drop(one)
        self.at(node)
        found = build.call(function.name, values, WORD)
        assert found is not None
        return found

    def _given(self, function: Function, name: str, one: object) -> tuple[Callable[[], Operand], bool]:
        match one:
            case list():
                rest = ast.Tuple(one, ast.Load())
                return (lambda: self._tuple(rest)), True
            case ast.expr():
                return self.part(one)
            case None if name in function.default_roots:
                word = function.default_roots[name]
                return (lambda: self.build.compute("peek", WORD, self.root_word(word))), False
            case None:
                return self.part(function.defaults[name])
        value: Operand = one  # type: ignore[assignment]  # what else is given is an operand
        return (lambda: value), False

    def _matched(
        self, function: Function, node: ast.Call, before: Sequence[Operand | ast.expr]
    ) -> dict[str, object] | None:
        """Say which argument each parameter gets: an expression, a list of them, or None for its default."""
        report = self.program.report
        written: list[object] = [*before, *node.args]
        names = function.positional
        shown = function.shown
        given: dict[str, object] = dict(zip(names, written, strict=False))
        further = written[len(names) :]
        if further and not function.rest:
            extra = node.args[len(names) - len(before)] if len(names) >= len(before) else node
            count = len(written) - len(before)
            most = len(names) - len(before)
            message = (
                f"{shown}() takes {most} argument{'s' * (most != 1)}, but {count} {'is' if count == 1 else 'are'} given"
            )
            if function.keyword_only:
                hint = f"'{function.keyword_only[0]}' is given by name: {function.keyword_only[0]}=..."
            else:
                hint = "leave out what is too much" if most > 0 else "leave the brackets empty"
            report.error(extra, message, hint)
            return None
        if any(self._misnamed(function, one, given) for one in node.keywords):
            return None
        missing = [one for one in [*names, *function.keyword_only] if one not in given and one not in function.defaults]
        if missing:
            listed = ", ".join(f"'{one}'" for one in missing)
            report.error(
                node,
                f"{shown}() needs {listed} as well",
                f"it takes {', '.join([*names[len(before) :], *function.keyword_only])}",
            )
            return None
        ordered: dict[str, object] = {one: given.get(one) for one in [*names, *function.keyword_only]}
        if function.rest:
            ordered[function.rest] = further
        return ordered

    def _misnamed(self, function: Function, keyword: ast.keyword, given: dict[str, object]) -> bool:
        """Note an argument that is given by name, or report why it cannot be."""
        report, shown, name = self.program.report, function.shown, keyword.arg or ""
        if name not in [*function.positional, *function.keyword_only]:
            has = ", ".join([*function.positional, *function.keyword_only]) or "none"
            report.error(keyword, f"{shown}() has no parameter '{name}'", f"it has {has}")
        elif name in function.unnamed:
            told = f"{shown}() takes '{name}' by its position, not by name"
            report.error(keyword, told, f"leave out '{name}=': it stands before the / in the definition")
        elif name in given:
            report.error(keyword, f"{shown}() gets '{name}' twice", "leave one of them out")
        else:
            given[name] = keyword.value
            return False
        return True

    def construct(self, class_: Class, node: ast.Call) -> Operand:
        """Make an instance of a class that is known, and have its `__init__` called without a detour."""
        build = self.build
        init = class_.method("__init__")
        starred = any(isinstance(one, ast.Starred) for one in node.args)
        if init is None or starred or init.has_closure or class_.is_exception:
            return self.call_value(node.func, node, init)
        words = class_.first_word + len(class_.attributes)
        made = build.keep(self.routine("new_instance", words, class_.number))
        self.call_function(init, node, [ast.copy_location(Kept(made), node)])
        return build.take(made)

    def _kept(self, node: "Kept") -> Operand:
        return self.build.read(node.slot)

    # Calls of what is only known at run time.

    def call_value(self, func: ast.expr, node: ast.Call, known: Function | None = None) -> Operand:
        """Call whatever an expression gives."""
        build = self.build
        args = self.by_position(node, known)
        if args is None:
            slot = build.keep(self.value(func))
            rest = self._tuple(ast.Tuple(node.args, ast.Load()))
            return self.routine("invoke_with", build.take(slot), rest)
        slots = self.held([func, *args[: DIRECT - 1]])
        last = self.last_argument(args)
        self.at(node)
        values: list[Operand] = [build.take(one) for one in slots]
        passed = [*values[1:], *NONE_MORE][: DIRECT - 1]
        return self.routine("invoke", values[0], len(args), *passed, last)

    def last_argument(self, args: Sequence[ast.expr]) -> Operand:
        """Compute the fourth argument, or the tuple of it and all behind it."""
        if len(args) < DIRECT:
            return 0
        if len(args) == DIRECT:
            return self.value(args[DIRECT - 1])
        return self._tuple(ast.Tuple(list(args[DIRECT - 1 :]), ast.Load()))

    def by_position(self, node: ast.Call, known: Function | None = None) -> list[ast.expr] | None:
        """List the arguments by position; None where a star stands among them."""
        if any(isinstance(one, ast.Starred) for one in node.args):
            return None
        if not node.keywords:
            return list(node.args)
        candidates = [known] if known is not None else self._called_so(node.func)
        found = [self._with_keywords(one, node) for one in candidates]
        first = next((one for one in found if one is not None), None)
        if first is None or any(one is not None and one != first for one in found):
            self.program.report.error(
                node.keywords[0], "which parameter this names is only known at run time", "pass it by its position"
            )
            return list(node.args)
        return first

    def own_arguments(self, func: ast.Attribute, node: ast.Call, slots: list[str]) -> list[ast.expr] | None:
        """List by position what a method of the program gets that is called like a built-in one; None where unknown."""
        kept: list[ast.expr] = [ast.copy_location(Kept(one), node) for one in slots]
        args, rest = kept[: len(node.args)], kept[len(node.args) :]
        if not node.keywords:
            return args
        named = [ast.keyword(one.arg, value) for one, value in zip(node.keywords, rest, strict=True)]
        call = ast.copy_location(ast.Call(func, args, named), node)
        found = [placed for one in self._called_so(func) if (placed := self._with_keywords(one, call)) is not None]
        return found[0] if found and all(one == found[0] for one in found) else None

    def _called_so(self, func: ast.expr) -> list[Function]:
        """List the functions of the program that a call may mean, by their name."""
        match func:
            case ast.Attribute(attr=name) | ast.Name(id=name):
                found = [one for one in self.program.functions.values() if one.shown.rpartition(".")[2] == name]
                classes = [one.method("__init__") for one in self.program.classes.values() if one.name == name]
                return found + [one for one in classes if one is not None]
        return []

    @staticmethod
    def _with_keywords(function: Function, node: ast.Call) -> list[ast.expr] | None:
        names = function.positional[1:] if function.owner is not None else function.positional
        given = dict(zip(names, node.args, strict=False))
        for keyword in node.keywords:
            if keyword.arg not in names or keyword.arg in given or keyword.arg in function.unnamed:
                return None
            given[keyword.arg] = keyword.value
        args: list[ast.expr] = []
        for name in names[: max(names.index(one) for one in given) + 1]:
            default = given.get(name, function.defaults.get(name))
            if default is None or (name not in given and name not in _constants(function)):
                return None
            args.append(default)
        return args


class Kept(ast.expr):
    """A value that lies in a slot already."""

    _fields = ()

    def __init__(self, slot: str) -> None:
        super().__init__()
        self.slot = slot


def _constants(function: Function) -> set[str]:
    return {name for name, one in function.defaults.items() if isinstance(one, ast.Constant)}
