"""Statements one after another."""

import ast

from core.workloads.code.frontends.python.lowering.exceptions import Exceptions
from core.workloads.code.frontends.python.lowering.expressions import method_name
from core.workloads.code.frontends.python.lowering.program import Class


class Statements(Exceptions):
    """The part of a function's lowering that does what statements say."""

    def body(self, statements: list[ast.stmt]) -> None:
        """Do one statement after another; what cannot be reached is left out."""
        for one in statements:
            if not self.build.is_open:
                return
            self.statement(one)

    def statement(self, node: ast.stmt) -> None:
        """Do one statement."""
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Global | ast.Nonlocal | ast.Pass):
            self.note_line(node)
        getattr(self, method_name(type(node).__name__))(node)

    def _expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    def _pass(self, _: ast.Pass) -> None:
        pass

    _global = _nonlocal = _import = _import_from = _pass

    def _if(self, node: ast.If) -> None:
        build = self.build
        then, end = build.label("then"), build.label("end")
        otherwise = build.label("else") if node.orelse else end
        self.condition(node.test, then, otherwise)
        before = set(self.assured)
        self.block(then)
        self.body(node.body)
        after = self.assured if build.is_open else None
        self.assured = before
        if node.orelse:
            if build.is_open:
                build.jump(end)
            self.block(otherwise)
            self.assured = set(before)
            self.body(node.orelse)
            if not build.is_open and after is not None:
                self.assured = after
            elif build.is_open and after is not None:
                self.assured &= after
        self._continue_in(end)

    def _function_def(self, node: ast.FunctionDef) -> None:
        function = self.program.functions[node]
        for name, root in function.default_roots.items():
            self.build.poke(self.root_word(root), self.value(function.defaults[name]))
        if self.program.fixed.get(node.name) is function and self.scope.is_module:
            return
        self.store(node.name, self.closure_of(function))

    def _class_def(self, node: ast.ClassDef) -> None:
        self.define_class(self.program.classes[node.name])

    def define_class(self, class_: Class) -> None:
        """Do what the body of a class says; `Classes` has it."""
        raise NotImplementedError
