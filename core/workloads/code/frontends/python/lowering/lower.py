"""A whole program as IR: which functions and classes there are, their code, and what the library asks of them."""

import ast

from core.workloads.code.frontends.python.diagnosing import Report
from core.workloads.code.frontends.python.lowering.answers import answer
from core.workloads.code.frontends.python.lowering.function_values import lower_value
from core.workloads.code.frontends.python.lowering.functions import Lowering
from core.workloads.code.frontends.python.lowering.generators import lower_generator
from core.workloads.code.frontends.python.lowering.program import MAIN, Function, Program
from core.workloads.code.frontends.python.lowering.surveying import survey
from core.workloads.code.frontends.python.lowering.variables import ROOTS
from core.workloads.code.frontends.python.scopes import Scope
from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import WORD


def lower(tree: ast.Module, scopes: dict[ast.AST, Scope], report: Report) -> Module:
    """Make the module; what cannot be translated is reported."""
    program = Program(Module(), report, scopes, scopes[tree])
    survey(program, tree)
    main = Function(tree, program.main, "main", MAIN, 0)
    build = ValueBuilder(program.module, "main", [], WORD)
    lowering = Lowering(program, main, build)
    _lower_main(lowering, tree)
    _lower_functions(program)
    answer(program)
    program.module.place(ROOTS, program.roots, {place: value for place, value in program.initial.items() if value})
    for block in build.function.blocks.values():
        for one in block.instructions:
            if one.op == "call" and one.symbol == PREFIX + "start":
                one.args = (program.roots,)
    return program.module


def _lower_main(lowering: Lowering, tree: ast.Module) -> None:
    build = lowering.build
    build.routine("start", 0)
    lowering.enter_frame()
    build.block("begin")
    lowering.body(tree.body)
    if build.is_open:
        build.give_back(0)
    lowering.clear_doubted(build.function.blocks["begin"])


def _lower_functions(program: Program) -> None:
    """Write the code of all functions, and what is called through the values of those whose values are wanted.

    Which are wanted shows in the code of any other, and wrappers of built-in functions are made on the way.
    """
    written: set[int] = set()
    callable_by_value: set[int] = set()
    while True:
        functions = list(program.functions.values())
        fresh = [one for one in functions if one.number not in written]
        wanted = [one for one in functions if one.is_wanted_as_value and one.number not in callable_by_value]
        if not fresh and not wanted:
            return
        for function in fresh:
            written.add(function.number)
            _lower_function(program, function)
        for function in [] if fresh else wanted:
            callable_by_value.add(function.number)
            lower_value(program, function)


def _lower_function(program: Program, function: Function) -> None:
    """Write the code of a function of the program."""
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    at = Position(node.lineno, node.col_offset + 1)
    params = [(name, WORD) for name in (["itself"] if function.has_closure else []) + function.params]
    if function.scope.is_generator:
        lower_generator(program, function, params, at)
    else:
        build = ValueBuilder(program.module, function.name, params, WORD, at)
        Lowering(program, function, build).run()
