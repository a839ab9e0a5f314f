"""Types of expressions and patterns by Hindley and Milner's way; out come terms, with dictionaries where classes are.

Damas and Milner, "Principal type-schemes for functional programs" (1982); Wadler and Blott, "How to make ad-hoc
polymorphism less ad hoc" (1989).
"""

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.terms import Term
from core.workloads.code.frontends.haskell import converting, syntax
from core.workloads.code.frontends.haskell.advising import CHARACTER
from core.workloads.code.frontends.haskell.clause_inference import ClauseInference, choose, let
from core.workloads.code.frontends.haskell.problems import At, Refusal
from core.workloads.code.frontends.haskell.scope import Locals, Value, meant
from core.workloads.code.frontends.haskell.types import (
    BOOL,
    CHAR,
    DOUBLE,
    INT,
    INTEGER,
    STRING,
    Endless,
    Meta,
    Mismatch,
    Type,
    instantiated,
    pruned,
    spine,
    unify,
)
from core.workloads.code.ir.types import float_image


class Inference(ClauseInference):
    """Looks through expressions."""

    def infer(self, one: syntax.Expression, local: Locals) -> tuple[Term, Type]:
        """Give the term and its type."""
        if isinstance(one, syntax.Variable):
            return self.variable(one.at, one.name, local)
        type_ = self.meta()
        return self.check(one, type_, local, "of what stands around it"), type_

    def check(self, one: syntax.Expression, expected: Type, local: Locals, why: str) -> Term:  # noqa: PLR0911 - cases
        """Give the term of an expression that must have a type, for a reason."""
        match one:
            case syntax.Variable(at, name):
                term, found = self.variable(at, name, local)
                self.equal(at, expected, found, why)
                return term
            case syntax.Literal():
                return self._literal(one, expected, why)
            case syntax.Apply():
                return self._application(one, expected, local, why)
            case syntax.Lambda():
                return self._lambda(one, expected, local, why)
            case syntax.Let(_, bindings, body):
                assert self.groups is not None
                found_bindings, inner = self.groups.infer(bindings, local)
                return let(found_bindings, self.check(body, expected, inner, why))
            case syntax.If(_, condition, then, otherwise):
                test = self.check(condition, BOOL, local, "a condition is a Bool")
                first = self.check(then, expected, local, why)
                return choose(test, first, self.check(otherwise, expected, local, "then and else have one type"))
            case syntax.Case():
                return self._case(one, expected, local, why)
            case syntax.Annotated(at, body, written):
                return self._annotated(at, body, written, expected, local, why)
            case syntax.Update():
                return self._update(one, expected, local, why)

    def _literal(self, one: syntax.Literal, expected: Type, why: str) -> Term:
        if one.kind == "string":
            self.equal(one.at, expected, STRING, why)
            return terms.Text(str(one.value))
        if one.kind == "char":
            self.equal(one.at, expected, CHAR, why, CHARACTER if pruned(expected) != CHAR else "")
            return terms.Literal(ord(str(one.value)))
        assert not isinstance(one.value, str)
        type_ = pruned(expected)
        head, _ = spine(type_)
        if not isinstance(head, Meta) and type_ not in (INT, INTEGER, DOUBLE) and not getattr(head, "rigid", 0):
            names = [key[1] for key in self.scope.instances if key[0] == "Num"]
            if getattr(head, "name", "") not in names:
                self.equal(one.at, expected, INTEGER if one.kind == "integer" else DOUBLE, why)
        class_name = "Num" if one.kind == "integer" else "Fractional"
        method = "fromInteger" if one.kind == "integer" else "fromDouble"
        hole = self.constraints.demand(class_name, type_, one.at, f"the number {one.value}")
        number = one.value if one.kind == "integer" else float_image(float(one.value))
        assert isinstance(number, int)
        return terms.Apply(terms.Variable(f"{class_name}.{method}"), (hole, terms.Literal(number)))

    def _application(self, one: syntax.Apply, expected: Type, local: Locals, why: str) -> Term:
        args: list[syntax.Expression] = []
        head: syntax.Expression = one
        while isinstance(head, syntax.Apply):
            args.append(head.argument)
            head = head.function
        args.reverse()
        function, type_ = self.infer(head, local)
        name = head.name if isinstance(head, syntax.Variable) and "~" not in head.name else "the function"
        found: list[Term] = []
        steps: list[tuple[syntax.Expression, Type]] = []
        for place, argument in enumerate(args, 1):
            takes, gives = self.arrow(type_, head.at, name, place)
            steps.append((argument, takes))
            type_ = gives
        operator = not name[0].isalpha() and name[0] != "_" and len(args) == 2  # noqa: PLR2004 - two sides
        if operator or not isinstance(pruned(type_), Meta):
            # What the whole comes to helps to say what is wrong in its parts, but where these explain it better.
            self._try_result(type_, expected)
        for place, (argument, takes) in enumerate(steps, 1):
            told = (
                f"this is the {('left', 'right')[place - 1]} side of {name}"
                if operator
                else (f"this is argument {place} of {name}" if len(args) > 1 else f"this is the argument of {name}")
            )
            found.append(self.check(argument, takes, local, told))
        self.equal(one.at if operator else head.at, expected, type_, why)
        return terms.Apply(function, tuple(found))

    def _try_result(self, type_: Type, expected: Type) -> None:
        head, _ = spine(expected)
        if isinstance(head, Meta):
            return
        result, _ = spine(type_)
        if isinstance(result, Meta) or result == head:
            try:
                unify(expected, type_)
            except (Mismatch, Endless):
                return

    def _lambda(self, one: syntax.Lambda, expected: Type, local: Locals, why: str) -> Term:
        clause = syntax.Clause(one.at, one.patterns, (syntax.Guarded((), one.body),))
        return self.function((clause,), expected, local, why, "the lambda")

    def _case(self, one: syntax.Case, expected: Type, local: Locals, why: str) -> Term:
        subject, type_ = self.infer(one.subject, local)
        name = self.names.fresh("subject")
        failure = terms.Stop(terms.Text(f"no alternative of case fits (line {one.at.line})"), one.at.line)
        body = self.clauses(one.clauses, (name,), [type_], expected, local, why, failure)
        return terms.Let(((name, subject),), body)

    def _annotated(
        self, at: At, body: syntax.Expression, written: syntax.Scheme, expected: Type, local: Locals, why: str
    ) -> Term:
        assert self.groups is not None
        scheme = converting.scheme(self.scope, written)
        name = self.names.fresh("annotated")
        term = self.groups.checked(scheme, lambda type_: self.check(body, type_, local, "of its type"))
        found, type_ = self.instance(at, name, Value(scheme, terms.Variable(name)))
        self.equal(at, expected, type_, why)
        return terms.Let(((name, term),), found)

    def _update(self, one: syntax.Update, expected: Type, local: Locals, why: str) -> Term:
        values = {label: (at, value) for at, label, value in one.fields}
        first_at, first = one.fields[0][:2] if one.fields else (one.at, "")
        if isinstance(one.record, syntax.Variable) and one.record.name in self.scope.constructors:
            info = self.scope.constructors[one.record.name]
            type_ = instantiated(info.scheme.type, [self.meta() for _ in range(info.scheme.variables)])
            old: list[Term] | None = None
        else:
            having = [one for one in self.scope.constructors.values() if first in one.labels]
            if not having:
                raise Refusal(Phase.SEMANTIC, first_at, f"no record has a field {first}")
            info = having[0]
            type_ = instantiated(info.scheme.type, [self.meta() for _ in range(info.scheme.variables)])
            names = tuple(self.names.fresh("old") for _ in info.labels)
            old = [terms.Variable(name) for name in names]
        parts: list[Term] = []
        for place, label in enumerate(info.labels):
            takes, type_ = self.arrow(type_, one.at, "the constructor", place + 1)
            if label in values:
                at, value = values.pop(label)
                parts.append(self.check(value, takes, local, f"this is the field {label}"))
            elif old is not None:
                parts.append(old[place])
            else:
                parts.append(terms.Stop(terms.Text(f"the field {label} was never given"), one.at.line))
        for label, (at, _) in values.items():
            hint = meant(label, list(info.labels))
            raise Refusal(Phase.SEMANTIC, at, f"{info.data.name} has no field {label}", hint)
        self.equal(one.at, expected, type_, why)
        made: Term = terms.Construct(info.data, tuple(parts))
        if old is None:
            return made
        record = self.check(one.record, type_, local, "its fields are replaced")
        failure = terms.Stop(terms.Text(f"the record has no field {first}"), one.at.line)
        default = failure if len(info.data.family) > 1 else None
        return terms.Case(record, "", (terms.Alternative(info.data, names, made),), default)
