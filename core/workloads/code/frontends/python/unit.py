"""A whole Python source on its way: each phase, and what it made."""

import ast
from dataclasses import dataclass

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.python import scopes
from core.workloads.code.frontends.python.advising import look_over
from core.workloads.code.frontends.python.checking import check, check_names
from core.workloads.code.frontends.python.desugaring import desugar
from core.workloads.code.frontends.python.diagnosing import Report, TooManyErrors
from core.workloads.code.frontends.python.lowering.lower import lower
from core.workloads.code.frontends.python.parsing import parse, read_anew
from core.workloads.code.frontends.python.scopes import Scope
from core.workloads.code.ir.module import Module


@dataclass(slots=True)
class Phases:
    """What each phase made; a phase after one that failed made nothing."""

    report: Report
    tree: ast.Module | None = None
    scopes: dict[ast.AST, Scope] | None = None
    module: Module | None = None


def translate(source: str) -> Phases:
    """Take a source through all phases; the report has what is wrong with it."""
    phases = Phases(Report(source))
    try:
        _translate(source, phases)
    except TooManyErrors:
        phases.module = None
    except RecursionError:
        phases.module = None
        hint = "split it into parts with names of their own"
        phases.report.error(ast.Pass(), "this source is nested too deep to be read", hint, Phase.PARSE)
    return phases


def _translate(source: str, phases: Phases) -> None:
    report = phases.report
    phases.tree = parse(source, report)
    if phases.tree is None:
        return
    check(phases.tree, report)
    if report.failed:
        return
    tree = desugar(read_anew(source))
    found = scopes.find(tree)
    phases.scopes = found
    check_names(found, found[tree], report)
    look_over(phases.tree, report)
    if report.failed:
        return
    module = lower(tree, found, report)
    phases.module = None if report.failed else module
