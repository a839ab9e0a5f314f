"""Looking over the core before it becomes IR: which procedures are loops, and which variables are shared."""

from collections.abc import Iterator, Sequence

from core.workloads.code.frontends.lisp.nodes import (
    Assign,
    Call,
    Constant,
    If,
    Lambda,
    Let,
    Letrec,
    Node,
    Or,
    Read,
    Routine,
    Steps,
    Variable,
    Word,
    known,
)

VALUE_WORDS = 6
"""Words that are passed to a procedure that is called through its value."""


def survey(nodes: Sequence[Node], main: Lambda) -> None:
    """Find loops, and tell of each procedure which variables of others it uses."""
    _find_loops(nodes)
    for one in nodes:
        _own(one, main)
    _widen(nodes, main)


def parts(node: Node) -> Iterator[tuple[Node, bool]]:  # noqa: C901 - a case for each node
    """Yield what a node is made of, but for bodies of procedures, and whether it is the last thing the node does."""
    match node:
        case Constant() | Word() | Read() | Lambda():
            return
        case Assign(value=value):
            yield value, False
        case If(test=test, then=then, otherwise=otherwise):
            yield test, False
            yield then, True
            yield otherwise, True
        case Or(first=first, second=second):
            yield first, False
            yield second, True
        case Steps(parts=listed):
            for place, one in enumerate(listed):
                yield one, place == len(listed) - 1
        case Let(values=values, body=body) | Letrec(values=values, body=body):
            for one in values:
                yield one, False
            yield body, True
        case Call(procedure=procedure, args=args):
            for one in (procedure, *args):
                yield one, False
        case Routine(args=args):
            for one in args:
                yield one, False


# Loops: procedures of a `letrec` that are only ever called, as the last thing that it does.


def _find_loops(nodes: Sequence[Node]) -> None:
    candidates: set[Lambda] = set()
    for one in nodes:
        _gather(one, candidates)
    while True:
        for one in candidates:
            one.is_loop = True
        wrong: set[Lambda] = set()
        for node in nodes:
            _look(node, frozenset(), wrong)
        for one in wrong:
            one.is_loop = False
        if not wrong & candidates:
            return
        candidates -= wrong


def _gather(node: Node, into: set[Lambda]) -> None:
    if isinstance(node, Letrec):
        for variable, value in zip(node.variables, node.values, strict=True):
            if isinstance(value, Lambda) and not variable.is_assigned and value.rest is None:
                into.add(value)
    if isinstance(node, Lambda):
        _gather(node.body, into)
    for one, _ in parts(node):
        _gather(one, into)


def _look(node: Node, last: frozenset[Variable], wrong: set[Lambda]) -> None:
    """Note the procedures that are used otherwise; `last` has the variables whose calls may be jumps here."""
    match node:
        case Call(procedure=Read(variable=Variable(value=Lambda() as called) as variable), args=args):
            if variable not in last or len(args) != len(called.params):
                wrong.add(called)
            for one in args:
                _look(one, frozenset(), wrong)
            return
        case Read(variable=Variable(value=Lambda() as named)):
            wrong.add(named)
        case Lambda(body=body):
            _look(body, frozenset(), wrong)
        case Letrec(variables=variables, values=values, body=body):
            loops = {one for one in variables if one.value is not None and one.value.is_loop}
            inner = last | loops
            for value in values:
                if isinstance(value, Lambda) and value.is_loop:
                    _look(value.body, inner, wrong)
                else:
                    _look(value, frozenset(), wrong)
            _look(body, inner, wrong)
            return
    for one, is_last in parts(node):
        _look(one, last if is_last else frozenset(), wrong)


# Variables: whose they are, and who uses those of others.


def _own(node: Node, procedure: Lambda) -> None:
    match node:
        case Read(variable=Variable() as used):
            _use(used, procedure)
        case Assign(variable=Variable() as used):
            _use(used, procedure)
        case Let(variables=variables) | Letrec(variables=variables):
            for variable in variables:
                variable.procedure = procedure
        case Lambda() if node.is_loop:
            for variable in node.params:
                variable.procedure = procedure
            _own(node.body, procedure)
        case Lambda():
            node.outer = procedure
            for variable in node.all_params:
                variable.procedure = node
            _own(node.body, node)
    for one, _ in parts(node):
        _own(one, procedure)


def _use(variable: Variable, procedure: Lambda) -> None:
    present: Lambda | None = procedure
    while present is not None and present is not variable.procedure:
        variable.is_captured = True
        if variable not in present.free:
            present.free.append(variable)
        present = present.outer


# Calls that a procedure ends with: they take no stack where it was passed as many words as they pass on.


def _widen(nodes: Sequence[Node], main: Lambda) -> None:
    ends: dict[Lambda, list[Lambda | None]] = {}
    for one in nodes:
        _note_ends(one, main, ends, is_last=False)
    for one, called in ends.items():
        one.width = len(one.all_params) + bool(one.free)
        if None in called:
            one.width = max(one.width, VALUE_WORDS)
    changed = True
    while changed:
        changed = False
        for one, called in ends.items():
            wanted = max((other.width for other in called if other is not None), default=0)
            if wanted > one.width:
                one.width, changed = wanted, True


def _note_ends(node: Node, procedure: Lambda, ends: dict[Lambda, list[Lambda | None]], *, is_last: bool) -> None:
    match node:
        case Routine(name="apply_list") if is_last:
            ends[procedure].append(None)
        case Call() if is_last:
            called = known(node)
            if called is None or not (called.is_loop or called is procedure):
                ends[procedure].append(called)
        case Lambda():
            ends.setdefault(node, [])
            _note_ends(node.body, node, ends, is_last=True)
        case Letrec(values=values):
            for one in values:
                if isinstance(one, Lambda) and one.is_loop:
                    _note_ends(one.body, procedure, ends, is_last=is_last)
    for one, ends_it in parts(node):
        if not (isinstance(one, Lambda) and one.is_loop):
            _note_ends(one, procedure, ends, is_last=is_last and ends_it)


# The order in which variables of a loop get their next values.


def reads(node: Node, variable: Variable) -> bool:
    """Whether computing a value may read a variable; procedures within keep what it was by themselves, loops do not."""
    if isinstance(node, Read):
        return node.variable is variable
    if isinstance(node, Lambda):
        return reads(node.body, variable) if node.is_loop else variable in node.free
    return any(reads(one, variable) for one, _ in parts(node))


def in_order(pairs: list[tuple[Variable, Node]]) -> list[tuple[Variable, Node]]:
    """Order values so that few have to wait until others have read the variable; only where no order can be seen."""
    if not all(_is_plain(value) for _, value in pairs):
        return pairs
    found, left = [], list(pairs)
    while left:
        free = next((one for one in left if not any(reads(v, one[0]) for p, v in left if p is not one[0])), left[0])
        found.append(free)
        left.remove(free)
    return found


def _is_plain(node: Node) -> bool:
    return isinstance(node, Constant | Word | Read) or (
        isinstance(node, Routine) and all(_is_plain(one) for one in node.args)
    )
