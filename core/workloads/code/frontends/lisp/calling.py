"""Calls as the expander makes them: what is certainly wrong is refused, and routines take what they take."""

from core.workloads.code.frontends.lisp import advising
from core.workloads.code.frontends.lisp.data import List, shown
from core.workloads.code.frontends.lisp.diagnosing import Report, Unreadable
from core.workloads.code.frontends.lisp.nodes import Call, Constant, Global, Lambda, Node, Read, Routine, Variable, Word
from core.workloads.code.frontends.lisp.primitives import Primitive
from core.workloads.code.frontends.lisp.scopes import Meaning
from core.workloads.code.ir.instructions import Position


class Calls:
    """The part of the expander that makes calls."""

    report: Report
    main: Lambda
    lambdas: list[Lambda]

    def of_library(self, text: str) -> Meaning | None:
        """Find what the library calls so."""
        raise NotImplementedError

    def call(self, form: List, procedure: Node, args: list[Node]) -> Node:
        """Make a call; what can be no procedure, and a number of arguments that cannot be right, are refused."""
        if isinstance(procedure, Constant):
            hint = advising.of_call(form)
            raise self.report.wrong(
                form.items[0], f"{shown(form.items[0])} is no procedure, and cannot be called", hint
            )
        return Call(form.at, procedure, args)

    def primitive(self, meant: Primitive, form: List, args: list[Node]) -> Node:
        """Call a routine."""
        count = len(args)
        if count < meant.least or (meant.most >= 0 and count > meant.most):
            raise self.wrong_count(form, meant.name, meant.least, meant.most, count)
        at = form.at
        if meant.form == "plain":
            words = [Word(at, one) for one in meant.defaults[count - meant.least :]]
            return _routine(meant, at, [*args, *words])
        if meant.form == "chain" and count == 2:  # noqa: PLR2004 - as the routine has it
            return _routine(meant, at, args)
        if meant.form == "chain" or count > 6:  # noqa: PLR2004 - longer sums are better added up by a loop
            return Call(at, Read(at, self.needed(meant.all), True), args)
        return self._fold(meant, at, args)

    def _fold(self, meant: Primitive, at: Position, args: list[Node]) -> Node:
        if not args:
            assert meant.unit is not None
            return Word(at, meant.unit)
        if len(args) == 1:
            alone = {"sub_values": "negative", "divide_values": "inverse", "string_append": "as_text"}
            return Routine(at, alone.get(meant.routine, "as_number"), args)
        found = args[0]
        for one in args[1:]:
            found = Routine(at, meant.routine, [found, one])
        return found

    def needed(self, name: str) -> Global:
        """Give a procedure of the library."""
        found = self.of_library(name)
        assert isinstance(found, Global), name
        return found

    def library_call(self, name: str, at: Position, args: list[Node]) -> Node:
        """Call a procedure of the library."""
        return Call(at, Read(at, self.needed(name), True), args)

    def value_of(self, meant: Primitive, at: Position) -> Node:
        """Make a procedure of a routine that is used as a value."""
        if meant.all:
            return Read(at, self.needed(meant.all), True)
        procedure = Lambda(at, [], None, meant.name, outer=self.main)
        params = [Variable(f"x{number}", at, is_used=True, procedure=procedure) for number in range(meant.least)]
        procedure.params = params
        words = [Word(at, one) for one in meant.defaults]
        procedure.body = _routine(meant, at, [*(Read(at, one, True) for one in params), *words])
        self.lambdas.append(procedure)
        return procedure

    def wrong_count(self, form: List, name: str, least: int, most: int, count: int) -> Unreadable:
        """Report a call with too few or too many arguments."""
        takes = f"at least {least}" if most < 0 else f"{least} to {most}" if least < most else str(least)
        noun = "argument" if takes in ("1", "at least 1") else "arguments"
        hint = advising.of_count(name, count, least)
        return self.report.wrong(form, f"{name} takes {takes} {noun}, and gets {count}", hint)


def _routine(meant: Primitive, at: Position, args: list[Node]) -> Node:
    return Routine(at, meant.routine + ("?" if meant.gives_truth else ""), args)
