"""What chooses by the class of an object: which of the methods that override one, and whether it is of a class."""

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.lowering.program import Program
from core.workloads.code.frontends.java.lowering.writer import Writer
from core.workloads.code.frontends.java.representation import ARRAY_CLASS, BUILT_IN, OTHER_CLASS, machine
from core.workloads.code.frontends.java.types import ClassInfo, Method
from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.types import S32, WORD


def request(program: Program) -> None:
    """See that all methods that calls may reach will be written."""
    for method in list(program.called):
        for reached in program.implementations(method).values():
            if "native" not in reached.modifiers:
                program.code_name(reached)
        if method.owner is program.world.object().of:
            program.code_name(method)


def write_chooser(program: Program, method: Method, name: str) -> str | None:
    """Write what chooses a method; gives the name of the only one there is, where that is so."""
    reached = program.implementations(method)
    targets: dict[str, list[ClassInfo]] = {}
    objects = method.owner is program.world.object().of
    if objects and "native" not in method.modifiers:
        targets[program.code_name(method)] = []  # of arrays
    for one, found in reached.items():
        native = "native" in found.modifiers
        code = f"lib.{found.owner.name.lstrip('$')}_{found.name}" if native else program.code_name(found)
        targets.setdefault(code, []).append(one)
    only = list(targets)
    if len(only) == 1 and not only[0].startswith("lib."):
        return only[0]
    params = [("this", WORD), *((f"a{place}", machine(one)) for place, one in enumerate(method.params))]
    returns = WORD if method.returns == types.VOID else machine(method.returns)
    build = Writer(program.module, name, params, returns)
    if not targets:
        build.trap("raised")
        return None
    args = tuple(build.param(place) for place in range(len(params)))
    most = max(targets, key=lambda one: len(targets[one]))
    cases: dict[int, str] = {}
    labels = {code: build.label("method") for code in targets}
    for code, classes in targets.items():
        if code != most:
            cases |= {program.number(one): labels[code] for one in classes}
    if objects and most != program.names.get(method):
        cases |= {ARRAY_CLASS: labels[program.code_name(method)], OTHER_CLASS: labels[program.code_name(method)]}
    if cases:
        build.switch(class_number(build, args[0], list(reached), any_object=objects), cases, labels[most])
    for code, label in labels.items():
        build.block(label)
        build.emit(Instruction("tail", WORD, None, args, code))
    return None


def class_number(build: Writer, object_: Operand, classes: list[ClassInfo], *, any_object: bool) -> Operand:
    """Read the number of an object's class, quickly where all lie in the store."""
    if any_object or any(one.library and one.name in BUILT_IN for one in classes):
        return build.routine("class_of", object_)
    return build.compute("shr", WORD, build.word(object_, 0), 38)


def write_tester(program: Program, one: ClassInfo, name: str) -> None:
    """Write what answers whether an object is of a class."""
    build = Writer(program.module, name, [("object", WORD)], S32)
    cases = {program.number(below): "yes" for below in program.made if program.inherits(below, one)}
    further = build.label("further")
    build.branch("eq", build.param(0), 0, "no", further)
    build.block(further)
    if cases:
        build.switch(build.routine("class_of", build.param(0)), cases, "no")
    else:
        build.jump("no")
    for label, answer in (("yes", 1), ("no", 0)):
        build.block(label)
        build.give_back(answer)
