"""The let family: let, its loops, let*, letrec and do."""

from core.workloads.code.frontends.lisp.binding import bind, defined, expand_body, procedure, recursive
from core.workloads.code.frontends.lisp.data import Datum, List, Name, shown
from core.workloads.code.frontends.lisp.expander import Expander, unspecified
from core.workloads.code.frontends.lisp.nodes import Call, If, Lambda, Let, Node, Read, Steps, Variable
from core.workloads.code.frontends.lisp.scopes import Scope

_FOR_LET = "(let ((x 1) (y 2)) (+ x y))"


def _bindings(expander: Expander, bindings: Datum) -> list[tuple[Name, Datum]]:
    if not isinstance(bindings, List):
        raise expander.report.wrong(bindings, "a list of variables with their values is missing here", _FOR_LET)
    found = []
    for one in bindings:
        if isinstance(one, List) and len(one) == 2 and isinstance(one.items[0], Name):  # noqa: PLR2004 - name, value
            found.append((one.items[0], one.items[1]))
        elif isinstance(one, Name) and bindings.items[0] is one and len(bindings) == 2:  # noqa: PLR2004 - as `let` has it
            raise expander.report.wrong(one, "each variable has parentheses of its own", f"write (({one.text} ...))")
        else:
            raise expander.report.wrong(one, f"{shown(one)} is no variable with its value", "write (name value)")
    return found


def expand_let(expander: Expander, form: List, scope: Scope) -> Node:
    """`(let ((name value) ...) body ...)`, and the loop `(let name ((name value) ...) body ...)`."""
    if len(form) > 2 and isinstance(form.items[1], Name):  # noqa: PLR2004 - word, name, bindings
        return _named_let(expander, form, form.items[1], scope)
    if len(form) < 3:  # noqa: PLR2004 - word, bindings, body
        raise expander.report.wrong(form, "let needs variables and a body", _FOR_LET)
    bindings = _bindings(expander, form.items[1])
    values = expander.nodes([value for _, value in bindings], scope)
    inner = scope.within()
    variables = []
    for name, _ in bindings:
        if name.key in inner.names:
            raise expander.report.wrong(name, f"{name.text} is bound twice", "take let*, or give one another name")
        variables.append(bind(name, inner))
    return Let(form.at, variables, values, expand_body(expander, form.items[2:], inner, form))


def _named_let(expander: Expander, form: List, name: Name, scope: Scope) -> Node:
    if len(form) < 4:  # noqa: PLR2004 - word, name, bindings, body
        raise expander.report.wrong(form, "a named let needs variables and a body", "(let loop ((i 0)) ...)")
    bindings = _bindings(expander, form.items[2])
    values = expander.nodes([value for _, value in bindings], scope)
    inner = scope.within()
    variable = bind(name, inner)
    variable.is_open = True
    params = List(tuple(one for one, _ in bindings), form.at)
    made = procedure(expander, params, form.items[3:], inner, name.text, form)
    return recursive(form.at, [variable], [made], Call(form.at, Read(form.at, variable), values))


def expand_let_star(expander: Expander, form: List, scope: Scope) -> Node:
    """`(let* ((name value) ...) body ...)`: each value sees the variables before."""
    if len(form) < 3:  # noqa: PLR2004 - word, bindings, body
        raise expander.report.wrong(form, "let* needs variables and a body", _FOR_LET)
    bound: list[tuple[Variable, Node]] = []
    for name, datum in _bindings(expander, form.items[1]):
        value = expander.node(datum, scope)
        scope = scope.within()
        bound.append((bind(name, scope), value))
    found = expand_body(expander, form.items[2:], scope, form)
    for variable, value in reversed(bound):
        found = Let(form.at, [variable], [value], found)
    return found


def expand_letrec(expander: Expander, form: List, scope: Scope) -> Node:
    """`(letrec ((name value) ...) body ...)`."""
    if len(form) < 3:  # noqa: PLR2004 - word, bindings, body
        raise expander.report.wrong(form, "letrec needs variables and a body", "(letrec ((f (lambda (x) ...))) (f 1))")
    bindings = _bindings(expander, form.items[1])
    inner = scope.within()
    variables = [bind(name, inner) for name, _ in bindings]
    for one in variables:
        one.is_open = True
    values = [defined(expander, name, None, (value,), inner, form) for name, value in bindings]
    return recursive(form.at, variables, values, expand_body(expander, form.items[2:], inner, form))


def expand_do(expander: Expander, form: List, scope: Scope) -> Node:
    """`(do ((name first next) ...) (end? result ...) body ...)`."""
    hint = "(do ((i 0 (+ i 1))) ((= i 5) i) (display i))"
    if len(form) < 3 or not isinstance(form.items[1], List) or not isinstance(form.items[2], List):  # noqa: PLR2004 - as `let` has it
        raise expander.report.wrong(form, "do needs variables, and a test with a result", hint)
    names, firsts, steps = [], [], []
    for one in form.items[1]:
        if not isinstance(one, List) or len(one) not in (2, 3) or not isinstance(one.items[0], Name):
            raise expander.report.wrong(one, f"{shown(one)} is no variable with its first and next value", hint)
        names.append(one.items[0])
        firsts.append(one.items[1])
        steps.append(one.items[-1] if len(one) == 3 else one.items[0])  # noqa: PLR2004 - with a next value
    end = form.items[2]
    if not end.items:
        raise expander.report.wrong(end, "the test that ends the loop is missing", hint)
    values = expander.nodes(firsts, scope)
    inner = scope.within()
    loop = Variable("do", form.at, procedure=scope.procedure, is_open=True)
    made = Lambda(form.at, [], None, "a loop", outer=scope.procedure)
    within = inner.within(made)
    made.params = [bind(one, within) for one in names]
    test = expander.node(end.items[0], within)
    result = expander.sequence(end.items[1:], within, end.at) if len(end) > 1 else unspecified(end.at)
    again = Call(form.at, Read(form.at, loop), expander.nodes(steps, within))
    body = expander.nodes(form.items[3:], within)
    made.body = If(form.at, test, result, Steps(form.at, [*body, again]))
    expander.lambdas.append(made)
    return recursive(form.at, [loop], [made], Call(form.at, Read(form.at, loop), values))
