"""Variables: where each one lies, and reading and writing it there."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from core.workloads.code.frontends.python.lowering.program import Class, Function, Program
from core.workloads.code.frontends.python.scopes import owner
from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.frontends.words.values import (
    CLASS,
    FUNCTION,
    REFERENCE,
    UNBOUND,
    fits_inline,
    inline_string,
    packed_string,
)
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand, Position, Register
from core.workloads.code.ir.module import Block
from core.workloads.code.ir.types import WORD

ROOTS = PREFIX + "roots"
FIRST_CELL = 2
"""Word of a closure where the first variable of an outer function lies."""


class Variables:
    """The part of a function's lowering that knows its variables."""

    def __init__(self, program: Program, function: Function, build: ValueBuilder) -> None:
        self.program, self.function, self.build = program, function, build
        self.scope = function.scope
        self.slots: dict[str, str] = {}
        self.assured: set[str] = set()
        """Variables that surely have a value where the lowering stands."""
        self.doubted: set[str] = set()
        """Variables that were read where they may have none."""
        self.closure = ""
        self.line = 0
        self.where = FunctionBuilder.slot(build, "where", 2)

    # Positions.

    def at(self, node: ast.AST) -> None:
        """Note where in the source the next instructions come from."""
        line = getattr(node, "lineno", 0)
        if line:
            self.build.here = Position(line, node.col_offset + 1)  # type: ignore[attr-defined]  # it has a line

    def note_line(self, node: ast.AST) -> None:
        """Leave word in which line the program is, for a traceback."""
        self.at(node)
        line = getattr(node, "lineno", 0)
        if line and line != self.line:
            self.program.lines.add(line)
            self.build.poke(self.build.compute("slot", WORD, symbol=self.where), line, 1)
            self.line = line

    def block(self, label: str) -> None:
        """Begin a block, where the line is not known."""
        self.build.block(label)
        self.line = 0

    def enter_frame(self) -> None:
        """Put this function's record in front of those of its callers."""
        build = self.build
        place = build.compute("slot", WORD, symbol=self.where)
        frame = build.compute("global", WORD, symbol=PREFIX + "FRAME")
        number = self.function.number << 11
        build.poke(place, build.compute("add", WORD, build.compute("peek", WORD, frame), number))
        build.poke(frame, place)

    def leave_frame(self) -> None:
        """Take the record away."""
        build = self.build
        record = build.compute("peek", WORD, build.compute("slot", WORD, symbol=self.where))
        above = build.compute("and", WORD, record, 2047) if self.function.number else record
        build.poke(build.compute("global", WORD, symbol=PREFIX + "FRAME"), above)

    def return_to_frame(self) -> None:
        """Take away the records of functions that an exception has left."""
        frame = self.build.compute("global", WORD, symbol=PREFIX + "FRAME")
        self.build.poke(frame, self.build.compute("slot", WORD, symbol=self.where))

    # What is surely assigned.

    @contextmanager
    def branch(self) -> Iterator[None]:
        """Forget afterwards what was assigned within."""
        before = set(self.assured)
        yield
        self.assured = before

    def is_own(self, name: str) -> bool:
        """Whether a name is a variable of this function."""
        if self.scope.is_module:
            return "." in name and name not in self.scope.declared_global
        return name in self.scope.bound and name not in self.scope.declared_global | self.scope.declared_nonlocal

    def is_global(self, name: str) -> bool:
        """Whether a name is a variable of the module."""
        if self.is_own(name) or self.is_free(name):
            return False
        return name in self.program.main.bound

    def is_free(self, name: str) -> bool:
        """Whether a name is a variable of a function around this one."""
        return name in self.scope.free

    def is_shared(self, name: str) -> bool:
        """Whether an own variable lies in a cell, since inner functions use it as well."""
        return name in self.scope.shared

    def fixed(self, name: str) -> Function | Class | None:
        """Give the one function or class of the module that a name stands for, if there is only one."""
        if self.is_own(name) or self.is_free(name):
            return None
        return self.program.fixed.get(name)

    # Reading and writing.

    def slot_of(self, name: str) -> str:
        """Give the slot of an own variable."""
        if name not in self.slots:
            self.slots[name] = self.build.variable_slot(name)
        return self.slots[name]

    def load(self, name: str, node: ast.AST) -> Operand:
        """Read a variable, and raise where it has no value."""
        build = self.build
        if self.is_own(name):
            found = build.read(self.slot_of(name))
            if self.is_shared(name):
                found = build.word(found, 1)
            self._check(name, found, node, "unbound_local", sure=name in self.assured)
            return found
        if self.is_free(name):
            found = build.word(self.cell(name), 1)
            above = owner(self.scope, name)
            sure = above is not None and name in above.params and name not in above.deleted
            self._check(name, found, node, "unbound_local", sure=sure)
            return found
        found = build.compute("peek", WORD, self.global_word(name))
        self._check(name, found, node, "unbound_global", sure=self.scope.is_module and name in self.assured)
        return found

    def _check(self, name: str, found: Register, node: ast.AST, routine: str, *, sure: bool) -> None:
        if sure:
            return
        build = self.build
        self.doubted.add(name)
        missing, there = build.label("missing"), build.label("there")
        build.branch("ne", found, UNBOUND, there, missing)
        build.block(missing)
        self.at(node)
        build.routine(routine, self.text(name.partition(".")[0]))
        build.block(there)

    def store(self, name: str, value: Operand) -> None:
        """Give a variable a value."""
        build = self.build
        if self.is_own(name):
            if self.is_shared(name):
                build.poke(build.address(build.read(self.slot_of(name))), value, 1)
            else:
                build.write(self.slot_of(name), value)
        elif self.is_free(name):
            build.poke(build.address(self.cell(name)), value, 1)
        else:
            build.poke(self.global_word(name), value)
        self.assured.add(name)

    def delete(self, name: str, node: ast.AST) -> None:
        """Take a variable's value away."""
        self.load(name, node)
        self.store(name, UNBOUND)
        self.assured.discard(name)

    def cell(self, name: str) -> Operand:
        """Give the cell of a variable that functions share."""
        if self.is_own(name):
            return self.build.read(self.slot_of(name))
        closure = self.build.read(self.closure)
        return self.build.word(closure, FIRST_CELL + self.scope.free.index(name))

    def global_word(self, name: str) -> Operand:
        """Give the word of a variable of the module."""
        if name not in self.program.globals:
            self.program.globals[name] = self.program.root(UNBOUND)
        return self.root_word(self.program.globals[name])

    def root_word(self, number: int) -> Operand:
        """Give the address of a word that the collector looks at."""
        return self.build.compute("global", WORD, symbol=ROOTS, offset=number)

    def prepare_variables(self) -> None:
        """Make cells for own variables that inner functions use, parameters keeping their values."""
        for name in sorted(self.scope.shared):
            value: Operand = UNBOUND
            if name in self.scope.params:
                value = self.build.read(self.slot_of(name))
            self.build.write(self.slot_of(name), self.build.routine("cell", value))

    def clear_doubted(self, block: Block) -> None:
        """Let variables have no value at first where they are read before one is sure."""
        kept, block.instructions = block.instructions, []
        with self.build.writing(block):
            for name in sorted(self.doubted):
                if self.is_own(name) and not self.is_shared(name) and name not in self.scope.params:
                    self.build.write(self.slot_of(name), UNBOUND)
        block.instructions += kept

    # Constants.

    def text(self, text: str) -> Operand:
        """Give the word of a string that is known beforehand."""
        if fits_inline(text):
            return inline_string(text)
        name = self.program.texts.get(text)
        if name is None:
            words = packed_string(text)
            name = self.program.texts[text] = f"text.{len(self.program.texts)}"
            self.program.module.place(name, len(words), dict(enumerate(words)))
        return self.build.compute("add", WORD, self.build.compute("global", WORD, symbol=name), REFERENCE)

    def function_word(self, name: str) -> Operand:
        """Give the word of a function that needs nothing but its code."""
        return self.build.compute("add", WORD, self.build.compute("function", WORD, symbol=name), FUNCTION)

    @staticmethod
    def class_word(number: int) -> int:
        """Give the word of a class."""
        return CLASS + number
