"""Every pass, each by itself, leaves what modules do as it was: the IR's interpreter says the same before and after."""

from collections.abc import Callable

import pytest

from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.printer import print_module
from core.workloads.code.passes import blocks, coalescing, dead, folding, inlining
from core.workloads.code.passes.pipeline import optimize, shorten
from tests.unit.workloads.code.ir.making import outcome, random_module

Pass = Callable[[Module], object]
SEEDS = range(60)


def of_functions(rewrite: Callable[[Function], None]) -> Pass:
    def run(module: Module) -> None:
        for function in module.functions.values():
            rewrite(function)

    return run


PASSES: dict[str, Pass] = {
    "tidying blocks": of_functions(blocks.tidy),
    "folding": of_functions(folding.fold),
    "copy propagation": of_functions(coalescing.coalesce),
    "dead results": of_functions(dead.drop_results),
    "dead functions": lambda module: dead.drop_functions(module, ("main",)),
    "inlining": lambda module: inlining.inline(module, frozenset()),
    "all of a function's": of_functions(shorten),
    "the pipeline": optimize,
}


@pytest.mark.parametrize("rewrite", PASSES.values(), ids=PASSES.keys())
def test_a_pass_changes_modules_and_not_what_they_do(rewrite: Pass) -> None:
    changed = 0
    for seed in SEEDS:
        module = random_module(seed)
        before, expected = print_module(module), outcome(module)
        rewrite(module)
        assert outcome(module) == expected, seed
        changed += print_module(module) != before
    assert changed > len(SEEDS) // 5


@pytest.mark.parametrize("rewrite", PASSES.values(), ids=PASSES.keys())
def test_a_pass_may_follow_any_other(rewrite: Pass) -> None:
    for seed, first in zip(SEEDS, [*PASSES.values()] * 2, strict=False):
        module = random_module(seed)
        expected = outcome(module)
        first(module)
        rewrite(module)
        assert outcome(module) == expected, seed


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rewrite", PASSES.values(), ids=PASSES.keys())
def test_a_pass_changes_nothing_that_many_modules_do(rewrite: Pass) -> None:
    for seed in range(1000, 6000):
        module = random_module(seed)
        expected = outcome(module)
        rewrite(module)
        assert outcome(module) == expected, seed
