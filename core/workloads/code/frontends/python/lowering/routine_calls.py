"""Calls of routines of the library: which argument goes where."""

import ast
from collections.abc import Callable, Sequence

from core.workloads.code.frontends.python import library
from core.workloads.code.frontends.python.library import Parameter, Routine
from core.workloads.code.frontends.python.lowering.calls import Calls
from core.workloads.code.ir.instructions import Operand

MANY = 9
"""Where this many arguments are allowed, any number is."""
CONVERSIONS = {"t": "as_text", "i": "as_count", "n": "text_or_none"}


class RoutineCalls(Calls):
    """The part of a function's lowering that calls what the tables of `library.py` have."""

    def call_routine(self, routine: Routine, args: Sequence[ast.expr], node: ast.Call, name: str) -> Operand:
        """Call a routine with the arguments of a call."""
        given = self.matched_routine(routine, args, node, name)
        if given is None:
            return 0
        values = self.build.settle([self.sorted_part(one, param) for one, param in given])
        self.at(node)
        return self.finish_routine(routine, self.routine(routine.name, *values, *routine.further))

    def finish_routine(self, routine: Routine, found: Operand) -> Operand:
        """Make a truth a bool."""
        return self.build.truth_value(found) if routine.gives_truth else found

    def matched_routine(
        self, routine: Routine, args: Sequence[ast.expr], node: ast.Call, name: str
    ) -> list[tuple[ast.expr | None, Parameter]] | None:
        """Say which argument each parameter of a routine gets, None for its default."""
        report = self.program.report
        params = routine.params
        if any(isinstance(one, ast.Starred) for one in args):
            star = next(one for one in args if isinstance(one, ast.Starred))
            report.error(star, f"a star in a call of {name}() is not supported", "pass the arguments one by one")
            return None
        if len(args) > len(params) or (name == "sort" and args):
            most = 0 if name == "sort" else len(params)
            message = f"{name}() takes {most or 'no'} argument{'s' * (most != 1)}, but {given_so_many(len(args))}"
            report.error(args[most], message, "leave out what is too much" if most else "leave the brackets empty")
            return None
        if self._refused_by_name(node, name, params):
            return None
        given = dict(zip((one.name for one in params), args, strict=False))
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg not in [one.name for one in params] or keyword.arg in given:
                report.error(keyword, f"{name}() has no parameter '{keyword.arg}' left", "leave it out")
                return None
            given[keyword.arg] = keyword.value
        missing = [one.name for one in params if one.default is None and one.name not in given]
        if missing:
            least = routine.least
            message = f"{name}() needs {least} argument{'s' * (least != 1)}, but {given_so_many(len(given))}"
            report.error(node, message, f"write {name}({', '.join(one.name for one in params if one.default is None)})")
            return None
        return [(given.get(one.name), one) for one in params]

    def _refused_by_name(self, node: ast.Call, name: str, params: Sequence[Parameter]) -> bool:
        """Report an argument that is given by name where the function takes it by its position only."""
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg in library.NAMED.get(name, ()):
                continue
            if not params or not library.NAMED.get(name):
                told = f"{name}() takes its argument{'s' * (len(params) != 1)} by position, not by name"
                self.program.report.error(keyword, told, f"leave out '{keyword.arg}='" if params else "leave it out")
                return True
        return False

    def sorted_part(self, node: ast.expr | None, param: Parameter) -> tuple[Callable[[], Operand], bool]:
        """Prepare an argument of a routine."""
        if node is None:
            default = param.default
            assert default is not None
            return (lambda: default), False
        convert = CONVERSIONS.get(param.sort)
        if convert is None or (param.sort != "v" and isinstance(node, ast.Constant) and _is_sort(node, param.sort)):
            return self.part(node)
        return (lambda: self.routine(convert, self.value(node))), True

    def refuse_keywords(self, node: ast.Call, name: str) -> None:
        """Report arguments by name where there can be none."""
        for one in node.keywords:
            self.program.report.error(one, f"{name}() has no parameter '{one.arg}'")

    def _keywords(self, node: ast.Call, name: str, allowed: dict[str, ast.expr]) -> dict[str, ast.expr] | None:
        """Give the keyword arguments, with defaults for those left out."""
        found = dict(allowed)
        for one in node.keywords:
            if one.arg not in allowed:
                hint = f"it has {', '.join(allowed)}" if allowed else ""
                self.program.report.error(one, f"{name}() has no parameter '{one.arg}'", hint)
                return None
            found[one.arg] = one.value
        return found

    def _has(self, node: ast.Call, name: str, least: int, most: int) -> bool:
        """Whether a call of a built-in function has as many arguments as it should."""
        count = len(node.args)
        if least <= count <= most:
            return True
        several = f"at least {least}" if most >= MANY else f"{least} to {most}"
        wanted = str(least) if least == most else several
        noun = "argument" if most == 1 or (most >= MANY and least == 1) else "arguments"
        self.program.report.error(node, f"{name}() takes {wanted} {noun}, but {given_so_many(count)}")
        return False


def given_so_many(count: int) -> str:
    """Say how many arguments are given, in a sentence."""
    return f"{count or 'none'} {'is' if count <= 1 else 'are'} given"


def _is_sort(node: ast.Constant, sort: str) -> bool:
    if sort == "i":
        return isinstance(node.value, int)
    return isinstance(node.value, str) or (sort == "n" and node.value is None)
