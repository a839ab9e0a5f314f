"""Whether functions are what is demanded of them: covering every case, and sure to come to an end."""

from core.workloads.code.frontends.idris.core import Fits
from core.workloads.code.frontends.idris.coverage import Coverage
from core.workloads.code.frontends.idris.declarations import Declarations
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.problems import wrong
from core.workloads.code.frontends.idris.termination import Call, calls, not_ending


def judge(checker: Declarations) -> None:
    """Find out of all functions of a program whether they are total, and tell of those that are not as demanded."""
    known = checker.known
    functions = [one for one in checker.own if one.kind == "function" and one.clauses is not None]
    coverage = Coverage(checker)
    found: dict[str, list[Call]] = {}
    for one in functions:
        if one.name in checker.broken or one.owner in checker.broken:
            continue
        one.not_covering = coverage.missing(one)
        one.not_total = _negative(checker, one)
        found[one.name] = list(calls(known, one))
    for name, by in not_ending(known, found).items():
        known.definitions[name].not_total = f"{_named(known.definitions[by])} may call itself for ever"
    _spread(checker, found)
    for one in functions:
        _tell(checker, one)


def _negative(checker: Declarations, one: Definition) -> str:
    """Tell of a type without an end that a function takes apart."""
    definitions = checker.known.definitions
    waiting = [pattern for clause in one.clauses or () for pattern in clause.patterns]
    while waiting:
        pattern = waiting.pop()
        if isinstance(pattern, Fits):
            family = definitions[definitions[pattern.constructor].family]
            if not family.positive:
                return f"{family.short} stands to the left of an arrow in one of its constructors"
            waiting += pattern.args
    return ""


def _spread(checker: Declarations, found: dict[str, list[Call]]) -> None:
    """Make functions not total that call one which is not."""
    definitions = checker.known.definitions
    moved = True
    while moved:
        moved = False
        for name, inner in found.items():
            one = definitions[name]
            for call in inner:
                other = definitions[call.called]
                if not one.not_total and call.called != name and (reason := _reason(other)):
                    one.not_total, moved = reason, True


def _reason(other: Definition) -> str:
    if other.not_total:
        return other.not_total
    if other.not_covering:
        return f"{_named(other)} does not take every case"
    if other.totality == "partial" and other.kind == "function" and not other.clauses:
        return f"{_named(other)} is partial"
    return ""


def _named(one: Definition) -> str:
    return one.short.partition("~")[0]


def _tell(checker: Declarations, one: Definition) -> None:
    definitions = checker.known.definitions
    owner = definitions.get(one.owner, one)
    demanded = one.totality or owner.totality
    if demanded == "partial":
        return
    if one.not_covering:
        message = f"{_named(one)} is not covering: the case {one.not_covering} is missing"
        hint = "write a clause for it, or partial in front of the type"
        if one.not_covering.startswith("case "):
            message = f"this case is not covering: {_last(one.not_covering)} is missing"
            hint = "write an alternative for it, or _ => for all others"
        checker.report(wrong(one.at, message, hint))
    elif demanded == "total" and one.not_total and one.owner in (one.name, ""):
        hint = "let an argument get smaller in each call, or write covering in front of the type"
        checker.report(wrong(one.at, f"{_named(one)} is not total: {one.not_total}", hint))


def _last(case: str) -> str:
    """Give the last argument of a case that is shown."""
    depth, start = 0, 0
    for place, sign in enumerate(case):
        depth += (sign in "([") - (sign in ")]")
        if sign == " " and not depth:
            start = place + 1
    return case[start:]
