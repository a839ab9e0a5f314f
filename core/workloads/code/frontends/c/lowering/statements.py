"""Statements and functions as blocks of instructions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from core.workloads.code.frontends.c import ctypes, nodes, tree, written
from core.workloads.code.frontends.c.ctypes import VOID, FunctionType, RecordType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.initializers import Element
from core.workloads.code.frontends.c.lowering import copying, looking_over, places
from core.workloads.code.frontends.c.lowering.calls import words
from core.workloads.code.frontends.c.lowering.places import InMemory
from core.workloads.code.frontends.c.lowering.strings import Strings
from core.workloads.code.frontends.c.lowering.values import ValueLowerer
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import WORD, Type


def lower_function(
    module: Module,
    node: tree.FunctionDefinition,
    initial: dict[Symbol, list[Element]],
    strings: Strings,
    report: Reporter,
) -> None:
    """Write one function, and report what its instructions show."""
    assert node.symbol is not None
    type_ = node.symbol.type
    assert isinstance(type_, FunctionType)
    params = [("result", WORD)] if isinstance(type_.returns, RecordType) else []
    params += [(one.name, _param_type(one)) for one in node.params]
    if type_.variadic:
        params.append(("arguments", WORD))
    returns = None if type_.returns is VOID or isinstance(type_.returns, RecordType) else type_.returns.ir
    build = FunctionBuilder(module, node.symbol.unique, params, returns, node.at)
    lowerer = StatementLowerer(build, strings, initial)
    implicit = lowerer.body(node, type_)
    looking_over.warn_of_no_result(build.function, node.symbol.name, implicit, node.body.end, report)
    looking_over.warn_of_no_value(build.function, lowerer.registers, report)


def _param_type(symbol: Symbol) -> Type:
    return WORD if isinstance(symbol.type, RecordType) else symbol.type.ir


@dataclass(frozen=True, slots=True)
class _Around:
    """Where `break` and `continue` lead."""

    leave: str
    again: str


class StatementLowerer(ValueLowerer):
    """Writes the statements of one function."""

    def __init__(self, build: FunctionBuilder, strings: Strings, initial: dict[Symbol, list[Element]]) -> None:
        super().__init__(build, strings)
        self.initial = initial
        self.around: list[_Around] = []
        self.labels: dict[str, str] = {}
        self.cases: dict[tree.Case, str] = {}
        self.result: Register | None = None

    def body(self, node: tree.FunctionDefinition, type_: FunctionType) -> Instruction | None:
        """Write the whole function; gives the return that stands for a missing one."""
        build = self.build
        params = iter(build.function.params)
        if isinstance(type_.returns, RecordType):
            self.result = next(params)
        for symbol in node.params:
            self._param(symbol, next(params))
        if type_.variadic:
            self.variadic = next(params)
        self.statement(node.body)
        build.here = node.body.end
        if type_.returns is VOID or self.result is not None:
            build.give_back()
        elif node.declarator.name == "main":
            build.give_back(0)
        elif build.is_open:
            # The result is not wanted by a program that C gives a meaning.
            implicit = Instruction("return", args=(0,))
            build.emit(implicit)
            return implicit
        return None

    def _param(self, symbol: Symbol, register: Register) -> None:
        self.registers[symbol] = register
        if isinstance(symbol.type, RecordType):
            self.copies.add(symbol)
        elif symbol.addressed:
            del self.registers[symbol]
            self.slots[symbol] = self.build.slot(symbol.name, 1)
            places.write(self.build, self.symbol_place(symbol), symbol.type, register)

    def statement(self, node: tree.Statement | written.Declaration) -> None:
        """Write one statement."""
        self._STATEMENTS[type(node)](self, node)

    def _block(self, node: tree.Block) -> None:
        for item in node.items:
            self.statement(item)

    def _evaluate(self, node: tree.Evaluate) -> None:
        if node.value is not None:
            self.build.here = node.at
            self.discard(node.value)

    # Declarations.

    def _declaration(self, node: written.Declaration) -> None:
        if node.specifiers.storage == "typedef":
            return
        for one in node.declared:
            if one.symbol is not None and one.symbol.storage == "local":
                self.build.here = one.declarator.at
                self.begin_local(one.symbol)

    def begin_local(self, symbol: Symbol) -> None:
        """Write what a variable begins as, each time its declaration is passed."""
        if symbol.in_store:
            return
        elements = self.initial.get(symbol)
        if ctypes.is_scalar(symbol.type) and not symbol.addressed:
            if symbol not in self.registers:
                self.registers[symbol] = self.build.function.register(symbol.type.ir, symbol.name)
            if elements:
                assert not isinstance(elements[0].value, bytes)
                self.build.assign(self.registers[symbol], self.value(elements[0].value))
            return
        if symbol not in self.slots:
            self.slots[symbol] = self.build.slot(symbol.name, words(symbol.type.size))
        if elements is not None:
            self._fill(symbol, elements)

    def _fill(self, symbol: Symbol, elements: list[Element]) -> None:
        if not _covers(symbol, elements):
            copying.clear(self, self.slots[symbol], words(symbol.type.size))
        for element in elements:
            value = element.value
            if isinstance(value, bytes):
                copying.fill(self, self._inside(symbol, element.offset), value)
            elif isinstance(element.type, RecordType):
                source = self.value(value)
                copying.copy(self, self._inside(symbol, element.offset), InMemory(source), element.type)
            else:
                computed = self.value(value)
                places.write(self.build, self._inside(symbol, element.offset), element.type, computed)

    def _inside(self, symbol: Symbol, offset: int) -> InMemory:
        place = self.symbol_place(symbol)
        assert isinstance(place, InMemory)
        return InMemory(place.address, offset)

    # Control.

    def _if(self, node: tree.If) -> None:
        build = self.build
        then, end = build.label("then"), build.label("end")
        otherwise = build.label("else") if node.otherwise is not None else end
        build.here = node.at
        self.branch(node.test, then, otherwise)
        build.block(then)
        self.statement(node.then)
        build.jump(end)
        if node.otherwise is not None:
            build.block(otherwise)
            self.statement(node.otherwise)
        build.block(end)

    def _loop(self, node: tree.Loop) -> None:
        """Write a loop. The test stands behind the body, so that each turn takes one jump."""
        build = self.build
        body, again, test, end = (build.label(stem) for stem in ("body", "step", "test", "end"))
        build.here = node.at
        if isinstance(node.start, written.Declaration):
            self._declaration(node.start)
        elif node.start is not None:
            self.discard(node.start)
        if node.kind != "do":
            build.jump(test)
        build.block(body)
        self.around.append(_Around(end, again if node.step is not None else test))
        self.statement(node.body)
        self.around.pop()
        if node.step is not None:
            build.block(again)
            build.here = node.step.at
            self.discard(node.step)
        build.block(test)
        if node.test is None:
            build.jump(body)
        else:
            build.here = node.at
            self.branch(node.test, body, end)
        build.block(end)

    def _switch(self, node: tree.Switch) -> None:
        build = self.build
        end = build.label("end")
        value = self.value(node.value)
        cases: dict[int, str] = {}
        otherwise = end
        for case in node.cases:
            label = self.cases[case] = build.label("case")
            if case.constant is None:
                otherwise = label
            else:
                cases[case.constant] = label
        build.here = node.at
        build.switch(value, cases, otherwise)
        self.around.append(_Around(end, self.around[-1].again if self.around else end))
        self.statement(node.body)
        self.around.pop()
        build.block(end)

    def _case(self, node: tree.Case) -> None:
        self.build.block(self.cases[node])
        self.statement(node.body)

    def _jump(self, node: tree.Jump) -> None:
        self.build.here = node.at
        if node.kind == "goto":
            self.build.jump(self._label_of(node.label))
        else:
            self.build.jump(self.around[-1].leave if node.kind == "break" else self.around[-1].again)

    def _label_of(self, name: str) -> str:
        if name not in self.labels:
            self.labels[name] = self.build.label(name)
        return self.labels[name]

    def _label(self, node: tree.Label) -> None:
        self.build.block(self._label_of(node.name))
        self.statement(node.body)

    def _return(self, node: tree.Return) -> None:
        build = self.build
        build.here = node.at
        if node.value is None:
            build.give_back(None if build.function.returns is None else 0)
            return
        value = self.value(node.value)
        build.here = node.at
        if self.result is not None:
            assert isinstance(node.value.type, RecordType)
            copying.copy(self, InMemory(self.result), InMemory(value), node.value.type)
            build.give_back()
        else:
            build.give_back(value if build.function.returns is not None else None)

    _STATEMENTS: ClassVar[dict[type[nodes.Node], Callable[["StatementLowerer", Any], None]]] = {
        tree.Block: _block,
        tree.Evaluate: _evaluate,
        written.Declaration: _declaration,
        tree.If: _if,
        tree.Loop: _loop,
        tree.Switch: _switch,
        tree.Case: _case,
        tree.Jump: _jump,
        tree.Return: _return,
        tree.Label: _label,
    }


def _covers(symbol: Symbol, elements: list[Element]) -> bool:
    """Whether an initializer says what each byte of a variable begins as."""
    return sum(one.type.size for one in elements) >= symbol.type.size
