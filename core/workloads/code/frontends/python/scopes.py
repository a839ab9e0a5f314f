"""Which function owns each variable, which ones inner functions share, and what is only known by its name."""

import ast
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef
_SCOPES = (ast.FunctionDef, ast.ClassDef)


@dataclass(slots=True, eq=False)
class Scope:
    """A module, function or class, and the names in it."""

    node: ast.Module | ast.FunctionDef | ast.ClassDef
    parent: "Scope | None" = None
    bound: dict[str, ast.AST] = field(default_factory=dict)
    """Names given a value here, with the first place."""
    params: list[str] = field(default_factory=list)
    used: dict[str, ast.AST] = field(default_factory=dict)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    """Own variables that an inner function uses."""
    free: list[str] = field(default_factory=list)
    """Variables of outer functions that this one, or one within it, uses."""
    is_generator: bool = False
    children: list["Scope"] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)

    @property
    def is_function(self) -> bool:
        """Whether it is a function's."""
        return isinstance(self.node, ast.FunctionDef)

    @property
    def is_module(self) -> bool:
        """Whether it is the whole program's."""
        return isinstance(self.node, ast.Module)


def find(tree: ast.Module) -> dict[ast.AST, Scope]:
    """Find the scopes of a desugared tree."""
    collector = _Collector()
    module = Scope(tree)
    collector.scopes[tree] = module
    collector.fill(module, tree.body)
    _resolve(module)
    # Variables of comprehensions that inner functions use are the module's as well, since it shares no cells.
    inner = {name for scope in collector.scopes.values() if scope is not module for name in scope.used}
    module.declared_global = {name for name in module.bound if "." in name and name in inner}
    return collector.scopes


class _Collector(ast.NodeVisitor):
    def __init__(self) -> None:
        self.scopes: dict[ast.AST, Scope] = {}
        self.present: Scope

    def fill(self, scope: Scope, body: list[ast.stmt]) -> None:
        outer = getattr(self, "present", None)
        self.present = scope
        for one in body:
            self.visit(one)
        if outer is not None:
            self.present = outer

    def _bind(self, name: str, node: ast.AST) -> None:
        self.present.bound.setdefault(name, node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.present.used.setdefault(node.id, node)
        else:
            self._bind(node.id, node)
            if isinstance(node.ctx, ast.Del):
                self.present.deleted.add(node.id)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if not node.name.startswith("<"):
            self._bind(node.name, node)
        for one in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(one)
        scope = self.scopes[node] = Scope(node, self.present)
        self.present.children.append(scope)
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        named += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        for param in named:
            scope.params.append(param.arg)
            scope.bound.setdefault(param.arg, param)
        self.fill(scope, node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name, node)
        for one in [*node.bases, *node.decorator_list]:
            self.visit(one)
        scope = self.scopes[node] = Scope(node, self.present)
        self.present.children.append(scope)
        self.fill(scope, node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
        self.visit(node.target)

    def visit_Global(self, node: ast.Global) -> None:
        self.present.declared_global.update(node.names)
        module = self.present
        while module.parent is not None:
            module = module.parent
        for name in node.names:
            module.bound.setdefault(name, node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.present.declared_nonlocal.update(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name, node)
            self.present.deleted.add(node.name)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            self._bind(one.asname or one.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.visit_Import(node)

    def visit_Yield(self, node: ast.Yield) -> None:
        self.present.is_generator = True
        self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        self.present.is_generator = True
        self.generic_visit(node)


def _resolve(scope: Scope) -> None:
    for child in scope.children:
        _resolve(child)
    if not scope.is_function:
        return
    wanted = [name for name in scope.used if name not in scope.bound]
    wanted += sorted(scope.declared_nonlocal)
    wanted += [name for child in _functions_within(scope) for name in child.free]
    for name in dict.fromkeys(wanted):
        if name in scope.declared_global:
            continue
        if name in scope.bound and name not in scope.declared_nonlocal:
            scope.shared.add(name)
        elif owner(scope, name) is not None:
            scope.free.append(name)


def _functions_within(scope: Scope) -> list[Scope]:
    """List inner functions, also those of classes in between."""
    found = []
    for child in scope.children:
        found += [child] if child.is_function else _functions_within(child)
    return found


def owner(scope: Scope, name: str) -> Scope | None:
    """Find the function around this one whose variable a name is."""
    above = scope.parent
    while above is not None:
        if above.is_function and name in above.bound and name not in above.declared_global | above.declared_nonlocal:
            return above
        if above.is_function and name in above.declared_global:
            return None
        above = above.parent
    return None
