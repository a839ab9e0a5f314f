"""A whole Lisp source on its way: each phase, and what it made."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.lisp import lexing
from core.workloads.code.frontends.lisp.checking import check
from core.workloads.code.frontends.lisp.data import Datum, Token
from core.workloads.code.frontends.lisp.diagnosing import Report, TooManyErrors
from core.workloads.code.frontends.lisp.expander import Expander
from core.workloads.code.frontends.lisp.forms import WORDS
from core.workloads.code.frontends.lisp.lowering.lower import lower
from core.workloads.code.frontends.lisp.reader import read
from core.workloads.code.frontends.lisp.surveying import survey
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.module import Module


@dataclass(slots=True)
class Phases:
    """What each phase made; a phase after one that failed made nothing."""

    report: Report = field(default_factory=Report)
    tokens: Sequence[Token] = ()
    data: Sequence[Datum] | None = None
    expander: Expander | None = None
    module: Module | None = None


def translate(source: str) -> Phases:
    """Take a source through all phases; the report has what is wrong with it."""
    phases = Phases()
    try:
        _translate(source, phases)
    except TooManyErrors:
        phases.module = None
    except RecursionError:
        phases.module = None
        hint = "split it into parts with names of their own"
        phases.report.error(Position(1, 1), "this source is nested too deep to be read", hint, Phase.PARSE)
    return phases


def _translate(source: str, phases: Phases) -> None:
    report = phases.report
    phases.tokens = list(lexing.tokens(source, report))
    if report.failed:
        return
    data = read(phases.tokens, report)
    if report.failed:
        return
    phases.data = data
    expander = Expander(report, WORDS)
    nodes = expander.program(data)
    phases.expander = expander
    library = expander.library_nodes()
    check(nodes, report)
    if report.failed:
        return
    nodes = [*library, *nodes]
    survey(nodes, expander.main)
    phases.module = lower(nodes, expander.main)
