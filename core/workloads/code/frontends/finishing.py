"""Finishing a program, all front ends alike: the library is joined, all is shortened, and the cards are laid."""

from collections.abc import Callable
from typing import Any

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine.cards import Program
from core.workloads.code.engine.words import MAX_CARDS
from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.ir.layout import StoreTooSmall
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.printer import print_module
from core.workloads.code.passes.pipeline import optimize


def finish(
    module: Module, link: Callable[[Module], frozenset[str]], prefix: str, shown: dict[str, Any], too_large: str
) -> tuple[Program | None, Diagnostic | None]:
    """Give the program, or why the Engine cannot hold it; the IR of the program's own part goes into `shown`.

    `link` adds what the module needs of its library, whose names begin with `prefix`, and gives the names of the
    functions added; `too_large` says how the variables of a program may be made to fit the Store.
    """
    library = link(module)
    optimize(module, keep=library)
    own = Module(
        {name: one for name, one in module.functions.items() if not name.startswith(prefix)},
        {name: one for name, one in module.globals.items() if not name.startswith(prefix)},
    )
    shown["ir"] = print_module(own)
    try:
        program = generate(module, shared=library)
    except StoreTooSmall as small:
        return None, Diagnostic(Phase.CODEGEN, str(small), 1, 1, hint=too_large)
    if len(program.cards) > MAX_CARDS:
        message = f"the program takes {len(program.cards):,} cards, and {MAX_CARDS:,} can be hung into the Engine"
        return None, Diagnostic(Phase.CODEGEN, message, 1, 1, hint="make it shorter: functions instead of repetition")
    return program, None
