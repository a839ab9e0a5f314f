"""A source on its way from text to a module of the IR."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.base import MOST_DIAGNOSTICS, Diagnostic, Phase, Severity
from core.workloads.code.frontends.functional.lowering.program import lower
from core.workloads.code.frontends.functional.simplifying import Simplifier
from core.workloads.code.frontends.functional.terms import Definitions
from core.workloads.code.frontends.idris import declared, loading, primitives
from core.workloads.code.frontends.idris.context import HoleInfo
from core.workloads.code.frontends.idris.core import Top, spine
from core.workloads.code.frontends.idris.declarations import Declarations
from core.workloads.code.frontends.idris.erasing import Erasure
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.holes import told
from core.workloads.code.frontends.idris.lexer import Token, tokenize
from core.workloads.code.frontends.idris.parser import parse
from core.workloads.code.frontends.idris.problems import Refusal
from core.workloads.code.frontends.idris.totality import judge
from core.workloads.code.frontends.idris.trimming import trimmed
from core.workloads.code.ir.module import Module

_WRITE_MAIN = 'write main : IO (), and beneath it main = putStrLn "hello"'


@dataclass(slots=True)
class Phases:
    """What became of each phase, as far as the translation came."""

    tokens: list[Token] = field(default_factory=list)
    program: declared.Program | None = None
    known: Globals | None = None
    own: list[Definition] = field(default_factory=list)
    holes: list[HoleInfo] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    module: Module | None = None

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


def analyze(source: str) -> Phases:
    """Read and check a source."""
    phases = Phases()
    try:
        phases.tokens = tokenize(source)
        phases.program, phases.diagnostics = parse(phases.tokens)
        if not phases.diagnostics:
            _check(phases)
    except Refusal as refusal:
        phases.diagnostics.append(refusal.diagnostic)
    phases.diagnostics.sort(key=lambda one: (one.severity is not Severity.ERROR, one.line, one.column))
    del phases.diagnostics[MOST_DIAGNOSTICS:]
    return phases


def _check(phases: Phases) -> None:
    assert phases.program is not None
    seen = loading.imported(phases.program)
    phases.known = seen.known.copy()
    phases.known.count = 0
    checker = Declarations(phases.known, phases.program.module)
    checker.program(phases.program.declarations)
    judge(checker)
    phases.own, phases.holes = checker.own, checker.holes
    phases.diagnostics = checker.problems
    phases.diagnostics += [told(one) for one in checker.holes]


def translate(source: str) -> Phases:
    """Read, check, and make the module."""
    phases = analyze(source)
    if phases.failed or phases.program is None or phases.known is None:
        return phases
    main = phases.known.definitions.get(f"{phases.program.module}/main")
    problem = _main_problem(main)
    if problem is not None or main is None:
        phases.diagnostics.insert(0, problem or _no_main())
        return phases
    erasure = Erasure(phases.known)
    try:
        definitions = erasure.program(main)
    except Refusal as refusal:
        phases.diagnostics.insert(0, refusal.diagnostic)
        return phases
    simplifier = Simplifier(dict(definitions.terms), erasure.names, primitives.ACTIONS)
    simple = {name: simplifier.simplified(term) for name, term in definitions.terms.items()}
    constructors = frozenset(one.constructor for one in phases.known.interfaces.values())
    phases.module = lower(Definitions(trimmed(simple, constructors), definitions.lines))
    return phases


def _no_main() -> Diagnostic:
    return Diagnostic(Phase.SEMANTIC, "there is no main", 1, 1, hint=_WRITE_MAIN)


def _main_problem(main: Definition | None) -> Diagnostic | None:
    if main is None:
        return _no_main()
    head, steps = spine(main.type)
    if not isinstance(head, Top) or head.name != "Prelude/IO" or len(steps) != 1:
        at = main.at
        return Diagnostic(Phase.SEMANTIC, "main must be an action", at.line, at.column, hint=_WRITE_MAIN)
    return None
