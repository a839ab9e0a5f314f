"""Forms that define: define, lambda, set!, and bodies with definitions of their own."""

from collections.abc import Callable

from core.workloads.code.frontends.lisp.data import Datum, List, Name, shown
from core.workloads.code.frontends.lisp.diagnosing import Unreadable
from core.workloads.code.frontends.lisp.expander import Expander, unspecified
from core.workloads.code.frontends.lisp.nodes import (
    Assign,
    Lambda,
    Letrec,
    Node,
    Variable,
)
from core.workloads.code.frontends.lisp.scopes import Macro, Scope, Special
from core.workloads.code.ir.instructions import Position

_FOR_LAMBDA = "(lambda (x y) (+ x y))"


def bind(name: Name, scope: Scope) -> Variable:
    """Make a variable of a scope."""
    found = Variable(name.text, name.at, procedure=scope.procedure)
    scope.names[name.key] = found
    return found


def expand_lambda(expander: Expander, form: List, scope: Scope) -> Node:
    """`(lambda (a b . rest) body ...)`."""
    if len(form) < 3:  # noqa: PLR2004 - word, parameters, body
        raise expander.report.wrong(form, "lambda needs parameters and a body", _FOR_LAMBDA)
    return procedure(expander, form.items[1], form.items[2:], scope, "a procedure", form)


def procedure(
    expander: Expander, params: Datum, body: tuple[Datum, ...], scope: Scope, name: str, form: List
) -> Lambda:
    """Make a procedure of its parameters and its body."""
    made = Lambda(form.at, [], None, name, outer=scope.procedure)
    inner = scope.within(made)
    if isinstance(params, List):
        items, tail = params.items, params.tail
    else:
        items, tail = (), params
    for one in (*items, *([tail] if tail is not None else [])):
        if not isinstance(one, Name):
            raise expander.report.wrong(one, f"a parameter is a name, and {shown(one)} is none", _FOR_LAMBDA)
        if one.key in inner.names:
            raise expander.report.wrong(one, f"there are two parameters called {one.text}", "give one another name")
        bind(one, inner)
    variables = [one for one in inner.names.values() if isinstance(one, Variable)]
    made.params, made.rest = (variables[:-1], variables[-1]) if tail is not None else (variables, None)
    made.body = expand_body(expander, body, inner, form)
    expander.lambdas.append(made)
    return made


def expand_define(expander: Expander, form: List, scope: Scope) -> Node:
    """`(define name value)` or `(define (name . params) body ...)` at the top of the program."""
    if not scope.is_top or not expander.takes_definitions:
        raise expander.report.wrong(
            form,
            "a definition stands at the top of the program or in a body, not within an expression",
            "use let for a variable that is wanted here only",
        )
    name, params, body = definition(expander, form)
    target = expander.global_of(name, scope)
    target.definitions += 1
    expander.takes_definitions = False
    value = defined(expander, name, params, body, scope, form)
    if isinstance(value, Lambda) and target.definitions == 1:
        target.value = value
    target.was_defined = True
    return Assign(form.at, target, value, defines=True)


def definition(expander: Expander, form: List) -> tuple[Name, Datum | None, tuple[Datum, ...]]:
    """Take a definition apart: its name, its parameters if it has any, and what comes behind."""
    if len(form) < 2:  # noqa: PLR2004 - the word and the name
        raise expander.report.wrong(form, "define needs a name and a value", "(define x 5) or (define (f x) (* x x))")
    target, body = form.items[1], form.items[2:]
    if isinstance(target, Name):
        if len(body) > 1:
            hint = f"for a procedure write (define ({target.text} x) ...)"
            raise expander.report.wrong(form, f"define gives {target.text} one value, and there are {len(body)}", hint)
        return target, None, body
    if isinstance(target, List) and target.items:
        if not body:
            raise expander.report.wrong(form, "this procedure has no body", "write behind the parameters what it gives")
        params = List(target.items[1:], target.at, target.tail, target.end)
        if isinstance(target.items[0], Name):
            return target.items[0], params, body
        word = Name("lambda", form.at)
        inner = List((word, params, *body), form.at, end=form.end)
        return definition(expander, List((form.items[0], target.items[0], inner), form.at, end=form.end))
    raise expander.report.wrong(target, f"{shown(target)} cannot be defined: it is no name", "(define x 5)")


def defined(
    expander: Expander, name: Name, params: Datum | None, body: tuple[Datum, ...], scope: Scope, form: List
) -> Node:
    """Make the value of a definition; a procedure takes its name."""
    if params is not None:
        return procedure(expander, params, body, scope, name.text, form)
    if not body:
        return unspecified(form.at)
    value = expander.node(body[0], scope)
    if isinstance(value, Lambda) and value.name == "a procedure":
        value.name = name.text
    return value


def expand_set(expander: Expander, form: List, scope: Scope) -> Node:
    """`(set! name value)`."""
    if len(form) != 3 or not isinstance(form.items[1], Name):  # noqa: PLR2004 - word, name, value
        raise expander.report.wrong(form, "set! needs a name and a value", "(set! x (+ x 1))")
    value = expander.node(form.items[2], scope)
    return expander.assign(form.items[1], value, scope, form.at)


def expand_begin(expander: Expander, form: List, scope: Scope) -> Node:
    """`(begin form ...)`."""
    if len(form) == 1:
        return unspecified(form.at)
    return expander.sequence(form.items[1:], scope, form.at)


# Bodies.


def expand_body(expander: Expander, body: tuple[Datum, ...], scope: Scope, form: List) -> Node:
    """Expand a body: definitions, which all of it sees, and expressions."""
    if not body:
        raise expander.report.wrong(form, "this has no body", "write what it gives before the closing parenthesis")
    inner = scope.within()
    parts: list[tuple[Name | None, Datum | None, tuple[Datum, ...], List | None]] = []
    for one in _flattened(expander, body, inner):
        if isinstance(one, List) and one.items and inner.means_special(one.items[0], "define"):
            name, params, rest = definition(expander, one)
            if isinstance(inner.names.get(name.key), Variable):
                raise expander.report.wrong(name, f"{name.text} is defined twice here", "use set!, or another name")
            bind(name, inner).is_open = True
            parts.append((name, params, rest, one))
        else:
            parts.append((None, None, (one,), None))
    if not any(name for name, *_ in parts):
        return expander.sequence([one for _, _, (one, *_), _ in parts], inner, form.at)
    if parts[-1][0] is not None:
        hint = "write an expression behind the definitions: its value is what the body gives"
        raise expander.report.wrong(parts[-1][3] or form, "a body cannot end with a definition", hint)
    return _letrec(expander, parts, inner, form.at)


def _letrec(
    expander: Expander,
    parts: list[tuple[Name | None, Datum | None, tuple[Datum, ...], List | None]],
    scope: Scope,
    at: Position,
) -> Node:
    last = max(place for place, part in enumerate(parts) if part[0] is not None)
    variables, values = [], []
    wrong: Unreadable | None = None
    for name, params, rest, form in parts[: last + 1]:
        try:
            if name is not None and form is not None:
                variable = scope.names[name.key]
                assert isinstance(variable, Variable)
                value = defined(expander, name, params, rest, scope, form)
            else:
                variable = Variable("", at, procedure=scope.procedure)
                value = expander.node(rest[0], scope)
        except Unreadable as unreadable:
            wrong = unreadable
            continue
        variables.append(variable)
        values.append(value)
    if wrong is not None:
        raise wrong
    body = expander.sequence([rest[0] for _, _, rest, _ in parts[last + 1 :]], scope, at)
    return recursive(at, variables, values, body)


def recursive(at: Position, variables: list[Variable], values: list[Node], body: Node) -> Node:
    """Bind variables that are seen in their own values."""
    for variable, value in zip(variables, values, strict=True):
        if isinstance(value, Lambda):
            variable.value = value
    return Letrec(at, variables, values, body)


def _flattened(expander: Expander, body: tuple[Datum, ...], scope: Scope) -> list[Datum]:
    """List the forms of a body, with those of `begin` and of macros in their places."""
    found: list[Datum] = []
    waiting = list(body)
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, List) and one.items and isinstance(one.items[0], Name):
            meant = scope.find(one.items[0])
            if isinstance(meant, Macro):
                waiting.insert(0, expander.expanded(meant, one, scope))
                continue
            if isinstance(meant, Special):
                if meant.name == "begin":
                    waiting[:0] = one.items[1:]
                    continue
                if meant.name in REWRITTEN:
                    waiting[:0] = REWRITTEN[meant.name](expander, one, scope)
                    continue
                if meant.name == "define-syntax":
                    meant.expand(expander, one, scope)
                    continue
        found.append(one)
    return found


REWRITTEN: dict[str, Callable[[Expander, List, Scope], tuple[Datum, ...]]] = {}
"""Forms that stand for definitions, and what gives these."""
