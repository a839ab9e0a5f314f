"""The code of one procedure: values, conditions, calls, loops and closures."""

from collections.abc import Callable

from core.workloads.code.frontends.lisp.lowering.calls import Calls
from core.workloads.code.frontends.lisp.lowering.inlining import COMPARED
from core.workloads.code.frontends.lisp.lowering.program import word_of
from core.workloads.code.frontends.lisp.nodes import (
    Assign,
    Call,
    Constant,
    If,
    Lambda,
    Let,
    Letrec,
    Node,
    Or,
    Read,
    Routine,
    Steps,
    Variable,
    Word,
)
from core.workloads.code.frontends.words.values import FALSE, NONE, UNBOUND
from core.workloads.code.ir.instructions import Operand


class Lowering(Calls):
    """The lowering of one procedure; a call that it ends with is a jump."""

    def run(self) -> None:
        """Write the code."""
        build, procedure = self.build, self.procedure
        place = 0
        if procedure.free:
            build.write(self.closure, build.param(0))
            place = 1
        for number, one in enumerate(procedure.all_params):
            build.write(self.slot_of(one), build.param(place + number))
        build.block("begin")
        self.make_cells(procedure.all_params)
        self.last(procedure.body)

    # What a procedure gives.

    def last(self, node: Node) -> None:
        """Compute what the procedure gives, and return it."""
        build = self.build
        build.here = self.place(node) or build.here
        match node:
            case If():
                self._branched(node, self.last)
            case Or(first=first, second=second):
                slot = build.keep(self.value(first))
                holds, fails = build.label("holds"), build.label("fails")
                build.branch("ne", build.read(slot), FALSE, holds, fails)
                build.block(holds)
                build.give_back(build.take(slot))
                build.block(fails)
                self.last(second)
            case Steps(parts=parts):
                for one in parts[:-1]:
                    self.effect(one)
                self.last(parts[-1])
            case Let():
                self._bind(node)
                self.last(node.body)
            case Letrec():
                self._bind_recursive(node)
                self._with_loops(node, self.last)
            case Call():
                self.last_call(node)
            case Routine(name="apply_list") if self.procedure is not self.main:
                self.last_apply(node)
            case _:
                build.give_back(self.value(node))

    def _branched(self, node: If, goes_on: Callable[[Node], None]) -> None:
        build = self.build
        then, otherwise = build.label("then"), build.label("else")
        self.condition(node.test, then, otherwise)
        build.block(then)
        goes_on(node.then)
        build.block(otherwise)
        goes_on(node.otherwise)

    def effect(self, node: Node) -> None:
        """Compute what only has an effect."""
        build = self.build
        if not build.is_open:
            return
        match node:
            case Constant() | Word() | Lambda():
                pass
            case If():
                end = build.label("end")

                def ending(one: Node) -> None:
                    self.effect(one)
                    build.jump(end)

                self._branched(node, ending)
                build.block(end)
            case Steps(parts=parts):
                for one in parts:
                    self.effect(one)
            case Let():
                self._bind(node)
                self.effect(node.body)
            case _:
                self.value(node)

    # Values.

    def value(self, node: Node) -> Operand:  # noqa: C901, PLR0911 - a case for each node
        """Compute a value."""
        self.build.here = self.place(node) or self.build.here
        match node:
            case Word(word=word):
                return word
            case Constant(datum=datum):
                known = word_of(datum)
                return known if known is not None else self.quoted(datum)
            case Read():
                return self.read_value(node)
            case Assign():
                self.assign(node)
                return NONE
            case Lambda():
                return self.closure_of(node)
            case Routine():
                return self.routine_value(node)
            case Call():
                return self.call_value(node)
            case Steps(parts=parts):
                for one in parts[:-1]:
                    self.effect(one)
                return self.value(parts[-1])
            case Let():
                self._bind(node)
                return self.value(node.body)
        return self.joined(node)

    def joined(self, node: Node) -> Operand:
        """Compute a value on one of several ways, which meet again."""
        build = self.build
        slot, end = build.slot("value", 1), build.label("end")

        def ending(one: Node) -> None:
            match one:
                case If():
                    self._branched(one, ending)
                case Steps(parts=parts):
                    for before in parts[:-1]:
                        self.effect(before)
                    ending(parts[-1])
                case Let():
                    self._bind(one)
                    ending(one.body)
                case Letrec():
                    self._bind_recursive(one)
                    self._with_loops(one, ending)
                case Or(first=first, second=second):
                    build.write(slot, self.value(first))
                    further = build.label("further")
                    build.branch("ne", build.read(slot), FALSE, end, further)
                    build.block(further)
                    ending(second)
                case Call(procedure=Read(variable=Variable(value=Lambda(is_loop=True)))):
                    self.jump(one)
                case _:
                    self.value_to(slot, one)
                    build.jump(end)

        ending(node)
        build.block(end)
        return build.read(slot)

    def condition(self, node: Node, then: str, otherwise: str) -> None:
        """Go on in one of two blocks."""
        build = self.build
        build.here = self.place(node) or build.here
        match node:
            case If(test=test, then=inner, otherwise=Word(word=word)) if word == FALSE:
                further = build.label("further")
                self.condition(test, further, otherwise)
                build.block(further)
                self.condition(inner, then, otherwise)
            case Or(first=first, second=second):
                further = build.label("further")
                self.condition(first, then, further)
                build.block(further)
                self.condition(second, then, otherwise)
            case Word(word=word):
                build.jump(otherwise if word == FALSE else then)
            case Routine(name="is_false?", args=(inner,)):
                self.condition(inner, otherwise, then)
            case Routine(name=name) if name in COMPARED or name.endswith("?"):
                self.test(node, then, otherwise)
            case _:
                build.branch("ne", self.value(node), FALSE, then, otherwise)

    # Binding.

    def _bind(self, node: Let) -> None:
        build = self.build
        kept: list[tuple[Variable, str]] = []
        for place, (variable, value) in enumerate(zip(node.variables, node.values, strict=True)):
            if place + 1 < len(node.variables):
                kept.append((variable, build.keep(self.value(value))))
            else:
                self.value_to(self.slot_of(variable), value)
        for variable, slot in kept:
            build.write(self.slot_of(variable), build.take(slot))
        self.make_cells(node.variables)

    def _bind_recursive(self, node: Letrec) -> None:
        build = self.build
        pairs = list(zip(node.variables, node.values, strict=True))
        fixed = [(one, value) for one, value in pairs if isinstance(value, Lambda) and not one.is_assigned]
        known = [variable for variable, _ in fixed]
        others = [(one, value) for one, value in pairs if one not in known]
        for variable, _ in others:
            build.write(self.slot_of(variable), UNBOUND)
        self.make_cells([variable for variable, _ in others])
        for variable, value in fixed:
            variable.is_open = False
            if not value.is_loop:
                build.write(self.slot_of(variable), self.new_closure(value))
        for variable, value in fixed:
            if not value.is_loop and value.free:
                self.fill_closure(value, build.read(self.slot_of(variable)))
        for variable, node_ in others:
            self.set_variable(variable, self.value(node_))

    def _with_loops(self, node: Letrec, goes_on: Callable[[Node], None]) -> None:
        """Write the body, and behind it the loops that it leads to."""
        build = self.build
        loops = [value for value in node.values if isinstance(value, Lambda) and value.is_loop]
        for one in loops:
            self.loops[one] = build.label("loop")
        goes_on(node.body)
        waiting = loops
        while waiting:
            ready = [one for one in waiting if self.loops[one] in build.targeted]
            if not ready:
                return
            for one in ready:
                build.block(self.loops[one])
                self.make_cells(one.params)
                goes_on(one.body)
            waiting = [one for one in waiting if one not in ready]
