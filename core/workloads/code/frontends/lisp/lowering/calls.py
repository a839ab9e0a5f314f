"""Calls and variables in the code of a procedure, and the values that procedures are."""

from collections.abc import Sequence

from core.workloads.code.frontends.lisp.lowering.inlining import Inlining
from core.workloads.code.frontends.lisp.nodes import (
    Assign,
    Call,
    Global,
    Lambda,
    Node,
    Read,
    Routine,
    Variable,
)
from core.workloads.code.frontends.lisp.nodes import known as known_procedure
from core.workloads.code.frontends.lisp.surveying import in_order, reads
from core.workloads.code.frontends.words.values import FUNCTION, REFERENCE, UNBOUND
from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.types import WORD

MOST_PASSED = 4
"""Arguments passed through a value one by one; of more, the fourth word is a list of the fourth and all further."""


class Calls(Inlining):
    """The part of a procedure's lowering that reads variables, calls, and makes procedures of values."""

    def joined(self, node: Node) -> Operand:
        """Compute a value on one of several ways."""
        raise NotImplementedError

    def read_value(self, node: Read) -> Operand:
        """Read a variable."""
        variable = node.variable
        if isinstance(variable, Global):
            return self._read_global(node, variable)
        if variable.value is not None and not variable.is_assigned:
            return self.variable(variable)
        found = self.variable(variable)
        if variable.is_open:
            self._check_value(found, variable.name)
        return found

    def _read_global(self, node: Read, variable: Global) -> Operand:
        if variable.procedure is not None:
            return self.code_value(variable.procedure)
        found = self.build.compute("peek", WORD, self.root_word(self.global_root(variable)))
        if not node.is_sure:
            self._check_value(found, variable.name)
        return found

    def _check_value(self, found: Operand, name: str) -> None:
        build = self.build
        slot = build.keep(found)
        unbound, bound = build.label("unbound"), build.label("bound")
        build.branch("eq", found, UNBOUND, unbound, bound)
        build.block(unbound)
        build.routine("no_value", self.text(name))
        build.jump(bound)
        build.block(bound)
        build.drop(slot)

    def assign(self, node: Assign) -> None:
        """Give a variable a value."""
        build, variable = self.build, node.variable
        if isinstance(variable, Global):
            if variable.procedure is not None and node.defines:
                return
            root = self.global_root(variable)
            if not node.defines:
                self._check_value(build.compute("peek", WORD, self.root_word(root)), variable.name)
            value = self.value(node.value)
            build.poke(self.root_word(root), value)
            return
        self.set_variable(variable, self.value(node.value))

    # Calls.

    def jump(self, node: Call) -> None:
        """Go on in a loop with other values of its variables."""
        assert isinstance(node.procedure, Read)
        assert isinstance(node.procedure.variable, Variable)
        loop = node.procedure.variable.value
        assert loop is not None
        self._set_params(loop.params, node.args)
        self.build.jump(self.loops[loop])

    def _set_params(self, params: Sequence[Variable], args: Sequence[Node]) -> None:
        build = self.build
        changed = [
            (param, arg)
            for param, arg in zip(params, args, strict=True)
            if not (isinstance(arg, Read) and arg.variable is param and not param.in_cell)
        ]
        changed = in_order(changed)
        waiting: list[tuple[Variable, str]] = []
        for place, (param, arg) in enumerate(changed):
            if any(reads(other, param) for _, other in changed[place + 1 :]):
                slot = build.keep(0)
                waiting.append((param, slot))
                self.value_to(slot, arg)
            else:
                self.value_to(self.slot_of(param), arg)
        for param, slot in waiting:
            build.write(self.slot_of(param), build.take(slot))

    def _known_args(self, node: Call, known: Lambda) -> list[Operand]:
        """Compute the arguments as the code of a known procedure takes them."""
        count = len(known.params)
        thunks = [self.part(one) for one in node.args[:count]]
        if known.free:
            thunks.insert(0, self.part(node.procedure))
        if known.rest is not None:
            further = node.args[count:]
            thunks.append((lambda: self.list_of(further), True))
        args = self.build.settle(thunks)
        return [*args, *[0] * (known.width - len(args))]

    def call_value(self, node: Call) -> Operand:
        """Call, and go on with what comes back."""
        build, known = self.build, known_procedure(node)
        if known is not None and known.is_loop:
            return self.joined(node)
        if known is not None:
            args = self._known_args(node, known)
            build.here = self.place(node) or build.here
            found = build.call(self.program.code_name(known), args, WORD)
        else:
            given = self._value_args(node)
            build.here = self.place(node) or build.here
            found = build.routine("invoke", *given)
        assert found is not None
        return found

    def _value_args(self, node: Call) -> list[Operand]:
        args = list(node.args)
        thunks = [self.part(node.procedure), *map(self.part, args[: MOST_PASSED - 1])]
        if len(args) == MOST_PASSED:
            thunks.append(self.part(args[-1]))
        elif len(args) > MOST_PASSED:
            thunks.append((lambda: self.list_of(args[MOST_PASSED - 1 :]), True))
        function, *given = self.build.settle(thunks)
        return [function, len(args), *[*given, 0, 0, 0, 0][:MOST_PASSED]]

    def last_call(self, node: Call) -> None:
        """End with a call."""
        build, known = self.build, known_procedure(node)
        if known is not None and known.is_loop:
            self.jump(node)
        elif known is self.procedure and known.rest is None and self.procedure is not self.main:
            self._set_params(known.params, node.args)
            build.jump("begin")
        elif self.procedure is self.main:
            build.give_back(self.call_value(node))
        elif known is not None:
            args = self._known_args(node, known)
            build.here = self.place(node) or build.here
            build.emit(Instruction("tail", WORD, None, tuple(args), self.program.code_name(known)))
        else:
            given = self._value_args(node)
            build.here = self.place(node) or build.here
            kept = [build.keep(one) for one in given]
            pointer = build.routine("code_of", build.read(kept[0]))
            args = [build.take(one) for one in kept]
            build.emit(Instruction("tailp", WORD, None, (pointer, *args)))

    def last_apply(self, node: Routine) -> None:
        """End with a call of what is given a list of arguments."""
        build = self.build
        function, items = (build.keep(one) for one in self.settled(node.args))
        build.here = self.place(node) or build.here
        count = build.keep(build.routine("list_length", build.read(items)))
        given = [build.keep(build.routine("passed", build.read(items), place)) for place in range(MOST_PASSED)]
        pointer = build.routine("code_of", build.read(function))
        args = [build.take(one) for one in (function, count, *given)]
        build.drop(items)
        build.emit(Instruction("tailp", WORD, None, (pointer, *args)))

    # Closures.

    def closure_of(self, procedure: Lambda) -> Operand:
        """Make the value of a procedure."""
        made = self.new_closure(procedure)
        if procedure.free:
            slot = self.build.keep(made)
            self.fill_closure(procedure, self.build.read(slot))
            return self.build.take(slot)
        return made

    def code_value(self, procedure: Lambda) -> Operand:
        """Give the value of a procedure that uses no variables of others."""
        pointer = self.build.compute("function", WORD, symbol=self.program.value_name(procedure))
        return self.build.compute("add", WORD, pointer, FUNCTION)

    def new_closure(self, procedure: Lambda) -> Operand:
        """Make the value of a procedure, without the variables that it uses."""
        if not procedure.free:
            return self.code_value(procedure)
        pointer = self.build.compute("function", WORD, symbol=self.program.value_name(procedure))
        return self.build.routine("new_closure", pointer, len(procedure.free))

    def fill_closure(self, procedure: Lambda, closure: Operand) -> None:
        """Put the variables that a procedure uses into its value."""
        address = self.build.compute("sub", WORD, closure, REFERENCE)
        for place, one in enumerate(procedure.free):
            self.build.poke(address, self.raw_variable(one), 2 + place)
