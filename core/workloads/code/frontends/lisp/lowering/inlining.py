"""What needs no call: sums and comparisons of small integers, tests of one word, and how variables are reached."""

from collections.abc import Sequence

from core.workloads.code.frontends.lisp.data import Datum
from core.workloads.code.frontends.lisp.lowering.program import Program
from core.workloads.code.frontends.lisp.nodes import Constant, Global, Lambda, Node, Read, Routine, Variable, Word
from core.workloads.code.frontends.lisp.primitives import NIL
from core.workloads.code.frontends.words import values
from core.workloads.code.frontends.words.frames import PREFIX, Thunk
from core.workloads.code.frontends.words.lowering import ROOTS
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Operand, Position
from core.workloads.code.ir.types import WORD

COMPARED = {"numbers_equal?": "eq", "less?": "lt", "greater?": "gt", "at_most?": "le", "at_least?": "ge"}
_WORD_TESTS = {"is_null?": NIL, "is_eof?": values.END, "is_false?": values.FALSE}
_SUMS = {"add_values": "add", "sub_values": "sub"}
_CHEAP = frozenset({"is_same?", *_WORD_TESTS})


class Inlining:
    """The part of a procedure's lowering that writes the cards itself."""

    def __init__(self, program: Program, procedure: Lambda, main: Lambda, build: ValueBuilder) -> None:
        self.program, self.procedure, self.main, self.build = program, procedure, main, build
        self.slots: dict[Variable, str] = {}
        self.loops: dict[Lambda, str] = {}
        self.closure = build.slot("closure", 1) if procedure.free else ""

    def value(self, node: Node) -> Operand:
        """Compute a value."""
        raise NotImplementedError

    def place(self, node: Node) -> Position | None:
        """Give the place of a node; what the library has written has none."""
        return node.at if node.at.line else None

    def part(self, node: Node) -> tuple[Thunk, bool]:
        """Give what computes a value, and whether that may collect garbage."""
        return (lambda: self.value(node)), not isinstance(node, Word | Constant | Read)

    # Variables.

    def slot_of(self, variable: Variable) -> str:
        """Give the word of the frame where a variable, or its cell, lies."""
        if variable not in self.slots:
            self.slots[variable] = self.build.slot(variable.name or "unnamed", 1)
        return self.slots[variable]

    def raw_variable(self, variable: Variable) -> Operand:
        """Read a variable, or the cell that it lies in."""
        if variable in self.procedure.free:
            return self.build.word(self.build.read(self.closure), 2 + self.procedure.free.index(variable))
        return self.build.read(self.slot_of(variable))

    def variable(self, variable: Variable) -> Operand:
        """Read a variable."""
        found = self.raw_variable(variable)
        return self.build.word(found, 1) if variable.in_cell else found

    def set_variable(self, variable: Variable, value: Operand) -> None:
        """Give a variable another value."""
        if variable.in_cell:
            self.build.poke(self.build.address(self.raw_variable(variable)), value, 1)
        else:
            self.build.write(self.slot_of(variable), value)

    def make_cells(self, variables: Sequence[Variable]) -> None:
        """Put what variables hold into cells, where several procedures share them."""
        for one in variables:
            if one.in_cell:
                slot = self.slot_of(one)
                self.build.write(slot, self.build.routine("cell", self.build.read(slot)))

    def global_root(self, variable: Global) -> int:
        """Give the root of a variable at the top."""
        if variable.root < 0:
            variable.root = self.program.root(values.UNBOUND)
        return variable.root

    def root_word(self, root: int) -> Operand:
        """Give the word where a root lies."""
        return self.build.compute("global", WORD, symbol=ROOTS, offset=root)

    # Constants.

    def text(self, text: str) -> Operand:
        """Give a string."""
        if values.fits_inline(text):
            return values.inline_string(text)
        if text not in self.program.texts:
            name = f"text.{len(self.program.texts)}"
            words = values.packed_string(text)
            self.program.module.place(name, len(words), dict(enumerate(words)))
            self.program.texts[text] = name
        address = self.build.compute("global", WORD, symbol=self.program.texts[text])
        return self.build.compute("add", WORD, address, values.REFERENCE)

    def quoted(self, datum: Datum) -> Operand:
        """Give a datum that is an object."""
        return self.build.compute("peek", WORD, self.root_word(self.program.quote(datum)))

    def list_of(self, nodes: Sequence[Node]) -> Operand:
        """Make a list."""
        if not nodes:
            return NIL
        *before, last = [self.build.keep(self.value(one)) for one in nodes]
        found: Operand = self.build.routine("cons", self.build.take(last), NIL)
        for one in reversed(before):
            found = self.build.routine("cons", self.build.take(one), found)
        return found

    # Routines.

    def settled(self, nodes: Sequence[Node]) -> list[Operand]:
        """Compute several values."""
        return self.build.settle([self.part(one) for one in nodes])

    def routine_value(self, node: Routine) -> Operand:
        """Call a routine, or do what it does."""
        build = self.build
        if node.name.endswith("?"):
            return self._truth(node)
        if node.name in _SUMS:
            slot = build.keep(0)
            self.sum_to(slot, node)
            return build.take(slot)
        args = self.settled(node.args)
        build.here = self.place(node) or build.here
        return build.routine(node.name, *args)

    def value_to(self, slot: str, node: Node) -> None:
        """Compute a value into a word of the frame."""
        if isinstance(node, Routine) and node.name in _SUMS:
            self.sum_to(slot, node)
        else:
            self.build.write(slot, self.value(node))

    def sum_to(self, slot: str, node: Routine) -> None:
        """Add or subtract; integers below half of the limit are done at once."""
        build = self.build
        a, b = self.settled(node.args)
        build.here = self.place(node) or build.here
        slow, end = build.label("slow"), build.label("end")
        for one in (a, b):
            if not isinstance(one, int):
                further = build.label("integer")
                build.branch("lt", one, values.LIMIT // 2, further, slow)
                build.block(further)
            elif abs(one) >= values.LIMIT // 2:
                build.jump(slow)
                build.block(build.label("integer"))
        build.write(slot, build.compute(_SUMS[node.name], WORD, a, b))
        build.jump(end)
        build.block(slow)
        build.write(slot, build.routine(node.name, a, b))
        build.block(end)

    def _truth(self, node: Routine) -> Operand:
        build = self.build
        if node.name in COMPARED or node.name in _CHEAP:
            result = build.variable(WORD, "truth")
            then, otherwise, end = build.label("true"), build.label("false"), build.label("end")
            self.test(node, then, otherwise)
            build.block(then)
            build.assign(result, values.TRUE)
            build.jump(end)
            build.block(otherwise)
            build.assign(result, values.FALSE)
            build.block(end)
            return result
        args = self.settled(node.args)
        build.here = self.place(node) or build.here
        return build.truth_value(build.routine(node.name.rstrip("?"), *args))

    def test(self, node: Routine, then: str, otherwise: str) -> None:
        """Go on in one of two blocks as a routine that gives a truth says."""
        build = self.build
        args = self.settled(node.args)
        build.here = self.place(node) or build.here
        if node.name in _WORD_TESTS:
            build.branch("eq", args[0], _WORD_TESTS[node.name], then, otherwise)
        elif node.name == "is_same?":
            build.branch("eq", args[0], args[1], then, otherwise)
        elif node.name in COMPARED:
            slow = build.label("slow")
            self._compare(COMPARED[node.name], args[0], args[1], then, otherwise, slow)
            build.block(slow)
            found = build.routine(node.name.rstrip("?"), *args)
            build.branch("ne", found, 0, then, otherwise)
        else:
            found = build.routine(node.name.rstrip("?"), *args)
            build.branch("ne", found, 0, then, otherwise)

    def _compare(self, how: str, a: Operand, b: Operand, then: str, otherwise: str, slow: str) -> None:
        """Compare integers that are words by themselves; what is not above a constant is certainly one."""
        build = self.build
        if not isinstance(b, int) or b >= values.LIMIT:
            self.build.when_integer(a, b, otherwise=slow)
            build.branch(how, a, b, then, otherwise)
            return
        further = build.label("above")
        if how in ("lt", "le", "eq"):
            build.branch(how, a, b, then, further)
            build.block(further)
            build.branch("lt", a, values.LIMIT, otherwise, slow)
        else:
            build.branch(how, a, b, further, otherwise)
            build.block(further)
            build.branch("lt", a, values.LIMIT, then, slow)


assert ROOTS.startswith(PREFIX)
