"""Generators: code that stops and goes on, and the object that keeps what it knows meanwhile."""

import ast

from core.workloads.code.frontends.python.lowering.builder import FIRST_FIELD, GeneratorBuilder
from core.workloads.code.frontends.python.lowering.functions import Lowering
from core.workloads.code.frontends.python.lowering.program import Function, Program
from core.workloads.code.frontends.words.frames import FrameBuilder
from core.workloads.code.frontends.words.values import END, REFERENCE
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Operand, Position
from core.workloads.code.ir.types import WORD, Type

_CODE, _STATE, _ITSELF = 1, 2, 3
_RUNNING, _DONE = -2, -1
_GENERATOR_KIND = 14


class GeneratorLowering(Lowering):
    """The lowering of a generator: code that goes on where it stopped."""

    build: GeneratorBuilder

    def run(self) -> None:
        """Write the code; the generator's word of state says where to go on."""
        build = self.build
        FrameBuilder.write(build, build.own, build.param(0))
        self.sent = FunctionBuilder.slot(build, "sent", 1)
        FrameBuilder.write(build, self.sent, build.param(1))
        self.enter_frame()
        state = build.compute("peek", WORD, build.itself(), offset=_STATE)
        build.poke(build.itself(), _RUNNING, _STATE)
        self.resumes: dict[int, str] = {0: "begin"}
        first = build.function.entry
        build.jump("begin")
        self._prepare()
        self._guarded_body()
        self.clear_doubted(build.function.blocks["started"])
        targets = (*self.resumes.values(), "begin")
        at = build.function.at
        first.instructions[-1] = Instruction("switch", args=(state,), targets=targets, cases=tuple(self.resumes), at=at)

    def _prepare(self) -> None:
        for name in self.function.params:
            self.slot_of(name)
            self.assured.add(name)
        if self.function.has_closure:
            self.build.fields["closure"] = _ITSELF
            self.closure = "closure"
        self.build.block("begin")
        self.prepare_variables()
        self.build.block("started")

    def _guarded_body(self) -> None:
        """Run the body so that a generator which raises is done."""
        build = self.build
        inside, self.failed = build.label("inside"), build.label("failed")
        self.guarded = build.guard(inside, self.failed)
        build.block(inside)
        self.body(self.function.node.body)
        if build.is_open:
            build.unguard(self.guarded)
            self.finish()
        build.block(self.failed)
        build.unguard(self.guarded)
        self.return_to_frame()
        build.poke(build.itself(), _DONE, _STATE)
        self.leave_frame()
        self.routine("throw", self._raised())
        build.give_back(0)

    def finish(self) -> None:
        """Be exhausted from now on."""
        self.build.poke(self.build.itself(), _DONE, _STATE)
        self.leave_frame()
        self.build.give_back(END)

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.value(node.value)
        self._leave_guards(0)
        if self.build.is_open:
            self.build.unguard(self.guarded)
            self.finish()

    def suspend(self, value: Operand, node: ast.AST) -> Operand:
        """Hand out a value, and go on behind it the next time."""
        build = self.build
        if self.guards:
            self.program.report.error(
                node, "'yield' within 'try' is not supported", "compute the value within 'try', and yield it behind"
            )
        number = len(self.resumes)
        label = build.label("resumed")
        self.resumes[number] = label
        build.unguard(self.guarded)
        build.poke(build.itself(), number, _STATE)
        self.leave_frame()
        build.give_back(value)
        self.block(label)
        inside = build.label("inside")
        again = FrameBuilder.guard_again(build, self.guarded, inside, self.failed)
        assert again == self.guarded
        build.block(inside)
        self.note_line(node)
        return FrameBuilder.read(build, self.sent)


def lower_generator(program: Program, function: Function, params: list[tuple[str, Type]], at: Position) -> None:
    """Write the code of a generator, and the function that makes one."""
    code = f"{function.name}/code"
    build = GeneratorBuilder(program.module, code, [("generator", WORD), ("sent", WORD)], WORD, at)
    GeneratorLowering(program, function, build).run()
    maker = ValueBuilder(program.module, function.name, params, WORD, at)
    kept = [maker.keep(maker.param(number)) for number in range(len(params))]
    made = maker.routine("alloc", _GENERATOR_KIND, build.words, 0)
    maker.poke(made, maker.compute("function", WORD, symbol=code), _CODE)
    first = FIRST_FIELD
    if function.has_closure:
        maker.poke(made, maker.take(kept.pop(0)), _ITSELF)
    for number, slot in enumerate(kept):
        maker.poke(made, maker.take(slot), first + number)
    maker.give_back(maker.compute("add", WORD, made, REFERENCE))
