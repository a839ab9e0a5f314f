"""A source on its way from text to a module of the IR; the Prelude goes the same way, once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from core.workloads.code.frontends.base import MOST_DIAGNOSTICS, Diagnostic, Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.lowering.program import lower
from core.workloads.code.frontends.functional.occurrences import Names
from core.workloads.code.frontends.functional.simplifying import Simplifier
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import converting, primitives, syntax
from core.workloads.code.frontends.haskell.bindings import BindingGroups
from core.workloads.code.frontends.haskell.constraints import Constraints
from core.workloads.code.frontends.haskell.declarations import Declarations
from core.workloads.code.frontends.haskell.inference import Inference
from core.workloads.code.frontends.haskell.lexer import Token, tokenize
from core.workloads.code.frontends.haskell.parser import parse
from core.workloads.code.frontends.haskell.problems import Refusal
from core.workloads.code.frontends.haskell.reading import Reader
from core.workloads.code.frontends.haskell.resolving import resolved
from core.workloads.code.frontends.haskell.scope import ConstructorInfo, Scope, Value
from core.workloads.code.frontends.haskell.trimming import trimmed
from core.workloads.code.frontends.haskell.type_parser import scheme as read_scheme
from core.workloads.code.frontends.haskell.types import IO, LIST, Applied, Generic, Scheme, Type, arrow, spine
from core.workloads.code.frontends.haskell.types import Constructor as TypeConstructor
from core.workloads.code.ir.module import Module

_PRELUDE = Path(__file__).parent / "prelude.hs"
_MOST_TUPLE = 7


@dataclass(slots=True)
class Phases:
    """What became of each phase, as far as the translation came."""

    tokens: list[Token] = field(default_factory=list)
    program: syntax.Program | None = None
    scope: Scope | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    module: Module | None = None
    made: dict[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """A program that has been looked through: its scope, its terms, and the numbers of names that are taken."""

    scope: Scope
    made: dict[str, Term]
    taken: int
    problems: list[Diagnostic]


def analyze(source: str) -> Phases:
    """Read and check a source."""
    phases = Phases()
    try:
        phases.tokens = tokenize(source)
        phases.program, phases.diagnostics = parse(phases.tokens)
    except Refusal as refusal:
        phases.diagnostics = [refusal.diagnostic]
    if not phases.diagnostics and phases.program is not None:
        before = prelude()
        looked = _look(phases.program, before.scope.copy(), Names(before.taken))
        phases.scope, phases.made, phases.diagnostics = looked.scope, looked.made, looked.problems
        phases.diagnostics += _main_problems(phases.program, looked)
    phases.diagnostics.sort(key=lambda one: (one.line, one.column))
    del phases.diagnostics[MOST_DIAGNOSTICS:]
    return phases


def translate(source: str) -> Phases:
    """Read, check, and make the module."""
    phases = analyze(source)
    if not phases.diagnostics:
        known = prelude()
        every = {**known.made, **phases.made}
        names = Names(1_000_000)
        simplifier = Simplifier(every, names, primitives.ACTIONS)
        own = {name: simplifier.simplified(term) for name, term in phases.made.items()}
        assert phases.scope is not None
        phases.module = lower(terms.Definitions(trimmed({**known.made, **own}, phases.scope)))
    return phases


def _main_problems(program: syntax.Program, looked: Looked) -> Iterable[Diagnostic]:
    if looked.problems:
        return
    value = looked.scope.values.get("main")
    if value is None or "main" not in program.bindings.functions:
        yield Diagnostic(Phase.SEMANTIC, "there is no main", 1, 1, hint="write main = print ...")
    elif not isinstance(head := spine(value.scheme.type)[0], Generic) and head != IO:
        at = program.bindings.functions["main"][0].at
        yield Diagnostic(
            Phase.SEMANTIC, "main must be an action (IO)", at.line, at.column, hint="write main = print ..."
        )


@lru_cache(maxsize=1)
def prelude() -> Looked:
    """Look through the Prelude, once."""
    scope, names = Scope(), Names()
    scope.arities |= primitives.TYPES
    scope.arities |= {"[]": 1, "()": 0}
    element: Type = Generic(0)
    list_type = Applied(LIST, element)
    scope.constructors["[]"] = ConstructorInfo(primitives.NIL, Scheme(1, (), list_type), (), (), ("[]", ":"))
    cons = arrow(element, arrow(list_type, list_type))
    scope.constructors[":"] = ConstructorInfo(primitives.CONS, Scheme(1, (), cons), (), (), ("[]", ":"))
    unit = terms.Constructor("()", 0, 0, (0,))
    scope.constructors["()"] = ConstructorInfo(unit, Scheme(0, (), TypeConstructor("()")))
    for count in range(2, _MOST_TUPLE + 1):
        _tuple(scope, count)
    program, problems = parse(tokenize(_PRELUDE.read_text()))
    assert not problems, problems
    made: dict[str, Term] = {"input": primitives.input_reader()}
    scope.arities["Bool"] = 0
    for name, (type_, term) in primitives.table().items():
        written = read_scheme(Reader(tokenize(type_)))
        scope.values[name] = Value(converting.scheme(scope, written), terms.Variable(name))
        made[name] = term
    looked = _look(program, scope, names, made)
    assert not looked.problems, looked.problems
    simplifier = Simplifier(dict(looked.made), names, primitives.ACTIONS)
    simple = {name: simplifier.simplified(term) for name, term in looked.made.items()}
    return Looked(looked.scope, simple, names.count, [])


def _tuple(scope: Scope, count: int) -> None:
    name = f"({',' * (count - 1)})"
    scope.arities[name] = count
    type_: Type = TypeConstructor(name)
    for place in range(count):
        type_ = Applied(type_, Generic(place))
    for place in reversed(range(count)):
        type_ = arrow(Generic(place), type_)
    data = terms.Constructor(name, 0, count, (count,))
    scope.constructors[name] = ConstructorInfo(data, Scheme(count, (), type_))


def _look(program: syntax.Program, scope: Scope, names: Names, made: dict[str, Term] | None = None) -> Looked:
    """Look through declarations and bindings; all terms have their dictionaries afterwards."""
    made = {} if made is None else made
    constraints = Constraints(scope, count=names.count)
    inference = Inference(scope, constraints, names)
    groups = BindingGroups(inference)
    inference.groups = groups
    declarations = Declarations(scope, groups, made)
    declarations.take_in(program)
    problems = declarations.problems
    if not problems:
        for group in groups.infer_top(program.bindings):
            made |= dict(group)
        for one in program.classes:
            declarations.write_defaults(one)
        for instance in [*program.instances, *declarations.derived]:
            declarations.write_instance(instance)
    problems += groups.problems
    names.count = max(names.count, constraints.count)
    if not problems:
        made = {name: resolved(term, constraints.met, scope) for name, term in made.items()}
        if "main" in made:
            made["main"] = terms.Lambda(("world~main",), terms.Apply(made["main"], (terms.Variable(WORLD),)))
    return Looked(scope, made, names.count, problems)
