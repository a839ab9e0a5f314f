"""Terms as Idris shows them."""

from core.workloads.code.frontends.idris.core import (
    Apply,
    Delay,
    Force,
    Lambda,
    Let,
    Literal,
    Local,
    Meta,
    Pi,
    Term,
    Top,
    Universe,
    mentions,
    spine,
)
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.values import Value

_LOOSE, _ARROW, _EQUAL, _APPLIED = 0, 1, 2, 4
_PAIRS = {"Prelude/Pair": ("(", ", ", ")"), "Prelude/MkPair": ("(", ", ", ")"), "Prelude/MkDPair": ("(", " ** ", ")")}
_OPERATOR_LEVEL = 3
_BOTH = 2
"""Arguments of an operator."""


def show(evaluator: Evaluator, value: Value, names: tuple[str, ...]) -> str:
    """Show a value within variables of these names."""
    return show_term(evaluator.quote(value, len(names)), names)


def show_term(term: Term, names: tuple[str, ...] = (), level: int = _LOOSE) -> str:  # noqa: C901, PLR0911 - a case for each sort
    """Show a term; brackets are around it where what stands around binds tighter than `level`."""
    match term:
        case Local(index):
            return names[-1 - index] or "_" if 0 <= index < len(names) else "_"
        case Universe():
            return "Type"
        case Literal(value, sort):
            return _literal(value, sort)
        case Meta(variable):
            return variable.name or "_"
        case Top(name):
            return _short(name)
        case Lambda(name, mode, _, body):
            if mode is not Mode.EXPLICIT:
                return show_term(body, (*names, name), level)
            shown = _fresh(name or "x", names)
            return _bracketed(f"\\{shown} => {show_term(body, (*names, shown))}", level > _LOOSE)
        case Pi():
            return _bracketed(_function_type(term, names), level > _LOOSE)
        case Apply():
            return _application(term, names, level)
        case Let(name, _, value, body):
            shown = f"let {name} = {show_term(value, names)} in {show_term(body, (*names, name))}"
            return _bracketed(shown, level > _LOOSE)
        case Delay(body) | Force(body):
            return show_term(body, names, level)


def _literal(value: int | str, sort: str) -> str:
    if sort == "String":
        escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'
    return f"'{value}'" if sort == "Char" else str(value)


def _short(name: str) -> str:
    short = name.partition("/")[2].partition("~")[0]
    return short if short[:1].isalnum() or short[:1] == "_" or not short else f"({short})"


def _bracketed(text: str, brackets: bool) -> str:  # noqa: FBT001 - whether brackets are needed
    return f"({text})" if brackets else text


def _fresh(name: str, names: tuple[str, ...]) -> str:
    while name in names:
        name += "'"
    return name


def _function_type(term: Pi, names: tuple[str, ...]) -> str:
    used = mentions(term.codomain, 0)
    name = _fresh(term.name or "x", names) if used else term.name
    rest = show_term(term.codomain, (*names, name))
    domain = show_term(term.domain, names)
    quantity = "0 " if term.erased else ""
    if term.mode is Mode.AUTO and not used:
        return f"{show_term(term.domain, names, _ARROW)} => {rest}"
    if term.mode is not Mode.EXPLICIT:
        return f"{{{'auto ' if term.mode is Mode.AUTO else quantity}{name} : {domain}}} -> {rest}"
    if used or term.erased:
        return f"({quantity}{name or '_'} : {domain}) -> {rest}"
    return f"{show_term(term.domain, names, _ARROW)} -> {rest}"


def _application(term: Apply, names: tuple[str, ...], level: int) -> str:
    head, steps = spine(term)
    args = [one.argument for one in steps if one.mode is Mode.EXPLICIT]
    name = head.name if isinstance(head, Top) else ""
    if not args:
        return show_term(head, names, level)
    if name in _PAIRS and len(args) == _BOTH:
        opening, between, closing = _PAIRS[name]
        return f"{opening}{show_term(args[0], names)}{between}{_rest(name, args[1], names)}{closing}"
    if name == "Prelude/DPair" and isinstance(args[1], Lambda):
        shown = _fresh(args[1].name or "x", names)
        first, second = show_term(args[0], names), show_term(args[1].body, (*names, shown))
        return f"({shown} : {first} ** {second})"
    if name == "Prelude/Equal":
        left, right = (show_term(one, names, _EQUAL) for one in args)
        return _bracketed(f"{left} = {right}", level >= _EQUAL)
    short = name.partition("/")[2]
    if len(args) == _BOTH and short and not (short[0].isalnum() or short[0] in "_~"):
        left, right = (show_term(one, names, _OPERATOR_LEVEL) for one in args)
        return _bracketed(f"{left} {short} {right}", level >= _OPERATOR_LEVEL)
    shown = " ".join([show_term(head, names, _APPLIED), *(show_term(one, names, _APPLIED) for one in args)])
    return _bracketed(shown, level >= _OPERATOR_LEVEL + 1)


def _rest(name: str, term: Term, names: tuple[str, ...]) -> str:
    """Show the second part of a pair, without brackets of its own where it is a pair again."""
    shown = show_term(term, names)
    head, _ = spine(term)
    return shown[1:-1] if isinstance(head, Top) and head.name == name and shown.startswith("(") else shown
