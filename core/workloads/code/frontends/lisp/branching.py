"""Forms that choose: if, cond, case, and, or, when, unless; and what they are made of."""

from core.workloads.code.frontends.lisp.data import Datum, List, Name, shown
from core.workloads.code.frontends.lisp.expander import Expander, unspecified
from core.workloads.code.frontends.lisp.nodes import Call, Constant, If, Let, Node, Or, Read, Routine, Variable, Word
from core.workloads.code.frontends.lisp.scopes import Scope
from core.workloads.code.frontends.words.values import FALSE, TRUE

_FOR_IF = "(if (> x 0) x (- x))"
_FOR_COND = "(cond ((> x 0) 'more) (else 'less))"
_FOR_CASE = "(case x ((1 2) 'few) (else 'many))"


def expand_if(expander: Expander, form: List, scope: Scope) -> Node:
    """`(if test then else)`."""
    if len(form) not in (3, 4):
        count = len(form) - 1
        hint = "take (begin ...) for several steps, or cond for several tests" if count > 3 else _FOR_IF  # noqa: PLR2004 - with otherwise
        raise expander.report.wrong(form, f"if takes a test and one or two values, and gets {count} parts", hint)
    parts = expander.nodes(form.items[1:], scope)
    return If(form.at, parts[0], parts[1], parts[2] if len(parts) > 2 else unspecified(form.at))  # noqa: PLR2004 - with otherwise


def expand_when(expander: Expander, form: List, scope: Scope) -> Node:
    """`(when test step ...)`."""
    test, body = _test_and_body(expander, form, scope, "when")
    return If(form.at, test, body, unspecified(form.at))


def expand_unless(expander: Expander, form: List, scope: Scope) -> Node:
    """`(unless test step ...)`."""
    test, body = _test_and_body(expander, form, scope, "unless")
    return If(form.at, test, unspecified(form.at), body)


def _test_and_body(expander: Expander, form: List, scope: Scope, word: str) -> tuple[Node, Node]:
    if len(form) < 3:  # noqa: PLR2004 - word, test, body
        raise expander.report.wrong(form, f"{word} needs a test and a body", f"({word} (> x 0) (display x))")
    return expander.node(form.items[1], scope), expander.sequence(form.items[2:], scope, form.at)


def expand_and(expander: Expander, form: List, scope: Scope) -> Node:
    """`(and a b ...)`."""
    parts = expander.nodes(form.items[1:], scope)
    if not parts:
        return Word(form.at, TRUE)
    found = parts[-1]
    for one in reversed(parts[:-1]):
        found = If(form.at, one, found, Word(form.at, FALSE))
    return found


def expand_or(expander: Expander, form: List, scope: Scope) -> Node:
    """`(or a b ...)`."""
    parts = expander.nodes(form.items[1:], scope)
    if not parts:
        return Word(form.at, FALSE)
    found = parts[-1]
    for one in reversed(parts[:-1]):
        found = Or(form.at, one, found)
    return found


def expand_cond(expander: Expander, form: List, scope: Scope) -> Node:
    """`(cond (test step ...) ... (else step ...))`."""
    if len(form) == 1:
        raise expander.report.wrong(form, "cond has no clauses", _FOR_COND)
    return clauses(expander, form.items[1:], scope, unspecified(form.at))


def clauses(expander: Expander, given: tuple[Datum, ...], scope: Scope, otherwise: Node) -> Node:
    """Expand clauses as cond has them; `otherwise` where none is taken."""
    found = otherwise
    for place, one in reversed(list(enumerate(given))):
        if not isinstance(one, List) or not one.items:
            raise expander.report.wrong(
                one, f"{shown(one)} is no clause: a clause is a test and what follows from it", _FOR_COND
            )
        if is_word(one.items[0], "else", scope):
            if place + 1 < len(given):
                raise expander.report.wrong(one, "else is not the last clause", "move it to the end")
            if len(one) == 1:
                raise expander.report.wrong(one, "nothing stands behind else", _FOR_COND)
            found = expander.sequence(one.items[1:], scope, one.at)
            continue
        test = expander.node(one.items[0], scope)
        if len(one) == 1:
            found = Or(one.at, test, found)
        elif is_word(one.items[1], "=>", scope):
            found = _arrow(expander, one, test, found, scope)
        else:
            found = If(one.at, test, expander.sequence(one.items[1:], scope, one.at), found)
    return found


def _arrow(expander: Expander, clause: List, test: Node, otherwise: Node, scope: Scope) -> Node:
    if len(clause) != 3:  # noqa: PLR2004 - test, arrow, procedure
        raise expander.report.wrong(clause, "behind => stands one procedure", "((assv x table) => cdr)")
    variable = Variable("test", clause.at, procedure=scope.procedure)
    value = Read(clause.at, variable)
    called = Call(clause.at, expander.node(clause.items[2], scope), [value])
    return Let(clause.at, [variable], [test], If(clause.at, Read(clause.at, variable), called, otherwise))


def is_word(datum: Datum, word: str, scope: Scope) -> bool:
    """Whether a datum is a word such as `else`, and no variable of that name."""
    return isinstance(datum, Name) and datum.text == word and scope.find(datum) is None


def expand_case(expander: Expander, form: List, scope: Scope) -> Node:
    """`(case key ((datum ...) step ...) ... (else step ...))`."""
    if len(form) < 3:  # noqa: PLR2004 - word, key, one clause
        raise expander.report.wrong(form, "case needs a key and clauses", _FOR_CASE)
    key = Variable("key", form.at, procedure=scope.procedure)
    found: Node = unspecified(form.at)
    for one in reversed(form.items[2:]):
        if not isinstance(one, List) or len(one) < 2:  # noqa: PLR2004 - data and a step
            raise expander.report.wrong(one, f"{shown(one)} is no clause", _FOR_CASE)
        if is_word(one.items[1], "=>", scope) and len(one) == 3:  # noqa: PLR2004 - data, arrow, procedure
            body: Node = Call(one.at, expander.node(one.items[2], scope), [Read(one.at, key)])
        else:
            body = expander.sequence(one.items[1:], scope, one.at)
        if is_word(one.items[0], "else", scope):
            found = body
            continue
        data = one.items[0]
        if not isinstance(data, List):
            raise expander.report.wrong(data, "the values of a clause stand in parentheses", f"(({shown(data)}) ...)")
        test: Node = Word(one.at, FALSE)
        for datum in reversed(data.items):
            same = Routine(one.at, "is_equivalent?", [Read(one.at, key), Constant(one.at, datum)])
            test = Or(one.at, same, test)
        found = If(one.at, test, body, found)
    return Let(form.at, [key], [expander.node(form.items[1], scope)], found)
