"""Types of patterns."""

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import matching, syntax
from core.workloads.code.frontends.haskell.ground import Ground
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import Locals, Value, meant
from core.workloads.code.frontends.haskell.types import (
    BOOL,
    CHAR,
    Scheme,
    Type,
    instantiated,
    spine,
)


class PatternInference(Ground):
    """Looks through patterns."""

    def check(self, one: syntax.Expression, expected: Type, local: Locals, why: str) -> Term:
        """Give the term of an expression that must have a type, for a reason."""
        raise NotImplementedError

    def pattern(self, one: syntax.Pattern, type_: Type, bound: Locals, local: Locals) -> matching.Pattern:
        """Check a pattern; the variables that it binds go into `bound`, under their own names."""
        match one:
            case syntax.Wild():
                return matching.Wild()
            case syntax.Bind(at, name, inner, strict):
                if name in bound and bound[name] is not local.get(name) and "~" not in name:
                    raise Refusal(Phase.SEMANTIC, at, f"{name} stands twice in the patterns", "compare by a guard")
                new = self.names.fresh(name or "strict")
                if name:
                    bound[name] = Value(Scheme(0, (), type_), terms.Variable(new))
                return matching.Bind(new, self.pattern(inner, type_, bound, local), strict=strict)
            case syntax.Lazy(_, inner):
                return matching.Lazy(self.pattern(inner, type_, bound, local), self.names)
            case syntax.Constant(at, literal):
                return self._constant(at, literal, type_)
            case syntax.Match():
                return self._match(one, type_, bound, local)

    def _constant(self, at: At, literal: syntax.Literal, type_: Type) -> matching.Pattern:
        why = "this pattern is compared with what comes in"
        if literal.kind == "char":
            self.equal(at, type_, CHAR, why)
            return matching.Number(ord(str(literal.value)))
        name = self.names.fresh("compared")
        test = syntax.Apply(at, syntax.Apply(at, syntax.Variable(at, "=="), syntax.Variable(at, name)), literal)
        term = self.check(test, BOOL, {name: type_}, why)
        return matching.Test(name, term)

    def _match(self, one: syntax.Match, type_: Type, bound: Locals, local: Locals) -> matching.Pattern:
        info = self.scope.constructors.get(one.constructor)
        if info is None:
            hint = meant(one.constructor, list(self.scope.constructors))
            raise Refusal(Phase.SEMANTIC, one.at, f"no constructor is called {one.constructor} here", hint)
        if len(one.args) != info.data.arity:
            many = info.data.arity
            message = f"{one.constructor} has {many} field{'s' * (many != 1)}, not {len(one.args)}"
            raise Refusal(Phase.SEMANTIC, one.at, message, "put a pattern with fields into brackets")
        found = instantiated(info.scheme.type, [self.meta() for _ in range(info.scheme.variables)])
        takes = []
        for _ in one.args:
            _, args = spine(found)
            takes.append(args[0])
            found = args[1]
        self.equal(one.at, type_, found, "this pattern is held against it")
        parts = [self.pattern(inner, part, bound, local) for inner, part in zip(one.args, takes, strict=True)]
        return matching.Match(info.data, parts, self.names)
