"""Functions that run from their beginning to their end, and the bodies of classes."""

import ast

from core.workloads.code.frontends.python.lowering.method_calls import MethodCalls
from core.workloads.code.frontends.python.lowering.program import Class
from core.workloads.code.frontends.python.lowering.wrapping import wrapping
from core.workloads.code.frontends.words.values import END, NONE
from core.workloads.code.ir.instructions import Operand


class Lowering(MethodCalls):
    """The lowering of one function that runs from its beginning to its end."""

    def run(self) -> None:
        """Write the function."""
        build, function = self.build, self.function
        first = 1 if function.has_closure else 0
        if first:
            self.closure = build.slot("closure", 1)
            build.write(self.closure, build.param(0))
        for number, name in enumerate(function.params):
            build.write(self.slot_of(name), build.param(first + number))
            self.assured.add(name)
        self.enter_frame()
        self.prepare_variables()
        build.block("begin")
        self.body(function.node.body)
        if build.is_open:
            self.give_back(NONE)
        self.clear_doubted(build.function.blocks["begin"])

    def suspend(self, value: Operand, node: ast.AST) -> Operand:
        """Refuse to wait where nobody could go on."""
        self.program.report.error(node, "'yield' outside of a function")
        return value

    def wrapper(self, node: ast.expr) -> Operand:
        """Make a function that calls what has no value itself."""
        return self.closure_of(wrapping(self.program, node))

    def bound_built_in(self, node: ast.Attribute) -> Operand:
        """Give a method of a built-in type as a value: a function that keeps the object."""
        wrapped = wrapping(self.program, node, with_object=True)
        slot = self.build.keep(self.value(node.value))
        function = self.build.keep(self.closure_of(wrapped))
        return self.routine("bound", self.build.take(slot), self.build.take(function))

    def define_class(self, class_: Class) -> None:
        """Do what the body of a class says, with its attributes as variables."""
        for one in class_.node.body:
            match one:
                case ast.FunctionDef():
                    self._define_method(class_, one)
                case ast.Assign(targets=targets, value=value):
                    slot = self.build.keep(self.in_class(class_, value))
                    for target in targets:
                        assert isinstance(target, ast.Name)
                        self.build.poke(self.root_word(class_.roots[target.id]), self.build.read(slot))
                    self.build.drop(slot)
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    self.build.poke(self.root_word(class_.roots[name]), self.in_class(class_, value))
        if self.program.fixed.get(class_.name) is not class_:
            self.store(class_.name, self.class_word(class_.number))

    def in_class(self, class_: Class, value: ast.expr) -> Operand:
        """Compute an expression in the body of a class, where its attributes are seen."""
        seen = _ClassNames(class_).visit(value)
        self.note_line(value)
        return self.value(seen)

    def _define_method(self, class_: Class, node: ast.FunctionDef) -> None:
        function = class_.methods[node.name]
        for name, root in function.default_roots.items():
            self.build.poke(self.root_word(root), self.value(function.defaults[name]))
        kind = class_.kinds.get(node.name)
        if kind is None and node.name not in class_.roots:
            return
        marks: dict[str, Operand] = {"static": NONE, "property": END}
        value = self.closure_of(function)
        if kind == "class":
            value = self.routine("bound", self.class_word(class_.number), value)
        elif kind is not None:
            value = self.routine("bound", marks[kind], value)
        self.build.poke(self.root_word(class_.roots[node.name]), value)


class _ClassNames(ast.NodeTransformer):
    """Reads attributes of the class where its body names them."""

    def __init__(self, class_: Class) -> None:
        self.class_ = class_

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.class_.roots or not isinstance(node.ctx, ast.Load):
            return node
        of = ast.copy_location(ast.Name(self.class_.name, ast.Load()), node)
        return ast.copy_location(ast.Attribute(of, node.id, ast.Load()), node)
