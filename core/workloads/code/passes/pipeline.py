"""The passes in their order."""

from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.verifier import ENTRY
from core.workloads.code.passes import blocks, coalescing, dead, folding, inlining


def optimize(module: Module, *, keep: frozenset[str] = frozenset(), entries: tuple[str, ...] = (ENTRY,)) -> None:
    """Shorten every function of the module but those in `keep`; what cannot be reached from `entries` goes."""
    for function in module.functions.values():
        if function.name not in keep:
            shorten(function)
    changed = inlining.inline(module, keep)
    for function in changed:
        shorten(function)
    dead.drop_functions(module, entries)


def shorten(function: Function) -> None:
    """Shorten one function by itself."""
    blocks.tidy(function)
    folding.fold(function)
    blocks.tidy(function)
    coalescing.coalesce(function)
    dead.drop_results(function)
