"""The words that begin forms of their own, and the forms that are neither binding, branching nor quoting."""

from core.workloads.code.frontends.lisp import binding, branching, letting, quoting
from core.workloads.code.frontends.lisp.binding import bind, expand_body, procedure
from core.workloads.code.frontends.lisp.data import Atom, Datum, List, Name, Text, shown
from core.workloads.code.frontends.lisp.expander import Expander, unspecified
from core.workloads.code.frontends.lisp.nodes import If, Lambda, Node, Read, Routine
from core.workloads.code.frontends.lisp.scopes import Scope, Special


def expand_define_syntax(expander: Expander, form: List, scope: Scope) -> Node:
    """`(define-syntax name (syntax-rules ...))`."""
    if len(form) != 3 or not isinstance(form.items[1], Name):  # noqa: PLR2004 - word, name, rules
        hint = "(define-syntax swap! (syntax-rules () ((_ a b) (let ((t a)) (set! a b) (set! b t)))))"
        raise expander.report.wrong(form, "define-syntax needs a name and rules", hint)
    name = form.items[1]
    scope.names[name.key] = expander.macros.macro(name, form.items[2], scope)
    return unspecified(form.at)


def expand_let_syntax(expander: Expander, form: List, scope: Scope) -> Node:
    """`(let-syntax ((name rules) ...) body ...)`."""
    inner = scope.within()
    if len(form) < 3 or not isinstance(form.items[1], List):  # noqa: PLR2004 - word, macros, body
        raise expander.report.wrong(
            form, "let-syntax needs macros and a body", "(let-syntax ((m (syntax-rules ...))) ...)"
        )
    for one in form.items[1]:
        if not isinstance(one, List) or len(one) != 2 or not isinstance(one.items[0], Name):  # noqa: PLR2004 - a pair
            raise expander.report.wrong(one, f"{shown(one)} is no macro with its name", "(name (syntax-rules ...))")
        inner.names[one.items[0].key] = expander.macros.macro(one.items[0], one.items[1], inner)
    return expand_body(expander, form.items[2:], inner, form)


def _thunk(expander: Expander, body: tuple[Datum, ...], scope: Scope, form: List) -> Lambda:
    return procedure(expander, List((), form.at), body, scope, "a procedure", form)


def expand_delay(expander: Expander, form: List, scope: Scope) -> Node:
    """`(delay value)`."""
    if len(form) != 2:  # noqa: PLR2004 - the word and what is delayed
        raise expander.report.wrong(form, "delay takes one expression", "(delay (+ 1 2))")
    return Routine(form.at, "make_promise", [_thunk(expander, form.items[1:], scope, form)])


def expand_cons_stream(expander: Expander, form: List, scope: Scope) -> Node:
    """`(cons-stream first rest)`."""
    if len(form) != 3:  # noqa: PLR2004 - word, first, rest
        raise expander.report.wrong(form, "cons-stream takes the first element and the rest", "(cons-stream 1 rest)")
    first = expander.node(form.items[1], scope)
    rest = Routine(form.at, "make_promise", [_thunk(expander, form.items[2:], scope, form)])
    return Routine(form.at, "cons", [first, rest])


def expand_assert(expander: Expander, form: List, scope: Scope) -> Node:
    """`(assert test)`."""
    if len(form) != 2:  # noqa: PLR2004 - the word and the test
        raise expander.report.wrong(form, "assert takes one test", "(assert (> x 0))")
    test = expander.node(form.items[1], scope)
    failed = expander.library_call("assertion-failed", form.at, [])
    return If(form.at, test, unspecified(form.at), failed)


def expand_guard(expander: Expander, form: List, scope: Scope) -> Node:
    """`(guard (e clause ...) body ...)`."""
    hint = '(guard (e (#t (display (error-object-message e)))) (error "wrong"))'
    head = form.items[1] if len(form) > 2 else None  # noqa: PLR2004 - word, clauses, body
    if not isinstance(head, List) or not head.items or not isinstance(head.items[0], Name):
        raise expander.report.wrong(form, "guard needs a name with clauses, and a body", hint)
    body = _thunk(expander, form.items[2:], scope, form)
    handler = Lambda(form.at, [], None, "a handler", outer=scope.procedure)
    inner = scope.within(handler)
    variable = bind(head.items[0], inner)
    handler.params = [variable]
    again = expander.library_call("raise-continuable", form.at, [Read(form.at, variable)])
    handler.body = branching.clauses(expander, head.items[1:], inner, again)
    expander.lambdas.append(handler)
    return expander.library_call("guard/call", form.at, [body, handler])


# Several values.


def expand_receive(expander: Expander, form: List, scope: Scope) -> Node:
    """`(receive (a b) values body ...)`."""
    if len(form) < 4:  # noqa: PLR2004 - word, names, values, body
        raise expander.report.wrong(form, "receive needs names, values and a body", "(receive (q r) (floor/ 7 2) q)")
    made = procedure(expander, form.items[1], form.items[3:], scope, "a procedure", form)
    given = Routine(form.at, "values_to_list", [expander.node(form.items[2], scope)])
    return Routine(form.at, "apply_list", [made, given])


def expand_let_values(expander: Expander, form: List, scope: Scope) -> Node:
    """`(let-values (((a b) values) ...) body ...)`."""
    if len(form) < 3 or not isinstance(form.items[1], List):  # noqa: PLR2004 - word, bindings, body
        raise expander.report.wrong(form, "let-values needs names and a body", "(let-values (((q r) (floor/ 7 2))) q)")
    body: tuple[Datum, ...] = form.items[2:]
    for one in reversed(form.items[1].items):
        if not isinstance(one, List) or len(one) != 2:  # noqa: PLR2004 - names and values
            raise expander.report.wrong(
                one, f"{shown(one)} is no list of names with their values", "((q r) (floor/ 7 2))"
            )
        word = Name("receive", form.at, -1, Name("receive"), expander.core)
        body = (List((word, one.items[0], one.items[1], *body), form.at, end=form.end),)
    return expander.sequence(body, scope.within(), form.at)


def expand_define_values(expander: Expander, form: List, scope: Scope) -> Node:
    """`(define-values (a b) values)`."""
    return expander.sequence(_values_defined(expander, form, scope), scope, form.at)


def _values_defined(expander: Expander, form: List, _: Scope) -> tuple[Datum, ...]:
    """Give the definitions that it stands for."""
    if len(form) != 3 or not isinstance(form.items[1], List):  # noqa: PLR2004 - word, names, values
        raise expander.report.wrong(form, "define-values needs names and values", "(define-values (q r) (floor/ 7 2))")
    at, core = form.at, expander.core
    expander.macros.expansions += 1

    def word(text: str) -> Name:
        return Name(text, at, -1, Name(text), core)

    given = Name(f"values {expander.macros.expansions}", at)
    listed = List((word("call-with-values"), List((word("lambda"), List((), at), form.items[2]), at), word("list")), at)
    found: list[Datum] = [List((word("define"), given, listed), at)]
    for place, one in enumerate(form.items[1]):
        part = List((word("list-ref"), given, Atom(place, at)), at)
        found.append(List((word("define"), one, part), at))
    return tuple(found)


# Records.


def expand_define_record(expander: Expander, form: List, scope: Scope) -> Node:
    """`(define-record-type name (make field ...) name? (field get set!) ...)`."""
    return expander.sequence(_record_defined(expander, form, scope), scope, form.at)


def _record_defined(expander: Expander, form: List, _: Scope) -> tuple[Datum, ...]:
    hint = "(define-record-type point (make-point x y) point? (x point-x) (y point-y))"
    if len(form) < 4 or not isinstance(form.items[3], Name):  # noqa: PLR2004 - word, name, constructor, test
        raise expander.report.wrong(form, "a record type has a name, a constructor, a test and fields", hint)
    type_, constructor = form.items[1], form.items[2]
    shown_name = type_.items[0] if isinstance(type_, List) and type_.items else type_
    fields: list[tuple[str, tuple[Datum, ...]]] = []
    for one in form.items[4:]:
        parts: tuple[Datum, ...] = one.items if isinstance(one, List) else (one,)
        if not parts or not all(isinstance(part, Name) for part in parts):
            raise expander.report.wrong(
                one, f"{shown(one)} is no field with its procedures", "(x point-x set-point-x!)"
            )
        assert isinstance(parts[0], Name)
        fields.append((parts[0].text, parts[1:]))
    made = constructor.items if isinstance(constructor, List) else (constructor,)
    names = [name for name, _ in fields]
    for argument in made[1:]:
        if not isinstance(argument, Name) or argument.text not in names:
            raise expander.report.wrong(argument, f"the record has no field called {shown(argument)}", hint)
    return _record_procedures(expander, form, shown(shown_name).strip("<>"), made, fields)


def _record_procedures(
    expander: Expander,
    form: List,
    type_: str,
    made: tuple[Datum, ...],
    fields: list[tuple[str, tuple[Datum, ...]]],
) -> tuple[Datum, ...]:
    """Define the type, its constructor, its test, and what reads and writes its fields."""
    at, test, names = form.at, form.items[3], [name for name, _ in fields]
    expander.macros.expansions += 1
    core, mark = expander.core, Atom(Text(type_), at)

    def word(text: str) -> Name:
        return Name(text, at, -1, Name(text), core)

    def define(name: Datum, params: tuple[Datum, ...], body: Datum) -> Datum:
        return List((word("define"), List((name, *params), at), body), at, end=form.end)

    rtd = Name(f"type {expander.macros.expansions}", at)
    x, value = Name("record", at, expander.macros.expansions), Name("value", at, expander.macros.expansions)
    given = {one.text: one for one in made[1:] if isinstance(one, Name)}
    values = [given.get(name, Atom(value=False, at=at)) for name in names]
    listed = List((word("list"), *values), at)
    found = [
        List((word("define"), rtd, List((word("list"), mark), at)), at),
        define(made[0], tuple(made[1:]), List((word("%make-record"), rtd, listed), at)),
        define(test, (x,), List((word("%records-are?"), rtd, x), at)),
    ]
    for place, (_name, procedures) in enumerate(fields):
        number = Atom(place, at)
        if procedures:
            found.append(define(procedures[0], (x,), List((word("%record-part"), rtd, x, number), at)))
        if len(procedures) > 1:
            setter = List((word("%set-record-part!"), rtd, x, number, value), at)
            found.append(define(procedures[1], (x, value), setter))
    return tuple(found)


def ignore(_: Expander, form: List, __: Scope) -> Node:
    """Pass over the import of a library: all of them is here."""
    return unspecified(form.at)


def refuse_else(expander: Expander, form: List, _: Scope) -> Node:
    """Refuse a form that is not spoken here."""
    word = form.items[0]
    raise expander.report.wrong(form, f"{shown(word)} is not spoken here", _REFUSED[shown(word)])


_REFUSED = {
    "case-lambda": "take a parameter for all further arguments: (lambda (a . rest) ...)",
    "define-macro": "write (define-syntax name (syntax-rules () ((_ x) ...)))",
    "parameterize": "pass an argument, or use set! and dynamic-wind",
    "syntax-case": "write (syntax-rules () ((_ x) ...))",
    "let*-values": "nest let-values within each other",
    "do*": "write do, or a named let",
}
_EXPANDERS = {
    "quote": quoting.expand_quote,
    "quasiquote": quoting.expand_quasiquote,
    "unquote": quoting.refuse_unquote,
    "unquote-splicing": quoting.refuse_unquote,
    "lambda": binding.expand_lambda,
    "define": binding.expand_define,
    "set!": binding.expand_set,
    "begin": binding.expand_begin,
    "let": letting.expand_let,
    "let*": letting.expand_let_star,
    "letrec": letting.expand_letrec,
    "letrec*": letting.expand_letrec,
    "do": letting.expand_do,
    "if": branching.expand_if,
    "when": branching.expand_when,
    "unless": branching.expand_unless,
    "and": branching.expand_and,
    "or": branching.expand_or,
    "cond": branching.expand_cond,
    "case": branching.expand_case,
    "define-syntax": expand_define_syntax,
    "let-syntax": expand_let_syntax,
    "letrec-syntax": expand_let_syntax,
    "delay": expand_delay,
    "cons-stream": expand_cons_stream,
    "assert": expand_assert,
    "guard": expand_guard,
    "receive": expand_receive,
    "let-values": expand_let_values,
    "define-values": expand_define_values,
    "define-record-type": expand_define_record,
    "import": ignore,
    "use-modules": ignore,
    **dict.fromkeys(_REFUSED, refuse_else),
}
binding.REWRITTEN.update({"define-values": _values_defined, "define-record-type": _record_defined})
WORDS = {name: Special(name, expand) for name, expand in _EXPANDERS.items()}
"""All words that begin forms."""
