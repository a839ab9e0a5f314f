"""From definitions to a module of the IR."""

from core.workloads.code.frontends.functional.lifting import lift
from core.workloads.code.frontends.functional.lowering.bodies import Body
from core.workloads.code.frontends.functional.lowering.frames import Frame
from core.workloads.code.frontends.functional.lowering.unit import Unit, Waiting
from core.workloads.code.frontends.functional.objects import MOST_PARAMETERS, UNSET
from core.workloads.code.frontends.functional.occurrences import Occurrences, walk
from core.workloads.code.frontends.functional.padding import padding
from core.workloads.code.frontends.functional.reaching import keep_reachable
from core.workloads.code.frontends.functional.strictness import WORLD, analyze, hasten
from core.workloads.code.frontends.functional.terms import Definitions, Lambda, Term
from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Position
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import WORD

ENTRY_SUFFIX = ".entry"
CODE_SUFFIX = ".code"
ROOTS = PREFIX + "roots"


def lower(definitions: Definitions) -> Module:
    """Make the module; its function `main` does what the definition `main` says."""
    keep_reachable(definitions)
    lift(definitions)
    strict = analyze(definitions)
    hasten(definitions, strict)
    values = [name for name, term in definitions.terms.items() if not isinstance(term, Lambda)]
    occurrences = Occurrences({*definitions.terms, WORLD})
    unit = Unit(definitions, strict, occurrences, _most_parameters(definitions), padding(definitions), values)
    for name, term in definitions.terms.items():
        _define(unit, name, term)
    while unit.waiting:
        _write(unit, unit.waiting.pop())
    for name in sorted(unit.entered):
        _enter(unit, name)
    _begin(unit)
    return unit.module


def _most_parameters(definitions: Definitions) -> int:
    inner = [one for term in definitions.terms.values() for one in walk(term)]
    return min(max((len(one.params) for one in inner if isinstance(one, Lambda)), default=1), MOST_PARAMETERS)


def _frame(unit: Unit, name: str, params: tuple[str, ...], at: str) -> Frame:
    line = unit.definitions.lines.get(at, 0)
    position = Position(line, 1) if line else None
    return Frame(unit.module, name, [(one.partition("~")[0], WORD) for one in params], WORD, position)


def _define(unit: Unit, name: str, term: Term) -> None:
    if not isinstance(term, Lambda):
        unit.waiting.append(Waiting(name + CODE_SUFFIX, (), term, (), frozenset()))
        return
    build = _frame(unit, name + ".f", (*term.params, *("padding",) * unit.padding[name]), name)
    free = unit.occurrences.free(term.body)
    for place, (param, sure) in enumerate(zip(term.params, unit.strict[name], strict=True)):
        if param in free:
            build.bind(param, build.param(place), evaluated=sure)
    Body(unit, build, name).tail(term.body)


def _write(unit: Unit, one: Waiting) -> None:
    build = _frame(unit, one.name, ("self", *one.params), one.name.partition(".")[0])
    free = unit.occurrences.free(one.body)
    for place, param in enumerate(one.params, 1):
        if param in free:
            build.bind(param, build.param(place))
    if one.itself:
        build.bind(one.itself, build.param(0), evaluated=True)
    for place, name in enumerate(one.fields, 1):
        value = build.routine("field1", build.param(0)) if place == 1 else build.routine("field", build.param(0), place)
        build.bind(name, value, evaluated=name in one.evaluated)
    Body(unit, build, one.name).tail(one.body)


def _enter(unit: Unit, name: str) -> None:
    """Write what leads from a function's value to the function: what it needs for certain is computed first."""
    strict = unit.strict[name]
    params = tuple(f"a{place}" for place in range(len(strict)))
    build = _frame(unit, name + ENTRY_SUFFIX, ("self", *params), name)
    for place, param in enumerate(params, 1):
        build.bind(param, build.param(place))
    body = Body(unit, build, name)
    for param, sure in zip(params, strict, strict=True):
        if sure:
            body.evaluate(param)
    args = [build.variable_value(param) for param in params]
    build.emit(Instruction("tail", args=(*args, *(0,) * unit.padding[name]), symbol=name + ".f"))


def _begin(unit: Unit) -> None:
    module = unit.module
    module.place(ROOTS, max(1, len(unit.values)), dict.fromkeys(range(len(unit.values)), UNSET))
    build = FunctionBuilder(module, "main", (), WORD)
    build.call(PREFIX + "start", [len(unit.values)], WORD)
    build.call("main.f", [0] * (1 + unit.padding["main"]), WORD)
    build.give_back(0)
    stop = FunctionBuilder(module, PREFIX + "program_stop", [("line", WORD)], WORD)
    stop.trap("raised", "the program has stopped itself: see what it wrote to its error output")
