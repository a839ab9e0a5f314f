"""A whole analyzed source as a module."""

from core.workloads.code.frontends.c.analysis import Analyzed
from core.workloads.code.frontends.c.ctypes import FunctionType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.lowering.statements import lower_function
from core.workloads.code.frontends.c.lowering.statics import place_variables
from core.workloads.code.frontends.c.lowering.strings import Strings
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.module import Module, Reference
from core.workloads.code.ir.types import I32, WORD

PROGRAM_NAME = b"program"


def lower(analyzed: Analyzed, report: Reporter, *, library: str = "") -> Module:
    """Write all functions and variables."""
    module = Module()
    strings = Strings(module, f"lib.{library}." if library else "")
    if not library:
        _enter_main(module, analyzed, strings)
    place_variables(module, analyzed.stored, analyzed.initial, strings, report)
    for function in analyzed.functions:
        lower_function(module, function, analyzed.initial, strings, report)
    return module


def _enter_main(module: Module, analyzed: Analyzed, strings: Strings) -> None:
    """Write what calls the source's main: its exit code is one byte, and its arguments are the program's name."""
    function = next(one.symbol for one in analyzed.functions if one.symbol is not None and one.symbol.name == "main")
    assert isinstance(function.type, FunctionType)
    build = FunctionBuilder(module, "main", [], I32, function.at)
    args: list[Operand] = []
    if function.type.params:
        module.place("c.arguments", 2, {0: Reference(strings.name(PROGRAM_NAME), 0, in_bytes=True)})
        text = build.compute("global_bytes", WORD, symbol="c.arguments")
        args = [(1, text, 0)[place] for place in range(len(function.type.params))]
    code = build.call("c.main", args, I32)
    assert code is not None
    build.give_back(build.compute("and", I32, code, 0xFF))
