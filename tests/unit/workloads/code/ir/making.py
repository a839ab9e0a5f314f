"""Modules made by chance, and what running one comes to: the oracle for whatever rewrites or translates modules."""

from dataclasses import dataclass, field
from random import Random

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand, Position, Register
from core.workloads.code.ir.interpreter import Interpreter, Stop
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.operations import COMPARISONS
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.types import F64, I8, I16, I32, I64, S32, U8, U32, U64, WORD, Type, float_image
from core.workloads.code.ir.verifier import verify

INTEGERS = (I8, I16, I32, I64, U8, U32, U64, S32, WORD)
_OPERATIONS = ("add", "sub", "mul", "div", "rem", "floordiv", "floormod", "and", "or", "xor", "shl", "shr")
_FLOAT_OPERATIONS = ("fadd", "fsub", "fmul", "fdiv")
_WORDS = 4
Outcome = tuple[bytes, int | None, str, Position | None]


def outcome(module: Module, stdin: bytes = b"") -> Outcome:
    """Run a sound module: what it printed, its exit code, its trap and where in the source that was."""
    assert verify(module) == []
    streams = Streams(stdin)
    stop: Stop = Interpreter(module, streams, 200_000).run()
    return streams.output, stop.exit_code, stop.trap, stop.at


def random_module(seed: int) -> Module:
    """Make a module that ends, or traps: functions that call each other, loops, memory, every type of integer."""
    random = Random(seed)
    module = Module()
    module.place("words", _WORDS, {0: 7, 2: -3})
    names: list[str] = []
    for name, size in (("leaf", 2), ("branchy", 6), ("caller", 8), ("main", 14)):
        maker = _Maker(random, FunctionBuilder(module, name, [] if name == "main" else [("n", I32)], I32), names)
        maker.fill(size, quiet=name == "leaf")
        names.append(name)
    return module


@dataclass(slots=True)
class _Maker:
    """Fills one function, statement after statement; every variable is given a value before it is read."""

    random: Random
    build: FunctionBuilder
    callees: list[str]
    variables: list[Register] = field(default_factory=list)
    line: int = 0
    depth: int = 0
    room: str = ""
    """The slot of the frame, where there is one."""

    def fill(self, size: int, *, quiet: bool) -> None:
        """Write so many statements; a quiet function uses no frame and prints nothing, and so is a leaf."""
        self.variables += self.build.function.params
        self.variables += [self.build.variable(I32, "", self.random.randint(-9, 9)) for _ in range(2)]
        self.room = self.build.slot("room", _WORDS) if not quiet and self.random.random() < 0.5 else ""
        self._statements(size)
        for variable in [] if quiet else self.variables[-3:]:
            self.build.service("put_number", [variable])
            self.build.service("put_byte", [32])
        self.build.give_back(self.build.compute("cast", I32, self._of(WORD)))

    def _statements(self, count: int) -> None:
        choices = [self._computation, self._assignment, self._conversion, self._floats, self._memory]
        for _ in range(count):
            self.line += 1
            self.build.here = Position(self.line, 1 + self.depth)
            more = [self._condition, self._loop, self._choice] if self.depth < 2 else []
            self.random.choice([*choices, *choices, *more, *([self._call] if self.callees else [])])()

    def _of(self, type_: Type) -> Operand:
        """Give a variable or a constant that a type holds."""
        fitting = [one for one in self.variables if type_.holds(one.type.low) and type_.holds(one.type.high)]
        if fitting and self.random.random() < 0.75:
            return self.random.choice(fitting)
        ends = (type_.low, type_.high) if self.random.random() < 0.1 else (0, 1, 2, 8, 3, 100)
        return self.random.choice([one for one in ends if type_.holds(one)])

    def _computation(self) -> None:
        type_, op = self.random.choice(INTEGERS), self.random.choice(_OPERATIONS)
        right = self._of(type_)
        if op in ("div", "rem", "floordiv", "floormod") and self.random.random() < 0.95:
            right = self.random.choice((1, 2, 3, 7))
        elif op in ("shl", "shr"):
            right = self.random.choice((0, 1, 3))
        self.variables.append(self.build.compute(op, type_, self._of(type_), right))

    def _assignment(self) -> None:
        variable = self.random.choice([one for one in self.variables if not one.type.is_float])
        self.build.assign(variable, self._of(variable.type))

    def _conversion(self) -> None:
        type_ = self.random.choice(INTEGERS)
        op = "check" if self.random.random() < 0.1 else "cast"
        self.variables.append(self.build.compute(op, type_, self._of(WORD)))
        self.variables.append(self.build.compute(self.random.choice(list(COMPARISONS)), I32, self._of(WORD), 5))

    def _floats(self) -> None:
        left = self.build.compute("itf", F64, self._of(I32))
        right = float_image(self.random.choice((0.5, 3.0, -7.25)))
        result = self.build.compute(self.random.choice(_FLOAT_OPERATIONS), F64, left, right)
        self.variables.append(self.build.compute("fle", I32, result, right))
        self.variables.append(self.build.compute("fdigits", WORD, result, 2))

    def _memory(self) -> None:
        build, place = self.build, self.random.randrange(_WORDS)
        kind, name = ("slot", self.room) if self.room and self.random.random() < 0.5 else ("global", "words")
        if self.random.random() < 0.5:
            address = build.compute("add", WORD, build.compute(kind, WORD, symbol=name), place)
            build.poke(address, self._of(WORD))
            self.variables.append(build.compute("peek", WORD, address))
        else:
            type_ = self.random.choice((I8, U8, I16, I32, U32, I64))
            address = build.compute("add", WORD, build.compute(f"{kind}_bytes", WORD, symbol=name), place * 8)
            build.poke(build.compute(kind, WORD, symbol=name), 0, place)
            build.store(type_, address, self._of(type_))
            self.variables.append(build.compute("load", type_, address))

    def _condition(self) -> None:
        yes, no, end = (self.build.label(one) for one in ("yes", "no", "end"))
        self.build.branch(self.random.choice(list(COMPARISONS)), self._of(I32), self._of(I32), yes, no)
        self.build.block(yes)
        self._inner(end)
        self.build.block(no)
        self._inner(end)
        self.build.block(end)

    def _loop(self) -> None:
        count = self.build.variable(I32, "", self.random.randint(1, 4))
        body, end = self.build.label("body"), self.build.label("out")
        self.build.block(body)
        self._inner("")
        self.build.assign(count, self.build.compute("sub", I32, count, 1))
        self.build.branch("gt", count, 0, body, end)
        self.build.block(end)

    def _choice(self) -> None:
        labels = [self.build.label("case") for _ in range(self.random.randint(1, 7))]
        end = self.build.label("chosen")
        self.build.switch(self._of(I32), {2 * case: label for case, label in enumerate(labels)}, end)
        for label in labels:
            self.build.block(label)
            self._inner(end)
        self.build.block(end)

    def _inner(self, end: str) -> None:
        """Write statements within others; what they make is not known outside."""
        known = len(self.variables)
        self.depth += 1
        self._statements(self.random.randint(0, 2))
        self.depth -= 1
        del self.variables[known:]
        if end:
            self.build.jump(end)

    def _call(self) -> None:
        name = self.random.choice(self.callees)
        if self.random.random() < 0.2:
            pointer = self.build.compute("function", WORD, symbol=name)
            result = self.build.call_pointer(pointer, [self._of(I32)], I32)
        else:
            result = self.build.call(name, [self._of(I32)], I32)
        assert result is not None
        self.variables.append(result)
