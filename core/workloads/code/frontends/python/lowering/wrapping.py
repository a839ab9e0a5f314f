"""Functions made for built-in ones and methods that are used as values."""

import ast

from core.workloads.code.frontends.python.library import methods
from core.workloads.code.frontends.python.lowering.program import Function, Program
from core.workloads.code.frontends.python.scopes import Scope


def wrapping(program: Program, node: ast.expr, *, with_object: bool = False) -> Function:
    """Make the function `lambda x: node(x)`; for a method with an object, `lambda object, x: object.method(x)`."""
    shown = f"{ast.unparse(node)}/{with_object}"
    if shown in program.wrappers:
        return program.wrappers[shown]
    count = 1
    names = [f"x{number}" for number in range(count + 1)]
    if isinstance(node, ast.Attribute) and node.attr in methods():
        count = min(one.least for one in methods()[node.attr])
        names = ["x0", *(f"x{number}" for number in range(1, count + 1))]
    arguments = [ast.copy_location(ast.Name(name, ast.Load()), node) for name in names]
    called: ast.expr = node
    if with_object:
        assert isinstance(node, ast.Attribute)
        called = ast.copy_location(ast.Attribute(arguments[0], node.attr, ast.Load()), node)
        given = arguments[1:]
    elif isinstance(node, ast.Attribute) and node.attr in methods():
        given = arguments
    else:
        names, given = names[:1], arguments[:1]
    call = ast.copy_location(ast.Call(called, list(given), []), node)
    returning = ast.copy_location(ast.Return(call), node)
    args = [ast.copy_location(ast.arg(name), node) for name in names]
    definition = ast.FunctionDef(
        ast.unparse(node), ast.arguments([], args, None, [], [], None, []), [returning], [], None, None
    )
    ast.copy_location(definition, node)
    scope = Scope(definition, program.main, params=names)
    scope.bound = dict.fromkeys(names, definition)
    number = len(program.functions) + 1
    function = Function(definition, scope, f"f.{number}.wrapper", ast.unparse(node), number)
    function.positional = names
    program.functions[definition] = program.wrappers[shown] = function
    return function
