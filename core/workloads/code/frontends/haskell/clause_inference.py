"""Types of functions by their clauses, with guards and what `where` defines."""

from collections.abc import Callable

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import matching, syntax
from core.workloads.code.frontends.haskell.pattern_inference import PatternInference
from core.workloads.code.frontends.haskell.problems import Refusal
from core.workloads.code.frontends.haskell.scope import Locals
from core.workloads.code.frontends.haskell.types import (
    BOOL,
    IO,
    Meta,
    Type,
    arrow,
    pruned,
    show,
    spine,
    unify,
)

TRUE, FALSE = terms.Constructor("True", 1, 0, (0, 0)), terms.Constructor("False", 0, 0, (0, 0))


def choose(condition: Term, then: Term, otherwise: Term) -> Term:
    """Go on as a truth value says."""
    ways = (terms.Alternative(TRUE, (), then), terms.Alternative(FALSE, (), otherwise))
    return terms.Case(condition, "", ways)


def let(bindings: list[list[tuple[str, Term]]], body: Term) -> Term:
    """Bind groups of names around a term."""
    for group in reversed(bindings):
        body = terms.Let(tuple(group), body)
    return body


class ClauseInference(PatternInference):
    """Looks through functions by their clauses."""

    def infer(self, one: syntax.Expression, local: Locals) -> tuple[Term, Type]:
        """Give the term and its type."""
        raise NotImplementedError

    def function(self, clauses: tuple[syntax.Clause, ...], expected: Type, local: Locals, why: str, name: str) -> Term:
        """Give the function that clauses define."""
        count = len(clauses[0].patterns)
        takes: list[Type] = []
        type_ = expected
        for _ in range(count):
            found = pruned(type_)
            if isinstance(found, Meta):
                one, gives = self.meta(), self.meta()
                unify(found, arrow(one, gives))
                found = pruned(found)
            _, args = spine(found)
            if len(args) != 2 or getattr(spine(found)[0], "name", "") != "->":  # noqa: PLR2004 - an arrow
                message = f"{name} has {count} parameter{'s' * (count > 1)} here, but by its type it takes {len(takes)}"
                raise Refusal(Phase.SEMANTIC, clauses[0].at, message, f"its type is {show(expected)}")
            takes.append(args[0])
            type_ = args[1]
        params = tuple(self.names.fresh("arg") for _ in range(count))
        failure: Term = terms.Stop(
            terms.Text(f"no clause of {name} fits (line {clauses[0].at.line})"), clauses[0].at.line
        )
        body = self.clauses(clauses, params, takes, type_, local, why, failure)
        if spine(type_)[0] == IO:
            # What an action does it does at once when it is handed the world: it takes it as one more parameter.
            body = terms.Apply(body, (terms.Variable(WORLD),))
            params = (*params, self.names.fresh("world"))
        return terms.Lambda(params, body) if params else body

    def clauses(
        self,
        clauses: tuple[syntax.Clause, ...],
        params: tuple[str, ...],
        takes: list[Type],
        gives: Type,
        local: Locals,
        why: str,
        failure: Term,
    ) -> Term:
        """Try clauses one after another."""
        made: list[Callable[[Term], Term]] = []
        for clause in clauses:
            inner = dict(local)
            patterns = [
                self.pattern(pattern, type_, inner, local)
                for pattern, type_ in zip(clause.patterns, takes, strict=True)
            ]
            body = self.bodies(clause, gives, inner, why)
            made.append(matching.tried(params, patterns, body))
        return matching.chained(made, failure, self.names)

    def bodies(self, clause: syntax.Clause, gives: Type, local: Locals, why: str) -> Callable[[Term], Term]:
        """Give what follows from patterns that fit, where it is said what happens if no guard holds."""
        bindings: list[list[tuple[str, Term]]] = []
        if clause.where is not None:
            assert self.groups is not None
            bindings, local = self.groups.infer(clause.where, local)
        made = [self._guarded(one, gives, local, why) for one in clause.bodies]
        return lambda failure: let(bindings, matching.chained(made, failure, self.names))

    def _guarded(self, one: syntax.Guarded, gives: Type, local: Locals, why: str) -> Callable[[Term], Term]:
        steps: list[Callable[[Term, Term], Term]] = []
        for qualifier in one.qualifiers:
            step, local = self._qualifier(qualifier, local)
            steps.append(step)
        body = self.check(one.body, gives, local, why)

        def made(failure: Term) -> Term:
            found = body
            for step in reversed(steps):
                found = step(found, failure)
            return found

        return made

    def _qualifier(self, one: syntax.Qualifier, local: Locals) -> tuple[Callable[[Term, Term], Term], Locals]:
        if one.bindings is not None:
            assert self.groups is not None
            bindings, inner = self.groups.infer(one.bindings, local)
            return (lambda body, _: let(bindings, body)), inner
        assert one.expression is not None
        if one.pattern is None:
            if isinstance(one.expression, syntax.Variable) and one.expression.name == "otherwise":
                return (lambda body, _: body), local
            test = self.check(one.expression, BOOL, local, "a guard is a Bool")
            return (lambda body, failure: choose(test, body, failure)), local
        subject, type_ = self.infer(one.expression, local)
        inner = dict(local)
        pattern = self.pattern(one.pattern, type_, inner, local)
        name = self.names.fresh("subject")

        def made(body: Term, failure: Term) -> Term:
            return terms.Let(((name, subject),), matching.tried((name,), [pattern], lambda _: body)(failure))

        return made, inner
