"""Values as terms within other variables, as far as they mention no others."""

from collections.abc import Callable, Mapping

from core.workloads.code.frontends.idris.core import (
    Apply,
    Delay,
    Force,
    Lambda,
    Literal,
    Local,
    Meta,
    Pi,
    Term,
    Top,
)
from core.workloads.code.frontends.idris.core import Universe as UniverseTerm
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.values import (
    Constant,
    Delayed,
    Forced,
    Function,
    Metas,
    MetaVariable,
    Passed,
    Product,
    Stuck,
    Types,
    Value,
)


class Escapes(Exception):
    """A value mentions what it may not."""

    def __init__(self, *, cyclic: bool = False) -> None:
        super().__init__()
        self.cyclic = cyclic


class Renaming:
    """Renames variables; what is still to be found may lose some that it could depend on."""

    def __init__(self, evaluator: Evaluator, metas: Metas) -> None:
        self.evaluator, self.metas = evaluator, metas

    def is_injective(self, value: Value) -> bool:
        """Whether values with this head are the same only if their arguments are."""
        if not isinstance(value, Stuck) or not isinstance(value.head, str):
            return isinstance(value, Constant | Types)
        one = self.evaluator.known.definitions[value.head]
        return one.kind in ("constructor", "type") or (one.kind == "primitive" and not one.arity)

    def renamed(  # noqa: C901, PLR0911 - a case for each sort of value
        self, meta: MetaVariable, places: Mapping[int, int], above: int, depth: int, value: Value, *, rigid: bool = True
    ) -> Term:
        """Quote a value with its variables renamed; `above` binders lie around the place where the term will be."""
        value = self.evaluator.force(value)

        def under(body: Value) -> Term:
            return self.renamed(meta, {**places, depth: above}, above + 1, depth + 1, body, rigid=rigid)

        def same(inner: Value, *, still: bool = True) -> Term:
            return self.renamed(meta, places, above, depth, inner, rigid=rigid and still)

        match value:
            case Function(name, mode, erased, closure):
                return Lambda(name, mode, erased, under(self.evaluator.enter(closure, Stuck(depth))))
            case Product(name, mode, erased, domain, closure):
                codomain = under(self.evaluator.enter(closure, Stuck(depth)))
                return Pi(name, mode, erased, same(domain), codomain)
            case Types():
                return UniverseTerm()
            case Constant(literal, sort):
                return Literal(literal, sort)
            case Delayed(environment, body, endless):
                return Delay(same(self.evaluator.evaluate(body, environment), still=False), endless)
            case Forced(inner):
                return Force(same(inner, still=False))
        head = value.head
        if isinstance(head, MetaVariable):
            if head is meta:
                raise Escapes(cyclic=rigid)
            return self._meta(head, value.args, lambda one: same(one, still=False))
        if isinstance(head, int):
            if head not in places:
                raise Escapes
            found: Term = Local(above - 1 - places[head])
        else:
            found = Top(head)
        still = self.is_injective(value)
        for one in value.args:
            found = Apply(found, same(one.value, still=still), one.mode, one.erased)
        return found

    def _meta(self, head: MetaVariable, args: tuple[Passed, ...], same: Callable[[Value], Term]) -> Term:
        """Rename the arguments of something that is to be found; those that escape, it may not depend on."""
        kept: list[tuple[Passed, Term]] = []
        lost = 0
        for one in args:
            try:
                kept.append((one, same(one.value)))
            except Escapes as escape:
                if escape.cyclic:
                    raise
                lost += 1
        if lost and head.pattern:
            raise Escapes
        if lost:
            head = self._pruned(head, args, [one for one, _ in kept])
        found: Term = Meta(head)
        for one, term in kept:
            found = Apply(found, term, one.mode, one.erased)
        return found

    def _pruned(self, head: MetaVariable, args: tuple[Passed, ...], kept: list[Passed]) -> MetaVariable:
        fewer = self.metas.new(head.type, head.at, head.name, head.what)
        self.metas.made.append(fewer)
        fewer.around = len(kept) - (len(args) - head.around)
        body: Term = Meta(fewer)
        for place, one in enumerate(args):
            if one in kept:
                body = Apply(body, Local(len(args) - 1 - place), one.mode, one.erased)
        for one in reversed(args):
            body = Lambda("x", one.mode, one.erased, body)
        self.metas.solve(head, self.evaluator.evaluate(body, ()))
        return fewer
