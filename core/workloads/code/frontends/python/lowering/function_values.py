"""What is called through the value of a function: it checks the arguments and fills in defaults."""

from core.workloads.code.frontends.python.lowering.method_calls import MethodCalls
from core.workloads.code.frontends.python.lowering.program import Function, Program
from core.workloads.code.frontends.python.lowering.variables import ROOTS
from core.workloads.code.frontends.words.values import NONE
from core.workloads.code.frontends.words.writing import ValueBuilder
from core.workloads.code.ir.instructions import Operand, Position
from core.workloads.code.ir.types import WORD

_VALUE_PARAMS = ("itself", "count", "a", "b", "c", "d")


def lower_value(program: Program, function: Function) -> None:
    """Write what is called through a function's value: it checks the arguments and fills in defaults."""
    node = function.node
    at = Position(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)
    name = f"{function.name}/value"
    build = ValueBuilder(program.module, name, [(one, WORD) for one in _VALUE_PARAMS], WORD, at)
    itself, count, *passed = (build.param(number) for number in range(len(_VALUE_PARAMS)))
    most = -1 if function.rest else len(function.positional)
    right, wrong = build.label("right"), build.label("wrong")
    if function.required == most:
        build.branch("eq", count, most, right, wrong)
    else:
        enough = build.label("enough")
        build.branch("ge", count, function.required, enough, wrong)
        build.block(enough)
        build.branch("le", count, most if most >= 0 else 1 << 30, right, wrong)
    build.block(wrong)
    shown = MethodCalls(program, function, build).text(function.shown)
    build.routine("wrong_count", shown, function.required, most, count)
    build.block(right)
    slots = [build.keep(one) for one in (itself, *passed)]
    values: list[str] = []
    for number, one in enumerate(function.positional):
        values.append(_argument(program, function, build, number, one, slots))
    given_by_name = [_default(program, function, build, one, build.read(slots[0])) for one in function.keyword_only]
    values += [build.keep(one) for one in given_by_name]
    if function.rest:
        four = [build.read(slot) for slot in slots[1:]]
        values.append(build.keep(build.routine("arguments_from", len(function.positional), count, *four)))
    given = [build.read(one) for one in values]
    if function.has_closure:
        given.insert(0, build.read(slots[0]))
    found = build.call(function.name, given, WORD)
    build.give_back(found)


def _argument(
    program: Program, function: Function, build: ValueBuilder, number: int, name: str, slots: list[str]
) -> str:
    """Keep the argument of one parameter, or its default."""
    result = build.slot(name, 1)
    count = build.param(1)
    given, missing, end = build.label("given"), build.label("missing"), build.label("taken")
    if name in function.defaults:
        build.branch("gt", count, number, given, missing)
        build.block(missing)
        build.write(result, _default(program, function, build, name, build.read(slots[0])))
        build.jump(end)
        build.block(given)
    if number < 3:  # noqa: PLR2004 - the first three are always passed one by one
        build.write(result, build.read(slots[1 + number]))
    else:
        four = [build.read(slot) for slot in slots[1:]]
        build.write(result, build.routine("argument", number, count, *four))
    build.block(end)
    return result


def _default(program: Program, function: Function, build: ValueBuilder, name: str, itself: Operand) -> Operand:
    if name in function.default_roots:
        word = build.compute("global", WORD, symbol=ROOTS, offset=function.default_roots[name])
        return build.compute("peek", WORD, word)
    if name in function.default_places:
        return build.word(itself, function.default_places[name])
    if name not in function.defaults:
        return NONE
    return MethodCalls(program, function, build).value(function.defaults[name])
