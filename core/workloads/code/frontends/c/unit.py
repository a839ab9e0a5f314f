"""A whole C source on its way: each phase, and what the library adds."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.c import lexer, parser, preprocessor, tree
from core.workloads.code.frontends.c.analysis import Analyzed, analyze
from core.workloads.code.frontends.c.diagnosing import Reporter, TooManyErrors
from core.workloads.code.frontends.c.headers import TYPES
from core.workloads.code.frontends.c.lowering.lower import lower
from core.workloads.code.frontends.c.tokens import Token
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.module import Module


@dataclass(slots=True)
class Phases:
    """What each phase made; a phase after one that failed made nothing."""

    report: Reporter = field(default_factory=Reporter)
    tokens: list[Token] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    unit: tree.Unit | None = None
    analyzed: Analyzed | None = None
    module: Module | None = None


def translate(source: str, *, library: str = "") -> Phases:
    """Take a source through all phases; the report has what is wrong with it. `library` names one of the library's."""
    phases = Phases()
    try:
        _translate(source, phases, library)
    except TooManyErrors:
        phases.module = None
    except RecursionError:
        phases.module = None
        hint = "split it into parts with names of their own"
        phases.report.error("parse", Position(1, 1), "this source is nested too deep to be read", hint)
    return phases


def _translate(source: str, phases: Phases, library: str) -> None:
    report = phases.report
    found = preprocessor.preprocess(lexer.tokenize(source, report), report)
    phases.tokens, phases.headers = found.tokens, found.headers
    types = {name for header in found.headers for name in TYPES.get(header, {})}
    if library:
        types.add("__word")
    if report.failed:
        return
    phases.unit = parser.parse(found.tokens, types, report)
    if report.failed:
        return
    phases.analyzed = analyze(phases.unit, found.headers, report, is_library=bool(library))
    if not report.failed:
        module = lower(phases.analyzed, report, library=library)
        phases.module = None if report.failed else module
