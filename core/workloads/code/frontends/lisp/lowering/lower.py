"""A whole program as IR: its forms one after another, its procedures, and the data that it quotes."""

from collections.abc import Sequence
from fractions import Fraction

from core.workloads.code.frontends.lisp.data import Atom, Datum, List, Text, Vector
from core.workloads.code.frontends.lisp.library import LIBRARY
from core.workloads.code.frontends.lisp.lowering.calls import MOST_PASSED
from core.workloads.code.frontends.lisp.lowering.procedures import Lowering
from core.workloads.code.frontends.lisp.lowering.program import Program, word_of
from core.workloads.code.frontends.lisp.nodes import Lambda, Node
from core.workloads.code.frontends.lisp.primitives import NIL
from core.workloads.code.frontends.words.lowering import ROOTS
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.module import Module
from core.workloads.code.ir.types import WORD

_VALUE_PARAMS = ("itself", "count", "a", "b", "c", "d")


def lower(nodes: Sequence[Node], main: Lambda) -> Module:
    """Make the module."""
    program = Program(Module())
    forms = ValueBuilder(program.module, "forms", [], WORD, main.at)
    lowering = Lowering(program, main, main, forms)
    for one in nodes:
        lowering.effect(one)
    forms.give_back(0)
    written = 0
    while program.waiting or written < len(program.as_value):
        while program.waiting:
            _lower_procedure(program, program.waiting.pop(), main)
        for one in program.as_value[written:]:
            written += 1
            _lower_value(program, one)
    _lower_main(program, main)
    program.module.place(ROOTS, program.roots, dict(program.initial))
    return program.module


def _lower_main(program: Program, main: Lambda) -> None:
    build = ValueBuilder(program.module, "main", [], WORD, main.at)
    lowering = Lowering(program, main, main, build)
    quoted = program.quoted
    start = build.routine("start", 0)
    for name in ("HANDLERS", "WINDERS"):
        build.poke(lowering.root_word(LIBRARY.sources.roots.index(name)), NIL)
    for datum, root in quoted:
        build.poke(lowering.root_word(root), _made(lowering, datum))
    build.call("forms", [], WORD)
    build.give_back(0)
    for block in build.function.blocks.values():
        for one in block.instructions:
            if one.dest is start:
                one.args = (program.roots,)


def _made(lowering: Lowering, datum: Datum) -> Operand:
    """Make an object of a datum."""
    build = lowering.build
    word = word_of(datum)
    if word is not None:
        return word
    match datum:
        case Atom(value=Text(text=text)):
            return lowering.text(text)
        case Atom(value=int(value)):
            return build.routine("box", value)
        case Atom(value=Fraction(numerator=above, denominator=below)):
            return build.routine("ratio_of", above, below)
        case Vector(items=items):
            return build.routine("list_to_vector", _made(lowering, List(items, datum.at)))
        case List(items=items, tail=tail):
            slot = build.keep(_made(lowering, tail if tail is not None else List((), datum.at)))
            for one in reversed(items):
                build.write(slot, build.routine("cons", _made(lowering, one), build.read(slot)))
            return build.take(slot)
    raise TypeError(datum)


def _lower_procedure(program: Program, procedure: Lambda, main: Lambda) -> None:
    """Write the code of a procedure."""
    params = [(one.name or "it", WORD) for one in procedure.all_params]
    if procedure.free:
        params.insert(0, ("itself", WORD))
    params += [(f"room{number}", WORD) for number in range(procedure.width - len(params))]
    at = procedure.at if procedure.at.line else None
    build = ValueBuilder(program.module, program.code_name(procedure), params, WORD, at)
    Lowering(program, procedure, main, build).run()


def _lower_value(program: Program, procedure: Lambda) -> None:
    """Write what is called through a procedure's value: it checks and takes apart the arguments."""
    at = procedure.at if procedure.at.line else None
    name = f"{program.code_name(procedure)}/value"
    build = ValueBuilder(program.module, name, [(one, WORD) for one in _VALUE_PARAMS], WORD, at)
    lowering = Lowering(program, procedure, procedure, build)
    itself, count, *passed = (build.param(number) for number in range(len(_VALUE_PARAMS)))
    right, wrong = build.label("right"), build.label("wrong")
    least = len(procedure.params)
    build.branch("eq" if procedure.rest is None else "ge", count, least, right, wrong)
    build.block(wrong)
    shown = lowering.text(procedure.name)
    build.routine("wrong_count", shown, least, 0 if procedure.rest is None else 1, count)
    build.block(right)
    given: list[Operand] = [itself] if procedure.free else []
    further = least - (MOST_PASSED - 1)
    if least < MOST_PASSED and procedure.rest is None:
        given += passed[:least]
    elif least <= MOST_PASSED and procedure.rest is None:
        given += passed
    elif procedure.rest is None:
        given += passed[: MOST_PASSED - 1]
        given += [build.routine("list_ref", passed[-1], place) for place in range(further)]
    else:
        slots = [build.keep(one) for one in (*given, *passed)]
        rest = build.keep(build.routine("list_of_arguments", count, *passed))
        taken = [build.read(one) for one in slots][len(given) :]
        given = [build.read(one) for one in slots[: len(given)]]
        for place in range(least):
            given.append(
                taken[place] if place < MOST_PASSED - 1 else build.routine("list_ref", build.read(rest), place)
            )
        given.append(build.routine("list_tail", build.read(rest), least))
    given += [0] * (procedure.width - len(given))
    build.emit(Instruction("tail", WORD, None, tuple(given), program.code_name(procedure)))
