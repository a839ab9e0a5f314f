"""What the library asks of a program: about its classes, the names in it, and where it is to stop."""

from collections.abc import Callable

from core.workloads.code.frontends.python.classes import BUILT_IN, EXCEPTIONS
from core.workloads.code.frontends.python.externals import EXTERNAL
from core.workloads.code.frontends.python.lowering.program import MAIN, Class, Program
from core.workloads.code.frontends.python.lowering.variables import ROOTS
from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.frontends.words.values import (
    FUNCTION,
    REFERENCE,
    UNBOUND,
    fits_inline,
    inline_string,
    packed_string,
)
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Operand, Position
from core.workloads.code.ir.types import WORD

_UNCAUGHT = "an exception that nothing caught; stderr tells which and where"


def answer(program: Program) -> None:
    """Write all functions that the library expects of a program."""
    parents = dict(BUILT_IN.values())
    parents |= {one.number: one.base_number for one in program.classes.values()}
    _numbers(program, "program_parent", parents, 0)
    words = {one.number: one.first_word + len(one.attributes) for one in program.classes.values()}
    _numbers(program, "program_words", words, 2)
    names = {number: name for name, (number, _) in BUILT_IN.items()}
    names |= {one.number: one.name for one in program.classes.values()}
    _texts(program, "program_class_name", names)
    _texts(program, "program_name", {number: name for name, number in program.names.items()})
    shown = {one.number: one.shown for one in program.functions.values()}
    _texts(program, "program_where", {**shown, 0: MAIN})
    _lookup(program)
    _place(program)
    _construct(program)
    _stop(program)


def _begin(program: Program, name: str) -> ValueBuilder:
    params = [(f"p{number}", WORD) for number in range(EXTERNAL[name])]
    return ValueBuilder(program.module, PREFIX + name, params, WORD)


def _choose(build: ValueBuilder, value: Operand, cases: dict[int, Callable[[], None]]) -> None:
    """Go on by a number; what fits no case goes on behind."""
    labels = {number: build.label("case") for number in cases}
    otherwise = build.label("otherwise")
    build.switch(value, labels, otherwise)
    for number, write in cases.items():
        build.block(labels[number])
        write()
    build.block(otherwise)


def _numbers(program: Program, name: str, found: dict[int, int], otherwise: int) -> None:
    """Answer with a number; those that are alike share a case."""
    build = _begin(program, name)
    labels = {answered: f"gives.{answered}" for answered in sorted(set(found.values()))}
    cases = {number: labels[answered] for number, answered in sorted(found.items()) if answered != otherwise}
    if cases:
        build.switch(build.param(0), cases, "otherwise")
        for answered in sorted(set(found.values()) - {otherwise}):
            build.block(labels[answered])
            build.give_back(answered)
        build.block("otherwise")
    build.give_back(otherwise)


def _texts(program: Program, name: str, found: dict[int, str]) -> None:
    build = _begin(program, name)

    def giving(text: str) -> Callable[[], None]:
        return lambda: build.give_back(_text(program, build, text))

    _choose(build, build.param(0), {number: giving(text) for number, text in sorted(found.items())})
    build.give_back(inline_string("?"))


def _text(program: Program, build: ValueBuilder, text: str) -> Operand:
    if fits_inline(text):
        return inline_string(text)
    name = program.texts.get(text)
    if name is None:
        words = packed_string(text)
        name = program.texts[text] = f"text.{len(program.texts)}"
        program.module.place(name, len(words), dict(enumerate(words)))
    return build.compute("add", WORD, build.compute("global", WORD, symbol=name), REFERENCE)


def _lookup(program: Program) -> None:
    """Find what a class or one above it has by a name."""
    build = _begin(program, "program_lookup")

    def own(class_: Class) -> Callable[[], None]:
        def write() -> None:
            names = {program.name_number(name): name for name in [*class_.methods, *class_.roots]}
            cases = {number: _giving(build, class_, name) for number, name in sorted(names.items())}
            if cases:
                _choose(build, build.param(1), cases)
            if class_.base is not None:
                found = build.call(PREFIX + "program_lookup", [class_.base.number, build.param(1)], WORD)
                build.give_back(found)
            else:
                build.give_back(UNBOUND)

        return write

    if program.classes:
        _choose(build, build.param(0), {one.number: own(one) for one in program.classes.values()})
    build.give_back(UNBOUND)


def _giving(build: ValueBuilder, class_: Class, name: str) -> Callable[[], None]:
    def write() -> None:
        if name in class_.roots:
            word = build.compute("global", WORD, symbol=ROOTS, offset=class_.roots[name])
            found = build.compute("peek", WORD, word)
            if class_.base is None:
                build.give_back(found)
                return
            there, missing = build.label("there"), build.label("missing")
            build.branch("ne", found, UNBOUND, there, missing)
            build.block(there)
            build.give_back(found)
            build.block(missing)
            further = build.call(PREFIX + "program_lookup", [class_.base.number, build.param(1)], WORD)
            build.give_back(further)
            return
        method = class_.methods[name]
        pointer = build.compute("function", WORD, symbol=f"{method.name}/value")
        build.give_back(build.compute("add", WORD, pointer, FUNCTION))

    return write


def _place(program: Program) -> None:
    build = _begin(program, "program_place")

    def own(class_: Class) -> Callable[[], None]:
        def write() -> None:
            places = {
                program.name_number(name): class_.first_word + place for place, name in enumerate(class_.attributes)
            }
            _choose(build, build.param(1), {number: giving(place) for number, place in sorted(places.items())})
            build.give_back(0)

        return write

    def giving(place: int) -> Callable[[], None]:
        return lambda: build.give_back(place)

    found = {one.number: own(one) for one in program.classes.values() if one.attributes}
    if found:
        _choose(build, build.param(0), found)
    build.give_back(0)


def _construct(program: Program) -> None:
    """Make an instance and have its `__init__` called with the arguments."""
    build = _begin(program, "program_construct")
    class_, count, a, b, c, d, _ = (build.param(number) for number in range(EXTERNAL["program_construct"]))

    def own(one: Class) -> Callable[[], None]:
        def write() -> None:
            init = one.method("__init__")
            words = one.first_word + len(one.attributes)
            kept = [build.keep(value) for value in (a, b, c, d)]
            if one.is_exception:
                args = build.routine("arguments_from", 0, count, *(build.read(slot) for slot in kept))
                made = build.routine("exception_of_program", one.number, args)
            else:
                made = build.routine("new_instance", words, one.number)
            slot = build.keep(made)
            if init is not None:
                values = [build.read(one) for one in kept]
                name = program.name_number("__init__")
                build.routine("call_method", build.read(slot), name, count, *values)
            elif not one.is_exception:
                right, wrong = build.label("right"), build.label("wrong")
                build.branch("eq", count, 0, right, wrong)
                build.block(wrong)
                build.routine("wrong_count", _text(program, build, one.name), 0, 0, count)
                build.block(right)
            for each in kept:
                build.drop(each)
            build.give_back(build.take(slot))

        return write

    def built_in(name: str) -> Callable[[], None]:
        routine = "exception" if name in EXCEPTIONS else name
        return lambda: build.give_back(build.routine(f"construct_{routine}", class_, count, a, b, c, d))

    cases = {one.number: own(one) for one in program.classes.values()}
    cases |= {BUILT_IN[name][0]: built_in(name) for name in sorted(program.valued) if name != "object"}
    if cases:
        _choose(build, class_, dict(sorted(cases.items())))
    build.give_back(build.routine("cannot_construct", class_))


def _stop(program: Program) -> None:
    """Stop at a line: the trap has its place there."""
    build = _begin(program, "program_stop")

    def stopping(line: int) -> Callable[[], None]:
        def write() -> None:
            build.here = Position(line, 1)
            build.trap("raised", _UNCAUGHT)

        return write

    _choose(build, build.param(0), {line: stopping(line) for line in sorted(program.lines)})
    build.trap("raised", _UNCAUGHT)
