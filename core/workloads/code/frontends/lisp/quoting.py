"""Quotations, and quotations with holes."""

from core.workloads.code.frontends.lisp.data import Datum, List, Name, Vector
from core.workloads.code.frontends.lisp.expander import Expander
from core.workloads.code.frontends.lisp.nodes import Constant, Node, Routine
from core.workloads.code.frontends.lisp.scopes import Scope


def expand_quote(expander: Expander, form: List, _: Scope) -> Node:
    """`'datum`."""
    if len(form) != 2:  # noqa: PLR2004 - the word and one datum
        raise expander.report.wrong(form, "quote takes one thing", "'(1 2 3)")
    return _constant(expander, form.items[1])


def _constant(expander: Expander, datum: Datum) -> Node:
    _check(expander, datum)
    return Constant(datum.at, datum)


def _check(expander: Expander, datum: Datum) -> None:
    match datum:
        case Name():
            expander.symbol(datum)
        case List(items=items, tail=tail):
            for one in (*items, *([tail] if tail is not None else [])):
                _check(expander, one)
        case Vector(items=items):
            for one in items:
                _check(expander, one)


def expand_quasiquote(expander: Expander, form: List, scope: Scope) -> Node:
    """`` `(datum ,value ,@list) ``."""
    if len(form) != 2:  # noqa: PLR2004 - the word and one datum
        raise expander.report.wrong(form, "quasiquote takes one thing", "`(1 ,x ,@rest)")
    return _filled(expander, form.items[1], scope, 1)


def _marked(datum: Datum, word: str) -> Datum | None:
    match datum:
        case List(items=(Name(text=text), inner), tail=None) if text == word:
            return inner
    return None


def _has_hole(datum: Datum) -> bool:
    match datum:
        case List(items=(Name(text="unquote" | "unquote-splicing" | "quasiquote"), _)):
            return True
        case List(items=items, tail=tail):
            return any(map(_has_hole, items)) or (tail is not None and _has_hole(tail))
        case Vector(items=items):
            return any(map(_has_hole, items))
    return False


def _filled(expander: Expander, datum: Datum, scope: Scope, depth: int) -> Node:
    if not _has_hole(datum):
        return _constant(expander, datum)
    if (inner := _marked(datum, "unquote")) is not None:
        if depth == 1:
            return expander.node(inner, scope)
        return _kept(expander, datum, inner, scope, depth - 1)
    if (inner := _marked(datum, "quasiquote")) is not None:
        return _kept(expander, datum, inner, scope, depth + 1)
    if isinstance(datum, Vector):
        items = _filled(expander, List(datum.items, datum.at, end=datum.end), scope, depth)
        return Routine(datum.at, "list_to_vector", [items])
    assert isinstance(datum, List)
    found: Node = (
        _filled(expander, datum.tail, scope, depth)
        if datum.tail is not None
        else _constant(expander, List((), datum.at))
    )
    for one in reversed(datum.items):
        spliced = _marked(one, "unquote-splicing")
        if spliced is not None and depth == 1:
            value = expander.node(spliced, scope)
            found = expander.library_call("%append-two", one.at, [value, found])
        else:
            found = Routine(datum.at, "cons", [_filled(expander, one, scope, depth), found])
    return found


def _kept(expander: Expander, datum: Datum, inner: Datum, scope: Scope, depth: int) -> Node:
    """Keep a quotation within a quotation as the list that it is."""
    assert isinstance(datum, List)
    last = Routine(datum.at, "cons", [_filled(expander, inner, scope, depth), _constant(expander, List((), datum.at))])
    return Routine(datum.at, "cons", [_constant(expander, datum.items[0]), last])


def refuse_unquote(expander: Expander, form: List, _: Scope) -> Node:
    """Refuse a hole where there is no quotation around it."""
    raise expander.report.wrong(
        form, "a comma stands for a value only within a quasiquotation", "write ` before the list"
    )
