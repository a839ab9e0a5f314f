"""Parts that become functions of their own: `case`, `with`, and local functions."""

from dataclasses import replace

from core.workloads.code.frontends.idris import declared, syntax
from core.workloads.code.frontends.idris.context import Context, Meaning
from core.workloads.code.frontends.idris.core import Apply, Clause, Local, Pi, Term, Variable
from core.workloads.code.frontends.idris.functions import Functions
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.left_sides import Opened
from core.workloads.code.frontends.idris.names import TYPES
from core.workloads.code.frontends.idris.problems import At, wrong
from core.workloads.code.frontends.idris.sides import Leaf, LeftSide
from core.workloads.code.frontends.idris.syntax import Argument, Declared, Mode
from core.workloads.code.frontends.idris.values import MetaVariable, Product, Stuck, Value


class Clauses(Functions):
    """Elaborates parts of functions."""

    def local(self, context: Context, declarations: tuple[Declared, ...]) -> Context:
        """Take in local functions."""
        made: list[tuple[Definition, list[declared.Clause]]] = []
        known: dict[str, tuple[Definition, list[declared.Clause]]] = {}
        for one in declarations:
            match one:
                case declared.Signature():
                    type_ = self.close(context, self.signature(context, one.type))
                    found = self._lift(context, one.name, type_, one.at, one.totality)
                    known[one.name] = found, []
                    made.append(known[one.name])
                    context = context.call(one.name, self._meaning_of(context, found))
                case declared.Clause() if one.name in known:
                    known[one.name][1].append(one)
                case declared.Clause(args=()) if one.body is not None and not one.where:
                    term, value = self.infer(context, one.body)
                    _, value = self.opened(context, one.at, term, value, None)
                    self.progress()
                    type_ = self.close(context, self.evaluator.quote(value, context.depth))
                    found = self._lift(context, one.name, type_, one.at, "")
                    known[one.name] = found, [one]
                    made.append(known[one.name])
                    context = context.call(one.name, self._meaning_of(context, found))
                case declared.Clause():
                    message = f"the local function {one.name} has no type"
                    raise wrong(one.at, message, f"write {one.name} : and its type in the line before")
                case _:
                    message = "only functions can be local here"
                    raise wrong(one.at, message, "write other declarations at the top")
        for definition, clauses in made:
            if not clauses:
                raise wrong(definition.at, f"{_plain(definition.short)} has a type, but is not defined")
            self.function(context, definition, clauses, top=False)
        return context

    def _lift(self, context: Context, name: str, type_: Term, at: At, totality: str) -> Definition:
        whole = f"{self.module}/{self.known.fresh(name)}"
        one = Definition(whole, "function", type_, TYPES, at, totality=totality, owner=context.owner)
        self.define(one, named=False)
        self.lifted.append(one)
        return one

    def _meaning_of(self, context: Context, one: Definition) -> Meaning:
        value, type_ = self.evaluator.top(one.name), one.value
        for argument in context.environment:
            product = self.evaluator.force(type_)
            assert isinstance(product, Product)
            value = self.evaluator.apply(value, argument, product.mode, product.erased)
            type_ = self.evaluator.enter(product.closure, argument)
        return Meaning(value, type_)

    def match(self, context: Context, match: syntax.Match, expected: Value) -> Term:
        """Make a function of the alternatives of a `case`."""
        subject, type_ = self.infer(context, match.subject)
        subject, type_ = self.opened(context, match.subject.at, subject, type_, None)
        self.progress()
        type_ = self.evaluator.force(type_)
        if isinstance(type_, Stuck) and isinstance(type_.head, MetaVariable):
            self._guess(context, match, type_)
        domain = self.evaluator.quote(type_, context.depth)
        codomain = self.evaluator.quote(expected, context.depth + 1)
        closed = self.close(context, Pi("", Mode.EXPLICIT, False, domain, codomain))
        one = self._lift(context, "case", closed, match.at, "")
        made = []
        for alternative in match.alternatives:
            side = self.start(context, one)
            if alternative.body is None:
                written = declared.Clause(alternative.at, "case", (Argument(alternative.pattern),), None)
                self._refuted(side, one, written)
                continue
            self.arguments(side, "case", (Argument(alternative.pattern),))
            if isinstance(subject, Local) and not context.entries[context.depth - 1 - subject.index].is_let:
                self._fit(alternative.pattern.at, side.values[context.depth - 1 - subject.index], side.values[-1])
            opened = self.open(side, alternative.at, context)
            body = self.check(opened.context, alternative.body, opened.type)
            made.append(Clause(opened.variables, opened.patterns, body, alternative.at))
        one.clauses, one.arity = made, context.depth + 1
        return Apply(self.call(context, one.name), subject)

    def _guess(self, context: Context, match: syntax.Match, type_: Value) -> None:
        """Find the type of what is looked at by the first pattern that is a constructor."""
        for one in match.alternatives:
            pattern = one.pattern
            if isinstance(pattern, syntax.As):
                pattern = pattern.pattern
            name = ""
            if isinstance(pattern, syntax.Tuple):
                name = "Prelude/MkPair" if pattern.items else "Prelude/MkUnit"
            elif isinstance(pattern, syntax.Dependent):
                name = "Prelude/MkDPair"
            elif isinstance(pattern, syntax.Listed):
                name = "Prelude/Nil"
            else:
                head = pattern.function if isinstance(pattern, syntax.Application) else pattern
                found = self._constructors(head.name) if isinstance(head, syntax.Name) else []
                name = found[0].name if found else ""
            if not name:
                continue
            own: Value = self.known.definitions[name].value
            while isinstance(own := self.evaluator.force(own), Product):
                inner = self.unknown(context, own.domain, one.at, "of which type this is")
                own = self.evaluator.enter(own.closure, inner)
            self.same(context, match.subject.at, own, type_)
            return

    def _with(self, one: Definition, clause: declared.Clause, opened: Opened) -> Clause:
        """Make a function of the clauses of `with`, in whose type what is looked at is a variable."""
        context = opened.context
        assert clause.subject is not None
        subject, type_ = self.infer(context, clause.subject)
        subject, type_ = self.opened(context, clause.subject.at, subject, type_, None)
        self.progress()
        motive, _ = self._abstracted(context, opened.type, self.value(context, subject))
        domain = self.evaluator.quote(type_, context.depth)
        closed = self.close(context, Pi("", Mode.EXPLICIT, False, domain, motive))
        helper = self._lift(context, one.short, closed, clause.at, "")
        values = [self.evaluator.quote(each, context.depth) for each in opened.values]
        made: list[Clause] = []
        for inner in clause.inner:
            if not inner.more:
                raise wrong(inner.at, "a clause of with has a bar and a pattern", "write _ | pattern = value")
            found = self._with_clause(one, helper, inner, context, values)
            if found is not None:
                made.append(found)
        helper.clauses, helper.arity = made, context.depth + 1
        body = Apply(self.call(context, helper.name), subject)
        return Clause(opened.variables, opened.patterns, body, clause.at)

    def _with_clause(
        self, one: Definition, helper: Definition, inner: declared.Clause, context: Context, values: list[Term]
    ) -> Clause | None:
        side = self.start(context, helper)
        known = tuple(side.values)
        if inner.name:
            if inner.name != one.short.partition("~")[0]:
                raise wrong(inner.at, f"expected a clause of {one.short}, found one of {inner.name}")
            self._repeated(side, one, inner, [self.evaluator.evaluate(each, known) for each in values])
        side.trees = [
            Leaf(each.value, each.erased, refined=True) if isinstance(each, Leaf) else each for each in side.trees
        ]
        *outer, last = inner.more
        if outer:
            raise wrong(outer[0].at, "several bars in one clause are not spoken here", "use with within with")
        args = (Argument(last),)
        if inner.body is None and inner.subject is None:
            written = replace(inner, args=args)
            self._refuted(side, helper, written)
            return None
        self.arguments(side, one.short, args)
        opened = self.open(side, inner.at, context)
        if inner.subject is not None:
            return self._with(helper, inner, opened)
        return self._finished(opened, inner)

    def _repeated(self, side: LeftSide, one: Definition, inner: declared.Clause, values: list[Value]) -> None:
        """Hold the patterns that a clause of `with` repeats against what stood before `with`."""
        repeated = LeftSide(one.value, names=side.names, modes=side.modes)
        explicit = list(inner.args)
        place = 0
        while explicit and place < len(values):
            type_ = self.evaluator.force(repeated.type)
            assert isinstance(type_, Product)
            if type_.mode is Mode.EXPLICIT:
                given = explicit.pop(0)
                _, value = self.pattern(repeated, given.term, type_.domain, erased=False)
                self._fit(given.term.at, values[place], value)
            repeated.type = self.evaluator.enter(type_.closure, values[place])
            place += 1
        side.later += repeated.later
        side.own |= repeated.own

    def settled(self, one: Definition) -> None:
        """Put what was found in the places where it was looked for."""
        one.type = self.evaluator.settle(one.type, ())
        one.value = self.evaluator.evaluate(one.type, ())
        if one.clauses is None:
            return
        for place, clause in enumerate(one.clauses):
            depth = len(clause.variables)
            environment = tuple(Stuck(level) for level in range(depth))
            variables = tuple(
                Variable(each.name, self.evaluator.settle(each.type, environment[:level]), each.erased, each.mode)
                for level, each in enumerate(clause.variables)
            )
            body = self.evaluator.settle(clause.body, environment)
            one.clauses[place] = Clause(variables, clause.patterns, body, clause.at)


def _plain(name: str) -> str:
    return name.partition("~")[0]
