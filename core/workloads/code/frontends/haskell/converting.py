"""Types of the source as types of inference: synonyms replaced, names looked up."""

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.haskell import syntax
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import Scope, meant
from core.workloads.code.frontends.haskell.types import ARROW, Applied, Constructor, Generic, Scheme, Type, spine

Variables = dict[str, Type]


def convert(scope: Scope, term: syntax.TypeTerm, variables: Variables) -> Type:
    """Convert a type; raises `Refusal` for a name that nothing has."""
    parts: list[syntax.TypeTerm] = []
    head = term
    while isinstance(head, syntax.TypeApply):
        parts.append(head.argument)
        head = head.function
    args = [convert(scope, one, variables) for one in reversed(parts)]
    name, at = head.name, head.at
    if name in scope.synonyms:
        return _expanded(scope, scope.synonyms[name], args, at)
    found = _named(scope, name, at, variables)
    if name in scope.arities and len(args) > scope.arities[name]:
        message = f"{name} takes {scope.arities[name]} types, not {len(args)}"
        raise Refusal(Phase.SEMANTIC, at, message)
    for one in args:
        found = Applied(found, one)
    return found


def _named(scope: Scope, name: str, at: At, variables: Variables) -> Type:
    if name in variables:
        return variables[name]
    if name in scope.arities:
        return Constructor(name)
    if name[0].islower():
        message, hint = f"the type variable {name} is not bound here", f"write data T {name} = ..."
    else:
        message, hint = f"no type is called {name}", meant(name, [*scope.arities, *scope.synonyms])
    raise Refusal(Phase.SEMANTIC, at, message, hint)


def _expanded(scope: Scope, synonym: syntax.Synonym, args: list[Type], at: At) -> Type:
    if len(args) < len(synonym.params):
        message = f"{synonym.name} takes {len(synonym.params)} types, not {len(args)}"
        raise Refusal(Phase.SEMANTIC, at, message)
    found = convert(scope, synonym.type, dict(zip(synonym.params, args, strict=False)))
    for one in args[len(synonym.params) :]:
        found = Applied(found, one)
    return found


def names(term: syntax.TypeTerm) -> list[str]:
    """List the variables of a type in the order in which they come."""
    if isinstance(term, syntax.TypeName):
        return [term.name] if term.name[0].islower() or term.name[0] == "_" else []
    return list(dict.fromkeys([*names(term.function), *names(term.argument)]))


def scheme(
    scope: Scope, written: syntax.Scheme, first: tuple[str, ...] = (), *, fixed: Variables | None = None
) -> Scheme:
    """Convert a type that the program gives; `first` are variables that come before all others."""
    fixed = fixed or {}
    context = [name for _, _, type_ in written.context for name in names(type_)]
    order = [one for one in dict.fromkeys([*first, *names(written.type), *context]) if one not in fixed]
    variables: Variables = {**fixed, **{name: Generic(number) for number, name in enumerate(order)}}
    predicates = []
    for at, class_name, type_ in written.context:
        if class_name not in scope.classes:
            hint = meant(class_name, list(scope.classes))
            raise Refusal(Phase.SEMANTIC, at, f"no class is called {class_name}", hint)
        predicates.append((class_name, convert(scope, type_, variables)))
    found = convert(scope, written.type, variables)
    _complete(scope, found, written.type)
    return Scheme(len(order), tuple(predicates), found)


def _complete(scope: Scope, type_: Type, written: syntax.TypeTerm) -> None:
    """Refuse a type of values that lacks types: `Maybe` alone."""
    head, args = spine(type_)
    if isinstance(head, Constructor) and scope.arities.get(head.name, len(args)) > len(args):
        while isinstance(written, syntax.TypeApply):
            written = written.function
        message = f"{head.name} takes {scope.arities[head.name]} types, not {len(args)}"
        raise Refusal(Phase.SEMANTIC, written.at, message, f"write {head.name} a, or {head.name} Int")
    if head == ARROW:
        for one in args:
            _complete(scope, one, written)
