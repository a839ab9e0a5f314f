"""A whole Java source on its way: each phase, and what it made."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.java import lexer
from core.workloads.code.frontends.java.attribution.bodies import Bodies, outside_of
from core.workloads.code.frontends.java.checking import captures, flow
from core.workloads.code.frontends.java.declarations import Import, Unit
from core.workloads.code.frontends.java.declaring import declare
from core.workloads.code.frontends.java.diagnosing import Report, TooManyErrors
from core.workloads.code.frontends.java.inheritance import check as check_inheritance
from core.workloads.code.frontends.java.lowering.lower import lower
from core.workloads.code.frontends.java.parser import parse
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, Method
from core.workloads.code.frontends.java.world import World, library_class
from core.workloads.code.ir.instructions import Position
from core.workloads.code.ir.module import Module

_PACKAGES = ("java.util", "java.util.function", "java.io", "java.lang")


@dataclass(slots=True)
class Phases:
    """What each phase made; a phase after one that failed made nothing."""

    report: Report = field(default_factory=Report)
    tokens: Sequence[lexer.Token] = ()
    tree: Unit | None = None
    world: World | None = None
    module: Module | None = None


def translate(source: str, *, lowered: bool = True) -> Phases:
    """Take a source through all phases; the report has what is wrong with it."""
    phases = Phases()
    try:
        _translate(source, phases, lowered=lowered)
    except TooManyErrors:
        phases.module = None
    except RecursionError:
        phases.module = None
        hint = "split it into parts with names of their own"
        phases.report.error(Position(1, 1), "this source is nested too deep to be read", hint, Phase.PARSE)
    return phases


def _translate(source: str, phases: Phases, *, lowered: bool) -> None:  # noqa: C901 - one phase after another
    report = phases.report
    phases.tokens = list(lexer.tokens(source, report))
    if report.failed:
        return
    tree = parse(phases.tokens, report)
    if report.failed:
        return
    phases.tree = tree
    world = phases.world = World(report)
    if not tree.classes:
        hint = "begin with public class Main { public static void main(String[] args) { ... } }"
        report.error(Position(1, 1), "there is no class here", hint, Phase.PARSE)
        return
    for one in tree.imports:
        _import(one, world)
    classes = declare(world, tree.classes)
    for info in classes:
        check_inheritance(info, report)
    outsides = [(info, outside_of(world, info)) for info in classes]
    for info, outside in outsides:
        Bodies(world, report, outside).constants(info, outside)
    for info, outside in outsides:
        Bodies(world, report, outside).class_bodies(info, None)
    main = _main(classes, report)
    if not report.failed:
        captures.check(world.captured, report)
        for info in list(world.contexts):
            flow.check(info, report)
    if not report.failed and lowered and main is not None:
        phases.module = lower(main, world)


def _import(one: Import, world: World) -> None:
    package, _, last = one.name.rpartition(".")
    if one.static:
        hint = "leave it away, and write the class in front: Math.max(...)"
        world.report.error(one.at, "static imports are not supported", hint)
        return
    if package in _PACKAGES and last == "*":
        world.visible.add(one.name)
        return
    found = library_class(last)
    if found is None or found.package != package or "public" not in found.modifiers:
        message = f"{one.name} is not supported here"
        if not package.startswith("java"):
            message = f"there is no {one.name}"
        hint = "see in the manual which classes of the library there are"
        world.report.error(one.at, message, hint)
        return
    world.visible.add(one.name)


def _main(classes: Sequence[ClassInfo], report: Report) -> Method | None:
    wrong = None
    for info in classes:
        for one in info.methods.get("main", ()):
            strings = len(one.params) == 1 and isinstance(one.params[0], ArrayType) and str(one.params[0]) == "String[]"
            if one.static and strings and "public" in one.modifiers and str(one.returns) == "void":
                return one
            wrong = wrong or one
    if report.failed:
        return None
    at = wrong.declaration.at if wrong is not None and wrong.declaration is not None else Position(1, 1)
    hint = "a program begins in public static void main(String[] args)"
    report.error(at, "this is not the main that a program begins with" if wrong else "there is no main method", hint)
    return None
