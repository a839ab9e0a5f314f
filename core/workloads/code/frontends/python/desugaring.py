"""Rewriting the tree before names are looked up: what is short for something else becomes that.

A lambda and a generator expression become functions; the variables of a comprehension get names that no source has.
"""

import ast

ARGUMENT = ".0"
"""Parameter of the function that a generator expression becomes."""


class NestedFunction(ast.expr):
    """A function in an expression's place."""

    _fields = ("function",)

    def __init__(self, function: ast.FunctionDef) -> None:
        super().__init__()
        self.function = function


def desugar(tree: ast.Module) -> ast.Module:
    """Rewrite a whole module in place."""
    return _Rewriter().visit(tree)  # type: ignore[no-any-return]  # a module stays one


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id in self.names:
            return ast.copy_location(ast.Name(self.names[node.id], node.ctx), node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Rename within a function as well, but for names that are its parameters."""
        params = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        node.args.defaults = [self.visit(one) for one in node.args.defaults]
        inner = _Renamer({name: new for name, new in self.names.items() if name not in params})
        node.body = [inner.visit(one) for one in node.body]
        return node


class _Rewriter(ast.NodeTransformer):
    def __init__(self) -> None:
        self.count = 0

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.generic_visit(node)
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
        return self._nested(node, "<lambda>", node.args, body)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        self.generic_visit(node)
        yielding = ast.Expr(ast.Yield(node.elt))
        body: list[ast.stmt] = [yielding]
        for number, one in reversed(list(enumerate(node.generators))):
            for test in reversed(one.ifs):
                body = [ast.If(test, body, [])]
            over = ast.Name(ARGUMENT, ast.Load()) if number == 0 else one.iter
            body = [ast.For(one.target, over, body, [])]
        for made in body:
            for inner in ast.walk(made):
                if not hasattr(inner, "lineno"):
                    ast.copy_location(inner, node)
        args = ast.arguments([], [ast.arg(ARGUMENT)], None, [], [], None, [])
        function = self._nested(node, "<genexpr>", args, body)
        iterated = ast.Call(ast.Name("iter", ast.Load()), [node.generators[0].iter], [])
        call = ast.Call(function, [iterated], [])
        for part in (iterated, iterated.func, call, args.args[0]):
            ast.copy_location(part, node.generators[0].iter)
        return call

    @staticmethod
    def _nested(node: ast.expr, name: str, args: ast.arguments, body: list[ast.stmt]) -> ast.expr:
        function = ast.FunctionDef(name, args, body, [], None, None)
        nested = NestedFunction(function)
        ast.copy_location(function, node)
        return ast.copy_location(nested, node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.expr:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        return self._comprehension(node)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> ast.expr:
        """Give its variables names of their own; all but the first iterable see them."""
        self.generic_visit(node)
        self.count += 1
        stored = {
            inner.id
            for one in node.generators
            for inner in ast.walk(one.target)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
        }
        renamer = _Renamer({name: f"{name}.{self.count}" for name in stored})
        first = node.generators[0].iter
        renamed = renamer.visit(node)
        renamed.generators[0].iter = first
        return renamed  # type: ignore[no-any-return]  # the renamer gives what it is given
