"""Semantic analysis of whole sources: declarations, functions, statements."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.workloads.code.frontends.c import ctypes, declaring, nodes, suspicions, tree, written
from core.workloads.code.frontends.c.converting import assigned, cast
from core.workloads.code.frontends.c.ctypes import BAD, VOID, FunctionType
from core.workloads.code.frontends.c.declaring import DeclarationChecker
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.initializers import Element
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.instructions import Position


@dataclass(slots=True)
class Analyzed:
    """A source with types: its functions, the variables that stay in the store, and what variables begin as."""

    functions: list[tree.FunctionDefinition]
    stored: list[Symbol]
    initial: dict[Symbol, list[Element]]
    symbols: list[Symbol]


def analyze(unit: tree.Unit, headers: list[str], report: Reporter, *, is_library: bool = False) -> Analyzed:
    """Analyze a source whose headers are given; the library's own sources need no main, and may do more."""
    analyzer = Analyzer(headers, report, is_library=is_library)
    declaring.declare_library(analyzer)
    for part in unit.parts:
        if isinstance(part, tree.FunctionDefinition):
            analyzer.function_definition(part)
        else:
            declaring.declare(analyzer, part)
    declaring.finish(analyzer)
    functions = [one for one in unit.parts if isinstance(one, tree.FunctionDefinition) and one.symbol is not None]
    return Analyzed(functions, analyzer.stored, analyzer.initial, analyzer.all_symbols)


@dataclass(slots=True)
class _Inside:
    """What surrounds the present statement."""

    loops: int = 0
    switches: list[tree.Switch] = field(default_factory=list)
    labels: dict[str, Position] = field(default_factory=dict)
    gotos: list[tree.Jump] = field(default_factory=list)


class Analyzer(DeclarationChecker):
    """Analyzes declarations and statements."""

    def __init__(self, headers: list[str], report: Reporter, *, is_library: bool) -> None:
        super().__init__(headers, report, is_library=is_library)
        self.inside = _Inside()

    def function_definition(self, node: tree.FunctionDefinition) -> None:
        """Analyze a function and its body."""
        symbol = declaring.define_function(self, node)
        if symbol is None:
            return
        node.symbol = self.function = symbol
        self.inside = _Inside()
        self.scopes.push()
        node.params = declaring.declare_params(self, node)
        self._items(node.body.items)
        declaring.close_scope(self)
        for jump in self.inside.gotos:
            if jump.label not in self.inside.labels:
                hint = f"write {jump.label}: before the statement to go to"
                self.error(jump.at, f"there is no label '{jump.label}' in this function", hint, len(jump.label))
        self.function = None

    def _items(self, items: list[tree.Statement | written.Declaration]) -> None:
        for item in items:
            self._item(item)
        suspicions.of_sequence(items, self.report)

    def _item(self, node: tree.Statement | written.Declaration) -> None:
        if isinstance(node, written.Declaration):
            declaring.declare(self, node)
        else:
            self.statement(node)

    def statement(self, node: tree.Statement) -> None:
        """Analyze a statement."""
        self._STATEMENTS[type(node)](self, node)

    def _block(self, node: tree.Block) -> None:
        self.scopes.push()
        self._items(node.items)
        declaring.close_scope(self)

    def _evaluate(self, node: tree.Evaluate) -> None:
        if node.value is None:
            return
        node.value = self.check(node.value)
        value = node.value
        if isinstance(value, tree.Binary) and value.op in ("==", "<", ">", "+", "-", "*"):
            hint = "write = to assign" if value.op == "==" else "assign it to something"
            self.report.warn("semantic", value.at, "the result of this is not used", hint, len(value.op))

    def _if(self, node: tree.If) -> None:
        node.test = self.test(node.test)
        if isinstance(node.then, tree.Evaluate) and node.then.value is None:
            self.report.warn("semantic", node.then.at, "this semicolon is all that the if governs", "take it out")
        self.statement(node.then)
        if node.otherwise is not None:
            self.statement(node.otherwise)

    def _loop(self, node: tree.Loop) -> None:
        self.scopes.push()
        if isinstance(node.start, written.Declaration):
            declaring.declare(self, node.start)
        elif node.start is not None:
            node.start = self.check(node.start)
        if node.test is not None:
            node.test = self.test(node.test)
        if node.step is not None:
            node.step = self.check(node.step)
        self.inside.loops += 1
        self.statement(node.body)
        self.inside.loops -= 1
        declaring.close_scope(self)

    def _switch(self, node: tree.Switch) -> None:
        node.value = self.value(node.value)
        if node.value.type is not BAD and not ctypes.is_integer(node.value.type):
            message = f"switch chooses by an integer, and this is of type {node.value.type.name}"
            self.error(node.value.at, message, "use if and else")
        node.value = cast(node.value, ctypes.promoted(node.value.type))
        self.inside.switches.append(node)
        self.statement(node.body)
        self.inside.switches.pop()

    def _case(self, node: tree.Case) -> None:
        if not self.inside.switches:
            word = "default" if node.value is None else "case"
            self.error(node.at, f"'{word}' stands outside of a switch", "put it inside the braces of one", len(word))
        else:
            self._one_case(node, self.inside.switches[-1])
        self.statement(node.body)

    def _one_case(self, node: tree.Case, switch: tree.Switch) -> None:
        if node.value is not None:
            node.constant = self.integer_constant(node.value)
            if node.constant is None:
                return
            if isinstance(switch.value.type, ctypes.IntegerType):
                node.constant = switch.value.type.ir.wrap(node.constant)
        if any(one.constant == node.constant for one in switch.cases):
            what = "default" if node.value is None else f"case {node.constant}"
            self.error(
                node.at, f"there are two of '{what}' in this switch", "join them", 7 if node.value is None else 4
            )
            return
        switch.cases.append(node)

    def _jump(self, node: tree.Jump) -> None:
        if node.kind == "goto":
            self.inside.gotos.append(node)
        elif not self.inside.loops and not (node.kind == "break" and self.inside.switches):
            where = "a loop or a switch" if node.kind == "break" else "a loop"
            self.error(node.at, f"'{node.kind}' stands outside of {where}", "take it out", len(node.kind))

    def _return(self, node: tree.Return) -> None:
        assert self.function is not None
        assert isinstance(self.function.type, FunctionType)
        returns, name = self.function.type.returns, self.function.name
        if node.value is None:
            if returns not in (VOID, BAD) and name != "main":
                self.error(node.at, f"{name} must return a value of type {returns.name}", "write it after return", 6)
            return
        node.value = self.value(node.value)
        if returns is VOID:
            if node.value.type is not VOID:
                self.error(node.at, f"{name} returns void, and here a value", "leave the value out, or change void", 6)
            return
        suspicions.of_returned(node.value, self.report)
        node.value = assigned(node.value, returns, self.report, what="returning")

    def _label(self, node: tree.Label) -> None:
        if node.name in self.inside.labels:
            self.error(node.at, f"there are two labels '{node.name}' in this function", "rename one", len(node.name))
        self.inside.labels[node.name] = node.at
        self.statement(node.body)

    _STATEMENTS: ClassVar[dict[type[nodes.Node], Callable[["Analyzer", Any], None]]] = {
        tree.Block: _block,
        tree.Evaluate: _evaluate,
        tree.If: _if,
        tree.Loop: _loop,
        tree.Switch: _switch,
        tree.Case: _case,
        tree.Jump: _jump,
        tree.Return: _return,
        tree.Label: _label,
    }
