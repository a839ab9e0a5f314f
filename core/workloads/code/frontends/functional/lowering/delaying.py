"""What is left for later: thunks and closures with the variables that they need, and data whose fields may wait."""

from core.workloads.code.frontends.functional.lowering.objects import (
    closure_header,
    code_pointer,
    make,
    thunk_header,
)
from core.workloads.code.frontends.functional.lowering.unit import Waiting
from core.workloads.code.frontends.functional.lowering.writer import Live, Writer
from core.workloads.code.frontends.functional.objects import DATA, header
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import (
    Apply,
    Construct,
    Lambda,
    Literal,
    Primitive,
    Term,
    Text,
    Variable,
)
from core.workloads.code.frontends.words.frames import PREFIX
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD

_CHEAP = frozenset({"add", "sub", "eq", "ne", "lt", "le", "gt", "ge"})
"""Operations that take no longer than leaving them for later."""


def is_plain(body: Writer, term: Term) -> bool:
    """Whether having the term for later makes no object."""
    return isinstance(term, Literal) or (isinstance(term, Variable) and body.unit.arity(term.name) != 0)


def delayed(body: Writer, term: Term, live: Live) -> Operand:  # noqa: PLR0911 - a case for each sort of term
    """Give what the term is or will be, without computing it."""
    match term:
        case Variable(name):
            return _variable(body, name)
        case Literal(value):
            return value
        case Text(""):
            return 0
        case Construct(constructor, args):
            if not args:
                return constructor.tag
            fields = body.computed([(one, False) for one in args], live)
            return make(body.build, header(DATA, constructor.tag), fields)
        case Lambda():
            return _closure(body, term, "")
        case Primitive("op", name) if name in _CHEAP and all(body.is_ready(one) for one in term.args):
            return body.value(term, live)
        case Apply(Variable(name), args) if len(args) < (body.unit.arity(name) or 0) and name not in body.build.places:
            return body.value(term, live)
        case _:
            return _thunk(body, term)


def _variable(body: Writer, name: str) -> Operand:
    build, unit = body.build, body.unit
    if name == WORLD:
        return 0
    if name in build.places:
        return build.variable_value(name)
    arity = unit.arity(name)
    assert arity is not None, name
    if arity:
        unit.entered.add(name)
        pointer = build.compute("function", WORD, symbol=f"{name}.entry")
        return build.compute("add", WORD, build.compute("mul", WORD, pointer, 10), arity)
    place = build.compute("global", WORD, symbol=PREFIX + "roots", offset=unit.values.index(name))
    return build.routine("top", place, code_pointer(build, f"{name}.code"))


def _fields(body: Writer, names: list[str], missing: frozenset[str]) -> list[Operand]:
    return [0 if name in missing else body.build.variable_value(name) for name in names]


def _captured(body: Writer, term: Term, itself: str) -> list[str]:
    return sorted(body.free(term) - {itself})


def _queue(body: Writer, name: str, params: tuple[str, ...], inner: Term, fields: list[str], itself: str = "") -> None:
    evaluated = frozenset(one for one in fields if one in body.build.evaluated)
    body.unit.waiting.append(Waiting(name, params, inner, tuple(fields), evaluated, itself))


def _closure(body: Writer, term: Lambda, itself: str, missing: frozenset[str] = frozenset()) -> Operand:
    names = _captured(body, term, itself)
    code = body.unit.code_name(body.stem.partition(".")[0])
    _queue(body, code, term.params, term.body, names, itself)
    fields = [code_pointer(body.build, code), *_fields(body, names, missing)]
    return make(body.build, closure_header(len(term.params)), fields)


def _thunk(body: Writer, term: Term, missing: frozenset[str] = frozenset()) -> Operand:
    names = _captured(body, term, "")
    code = body.unit.code_name(body.stem.partition(".")[0])
    _queue(body, code, (), term, names)
    fields = [code_pointer(body.build, code), *_fields(body, names, missing)]
    return make(body.build, thunk_header(), fields)


def bind(body: Writer, bindings: tuple[tuple[str, Term], ...], live: Live) -> None:
    """Bind local values, which may refer to each other."""
    names = frozenset(name for name, _ in bindings)
    if len(bindings) == 1:
        name, term = bindings[0]
        if name not in body.free(term) or isinstance(term, Lambda):
            made = _closure(body, term, name) if isinstance(term, Lambda) else delayed(body, term, live)
            body.build.bind(name, made, evaluated=isinstance(term, Lambda | Construct | Literal))
            return
    missing = set(names)
    holes: list[tuple[str, int, str]] = []
    for name, term in bindings:
        itself = name if isinstance(term, Lambda) else ""
        captured = _captured(body, term, itself)
        holes += [(name, place, one) for place, one in enumerate(captured, 1) if one in missing]
        if isinstance(term, Lambda):
            made = _closure(body, term, itself, frozenset(missing))
        else:
            made = _thunk(body, term, frozenset(missing))
        body.build.bind(name, made, evaluated=isinstance(term, Lambda))
        missing.discard(name)
    for name, place, one in holes:
        build = body.build
        build.routine("set_field", build.variable_value(name), place, build.variable_value(one))
