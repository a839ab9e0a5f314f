"""A source on its way from text to a module of the IR."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.base import MOST_DIAGNOSTICS, Diagnostic, Phase, Severity
from core.workloads.code.frontends.functional.lowering.program import lower
from core.workloads.code.frontends.system_f.checking import Checked, check
from core.workloads.code.frontends.system_f.erasing import Erasure
from core.workloads.code.frontends.system_f.lexer import Token, tokenize
from core.workloads.code.frontends.system_f.parser import parse
from core.workloads.code.frontends.system_f.printing import show_term, show_type
from core.workloads.code.frontends.system_f.reducing import MOST_STEPS, NoNormalForm, Reduction
from core.workloads.code.frontends.system_f.syntax import Abbreviation, Binding, Evaluation, Statement, Term
from core.workloads.code.frontends.system_f.types import BOOL, NAT, Type, reduced
from core.workloads.code.ir.module import Module


@dataclass(slots=True)
class Phases:
    """What became of each phase, as far as the translation came."""

    tokens: list[Token] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    omega: bool = False
    checked: Checked | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    module: Module | None = None

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


def analyze(source: str) -> Phases:
    """Read and check a source."""
    phases = Phases()
    phases.tokens, phases.diagnostics = tokenize(source)
    if not phases.failed:
        phases.statements, phases.omega, problems = parse(phases.tokens)
        phases.diagnostics += problems
    if not phases.failed:
        phases.checked = check(phases.statements, omega=phases.omega)
        phases.diagnostics += phases.checked.problems
        if not phases.statements and not phases.failed:
            message = "there is nothing to compute"
            phases.diagnostics.append(Diagnostic(Phase.PARSE, message, 1, 1, hint="write a term and a semicolon"))
    phases.diagnostics.sort(key=lambda one: (one.line, one.column))
    del phases.diagnostics[MOST_DIAGNOSTICS:]
    return phases


def translate(source: str) -> Phases:
    """Read, check, find normal forms, and make the module that prints them."""
    phases = analyze(source)
    if phases.failed or phases.checked is None:
        return phases
    erasure = Erasure(phases.checked.places)
    definitions: list[tuple[str, Term]] = []
    for statement, type_ in zip(phases.statements, phases.checked.types, strict=True):
        match statement:
            case Abbreviation(_, name, _):
                erasure.say(f"{name} :: {phases.checked.kinds[name]}\n")
            case Binding(_, name, term):
                assert type_ is not None
                erasure.bind(statement)
                definitions.append((name, term))
                erasure.say(f"{name} : {show_type(type_)}\n")
            case Evaluation(_, term):
                assert type_ is not None
                _evaluate(statement, type_, erasure, definitions, phases.diagnostics)
    phases.module = lower(erasure.finished())
    return phases


def _evaluate(
    one: Evaluation, type_: Type, erasure: Erasure, definitions: list[tuple[str, Term]], problems: list[Diagnostic]
) -> None:
    """Print the normal form, or what the Engine computes of a number or truth value, and the type."""
    shown = f" : {show_type(type_)}\n"
    if reduced(type_) in (NAT, BOOL):
        erasure.evaluate(one.term, is_truth=reduced(type_) == BOOL)
    else:
        try:
            shown = show_term(Reduction().normal(one.term, definitions)) + shown
        except NoNormalForm:
            message = f"no normal form was found in {MOST_STEPS:,} steps"
            hint = "a term with fix may have none: ask for a Nat or a Bool that it computes"
            at = one.at
            problems.append(
                Diagnostic(Phase.SEMANTIC, message, at.line, at.column, hint=hint, severity=Severity.WARNING)
            )
            shown = "(no normal form found)" + shown
    erasure.say(shown)
