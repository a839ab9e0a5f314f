"""Putting dictionaries in the places of what asked for them; a method of a known instance is called by its own name."""

from collections.abc import Mapping

from core.workloads.code.frontends.functional.terms import Apply, Term, Variable, parts, rebuilt
from core.workloads.code.frontends.haskell.scope import Scope


def resolved(term: Term, met: Mapping[str, Term], scope: Scope) -> Term:
    """Give the term without any demands in it."""
    return _Resolving(met, scope).term(term)


class _Resolving:
    def __init__(self, met: Mapping[str, Term], scope: Scope) -> None:
        self.met = met
        self.methods = {f"{info.name}.{method}" for info in scope.classes.values() for method in info.methods}
        self.instances = {one.name for one in scope.instances.values()}

    def term(self, term: Term) -> Term:
        if isinstance(term, Variable):
            found = self.met.get(term.name)
            return term if found is None else self.term(found)
        if isinstance(term, Apply):
            return self._apply(Apply(self.term(term.function), tuple(self.term(one) for one in term.args)))
        return rebuilt(term, tuple(self.term(one) for one in parts(term)))

    def _apply(self, term: Apply) -> Term:
        function = term.function
        if not isinstance(function, Variable) or function.name not in self.methods:
            return term
        dictionary = term.args[0]
        head = dictionary.function if isinstance(dictionary, Apply) else dictionary
        if not isinstance(head, Variable) or head.name not in self.instances:
            return term
        method = Variable(f"{head.name}.{function.name.partition('.')[2]}")
        given = dictionary.args if isinstance(dictionary, Apply) else ()
        args = (*given, *term.args[1:])
        return Apply(method, args) if args else method
