"""What is refused before anything is lowered: features that are not supported, each with what to use instead."""

import ast
import builtins
import difflib

from core.workloads.code.frontends.python import library
from core.workloads.code.frontends.python.advising import of_name
from core.workloads.code.frontends.python.classes import BUILT_IN, EXCEPTIONS
from core.workloads.code.frontends.python.diagnosing import Report
from core.workloads.code.frontends.python.scopes import Scope, owner

_REFUSED: dict[type[ast.AST], tuple[str, str]] = {
    ast.AsyncFunctionDef: ("'async' functions are not supported", "write a plain function: nothing waits here"),
    ast.Await: ("'await' is not supported", "call the function"),
    ast.AsyncFor: ("'async for' is not supported", "write a plain for"),
    ast.AsyncWith: ("'async with' is not supported", "use try and finally"),
    ast.With: ("'with' is not supported", "use try and finally"),
    ast.Match: ("'match' is not supported", "use if and elif"),
    ast.TryStar: ("'except*' is not supported", "write a plain except"),
    ast.MatMult: ("the operator @ is not supported", "write the sums of products in loops"),
}
_CONSTANTS = {bytes: "bytes", complex: "complex numbers", type(...): "the three dots"}
_DECORATORS = ("staticmethod", "classmethod", "property")
_GIVEN = frozenset({"NotImplemented", "__name__"})


def check(tree: ast.Module, report: Report) -> None:
    """Report all that is not supported."""
    _Checker(tree, report).visit(tree)


def check_names(scopes: dict[ast.AST, Scope], main: Scope, report: Report) -> None:
    """Report names that nothing gives a value, and built-in ones that are not here."""
    expected = any(
        isinstance(one, ast.ExceptHandler) and (one.type is None or "NameError" in ast.unparse(one.type))
        for one in ast.walk(main.node)
    )
    told: set[str] = set()
    for scope in scopes.values():
        for name, node in scope.used.items():
            if name in told or _is_known(name, scope, main):
                continue
            told.add(name)
            _unknown(name, node, scope, main, report, expected=expected)


def _is_known(name: str, scope: Scope, main: Scope) -> bool:
    if name in scope.bound or name in main.bound or owner(scope, name) is not None or "." in name:
        return True
    if name in library.REFUSED:
        return False
    return name in library.functions() or name in library.SPECIAL or name in _GIVEN or name in BUILT_IN


def _unknown(name: str, node: ast.AST, scope: Scope, main: Scope, report: Report, *, expected: bool) -> None:
    if name in library.REFUSED:
        report.error(node, f"'{name}' is not supported", library.REFUSED[name])
        return
    if hasattr(builtins, name):
        hint = "the Engine knows its parent, Exception" if name.endswith(("Error", "Warning")) else ""
        report.error(node, f"'{name}' is not supported", hint)
        return
    if expected:
        return
    visible = [*scope.bound, *main.bound, *library.functions(), *library.SPECIAL]
    report.error(node, f"name '{name}' is not defined", of_name(name, visible))


class _Checker(ast.NodeVisitor):
    def __init__(self, tree: ast.Module, report: Report) -> None:
        self.report = report
        self.top = set(tree.body)
        self.classes = {one.name for one in tree.body if isinstance(one, ast.ClassDef)}
        self.seen: set[str] = set()

    def visit(self, node: ast.AST) -> None:
        """Refuse a node or look into it."""
        if type(node) in _REFUSED:
            message, hint = _REFUSED[type(node)]
            self.report.error(node, message, hint)
            return
        super().visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.MatMult):
            self.report.error(node, *_REFUSED[ast.MatMult])
        else:
            self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.MatMult):
            self.report.error(node, *_REFUSED[ast.MatMult])
        elif isinstance(node.target, ast.Subscript) and isinstance(node.target.slice, ast.Slice):
            self.report.error(node.target, "a slice cannot be changed in place here", "assign to it with =")
        else:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        for kind, words in _CONSTANTS.items():
            if isinstance(node.value, kind):
                hint = "write pass" if node.value is ... else "use str, int or float"
                self.report.error(node, f"{words} are not supported", hint)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is ...):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for one in node.names:
            if one.name != "math":
                self._refuse_module(one, one.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module != "math":
            self._refuse_module(node, node.module or ".")
            return
        for one in node.names:
            if one.name not in library.math() and one.name not in library.MATH_CONSTANTS:
                known = ", ".join([*library.math(), *library.MATH_CONSTANTS])
                self.report.error(one, f"math.{one.name} is not supported", f"of math there are {known}")

    def _refuse_module(self, node: ast.AST, name: str) -> None:
        self.report.error(node, f"the module '{name}' is not supported", "of the modules there is math only")

    def visit_arguments(self, node: ast.arguments) -> None:
        if node.kwarg is not None:
            message = "parameters with two stars are not supported"
            self.report.error(node.kwarg, message, "name the parameters, or take a dict")
        for one in [*node.defaults, *(one for one in node.kw_defaults if one is not None)]:
            self.visit(one)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for one in node.decorator_list:
            if not (isinstance(one, ast.Name) and one.id in _DECORATORS):
                hint = "call the decorator behind the function: name = decorator(name)"
                self.report.error(one, "decorators are not supported but for methods", hint)
        self.visit(node.args)
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if node not in self.top:
            message = "a class within something else is not supported"
            self.report.error(node, message, "define the class at the top of the program, not indented")
        if node.name in self.seen:
            self.report.error(node, f"there are two classes named '{node.name}'", "give one of them another name")
        for one in node.decorator_list:
            self.report.error(one, "decorators of classes are not supported", "write the methods out")
        for keyword in node.keywords:
            self.report.error(keyword, "keywords in a class's brackets are not supported", "leave it out")
        for one in node.bases[1:]:
            self.report.error(one, "a class has one class above it here", "keep the others as attributes")
        for one in node.bases[:1]:
            self._check_base(one)
        self.seen.add(node.name)
        for statement in node.body:
            self._check_part(statement)

    def _check_base(self, base: ast.expr) -> None:
        if isinstance(base, ast.Name) and (base.id in self.seen or base.id in EXCEPTIONS or base.id == "object"):
            return
        if isinstance(base, ast.Name) and base.id in self.classes:
            self.report.error(base, f"the class '{base.id}' comes further down", "define it first")
            return
        named = f"'{base.id}'" if isinstance(base, ast.Name) else "this"
        hint = "derive from a class of this program or from an exception"
        self.report.error(base, f"a class cannot be derived from {named} here", hint)

    def _check_part(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=targets) if not all(isinstance(one, ast.Name) for one in targets):
                self.report.error(statement, "in a class only names are given values", "do it in __init__")
            case ast.Assign() | ast.FunctionDef() | ast.AnnAssign() | ast.Expr(value=ast.Constant()) | ast.Pass():
                self.visit(statement)
            case ast.ClassDef():
                self.visit(statement)
            case _:
                hint = "put the statement into a method or behind the class"
                self.report.error(statement, "in a class stand methods and attributes only", hint)

    def visit_Call(self, node: ast.Call) -> None:
        for one in node.keywords:
            if one.arg is None and not (isinstance(node.func, ast.Name) and node.func.id == "dict"):
                self.report.error(one, "two stars in a call are not supported", "name the arguments one by one")
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        classes = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        for one in classes:
            if one is None:
                continue
            if not isinstance(one, ast.Name):
                self.report.error(one, "behind 'except' stand names of exception classes here")
            elif one.id not in EXCEPTIONS and one.id not in self.classes:
                close = difflib.get_close_matches(one.id, [*EXCEPTIONS, *self.classes], 1)
                hint = f"did you mean '{close[0]}'?" if close else "name an exception class"
                self.report.error(one, f"'{one.id}' is no exception class that is known here", hint)
        for statement in node.body:
            self.visit(statement)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        if node.is_async:
            self.report.error(node.target, "'async for' is not supported", "write a plain for")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Slice) and node.slice.step is not None:
            self.report.error(node, "a slice with a step cannot be assigned to here", "assign in a loop")
        if isinstance(node.slice, ast.Tuple) and any(isinstance(one, ast.Slice) for one in node.slice.elts):
            self.report.error(node, "several slices at once are not supported", "take one slice after another")
        self.generic_visit(node)
