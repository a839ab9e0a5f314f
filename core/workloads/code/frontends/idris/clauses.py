"""Functions by clauses; `case`, `with` and local functions become functions of their own."""

from collections.abc import Sequence
from dataclasses import replace

from core.workloads.code.frontends.idris import primitives, syntax
from core.workloads.code.frontends.idris.context import Context, Meaning
from core.workloads.code.frontends.idris.core import Apply, Clause, Lambda, Local, Meta, Pi, Term, Variable
from core.workloads.code.frontends.idris.evaluation import TYPES, TooLong
from core.workloads.code.frontends.idris.generalizing import Generalizer, free_names
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.left_sides import Impossible, Leaf, LeftSide, LeftSides, Opened
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.syntax import Argument, Expression, Mode
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import MetaVariable, Product, Stuck, Value

_TOO_LONG = "computing the types of this takes too long"
_HINT = "types that compute must come to an end soon"


class Clauses(LeftSides):
    """Elaborates functions."""

    lifted: list[Definition]
    """Functions that were made of parts of the present declaration."""
    broken: set[str]
    """Functions with a clause that is wrong."""
    demanded: str = "covering"

    def refusal(self, at: At, trouble: Exception) -> Refusal:
        """Say what is wrong, whatever it was that did not go on."""
        match trouble:
            case Refusal():
                return trouble
            case Mismatch(left=left, right=right):
                one, other = self.shown(Context(), left), self.shown(Context(), right)
                return wrong(at, f"{one} and {other} should be the same here, and differ")
        return wrong(at, _TOO_LONG, _HINT)

    # Types.

    def signature(self, context: Context, type_: Expression) -> Term:
        """Elaborate a type, in which names that nothing has become erased implicit parameters."""
        inner = context.erasing()
        opened: list[tuple[MetaVariable, Value]] = []
        for name in free_names(type_, set(context.names), self.known.names):
            kind = self.metas.new(TYPES, type_.at, "", f"a type of {name}")
            kind.pattern, kind.scope = True, context.depth
            meta = self.metas.new(Stuck(kind), type_.at, name, f"what {name} is")
            meta.pattern, meta.scope = True, context.depth
            opened.append((meta, Stuck(kind)))
            inner = inner.call(name, Meaning(Stuck(meta), Stuck(kind), erased=True))
        before, self.metas.made = self.metas.made, []
        term = self.check(inner, type_, TYPES)
        self.progress(last=not context.depth)
        self._open(context)
        self.metas.made = before
        generalizer = Generalizer(self.evaluator, context.depth)
        for meta, _ in opened:
            generalizer.collect(Stuck(meta))
        value = self.value(context, term)
        generalizer.collect(value)
        bound: list[tuple[str, Term]] = []
        for name, one, _ in generalizer.assigned():
            bound.append((name, self.evaluator.quote(one, context.depth + len(bound))))
        found = self.evaluator.quote(value, context.depth + len(bound))
        for name, domain in reversed(bound):
            found = Pi(name, Mode.IMPLICIT, True, domain, found)
        return found

    def _open(self, context: Context) -> None:
        """Let what was not found become a parameter, which depends on nothing that the type binds."""
        for one in self.metas.made:
            if one.value is not None:
                continue
            meta = self.metas.new(one.type)
            meta.pattern, meta.scope = True, context.depth
            body: Term = Meta(meta)
            for _ in range(one.around):
                body = Lambda("_", Mode.EXPLICIT, False, body)
            self.metas.solve(one, self.evaluator.evaluate(body, ()))
        self.metas.made.clear()

    # Functions.

    def function(self, around: Context, one: Definition, clauses: Sequence[syntax.Clause], *, top: bool) -> None:
        """Elaborate the clauses of a function; what is wrong with one is told, and the next is looked at."""
        made: list[Clause] = []
        counts: set[int] = set()
        for clause in clauses:
            given = sum(each.mode is Mode.EXPLICIT for each in clause.args)
            try:
                if counts and given not in counts:
                    message = f"the clauses of {one.short} have different numbers of parameters"
                    raise wrong(clause.at, message, "give each clause as many")
                counts.add(given)
                self.evaluator.steps = 0
                found = self._clause(around, one, clause)
                if top:
                    self.complete()
                if found is not None:
                    made.append(found)
            except (Refusal, Mismatch, TooLong) as trouble:
                if not top:
                    raise
                self.report(self.refusal(clause.at, trouble))
                self.broken.add(one.name)
                self.forget()
        one.arity = len(made[0].patterns) if made else self._taken(around, one, clauses)
        lengths = {len(each.patterns) for each in made}
        if len(lengths) > 1:
            made = [each for each in made if len(each.patterns) == one.arity]
        one.clauses = made

    def _taken(self, around: Context, one: Definition, clauses: Sequence[syntax.Clause]) -> int:
        """Count the arguments of a function all of whose clauses are impossible."""
        wanted = max((sum(each.mode is Mode.EXPLICIT for each in clause.args) for clause in clauses), default=0)
        type_, count, seen = one.type, 0, 0
        while isinstance(type_, Pi) and (count < around.depth or seen < wanted):
            seen += count >= around.depth and type_.mode is Mode.EXPLICIT
            count += 1
            type_ = type_.codomain
        return count

    def _clause(self, around: Context, one: Definition, clause: syntax.Clause) -> Clause | None:
        side = self.start(around, one)
        if clause.body is None and clause.subject is None:
            self._refuted(side, one, clause)
            return None
        self.arguments(side, one.short, clause.args)
        opened = self.open(side, clause.at, around)
        if clause.subject is not None:
            return self._with(one, clause, opened)
        return self._finished(opened, clause)

    def _finished(self, opened: Opened, clause: syntax.Clause) -> Clause:
        context = self.local(opened.context, clause.where) if clause.where else opened.context
        assert clause.body is not None
        body = self.check(context, clause.body, opened.type)
        return Clause(opened.variables, opened.patterns, body, clause.at)

    def _refuted(self, side: LeftSide, one: Definition, clause: syntax.Clause) -> None:
        """See that a clause that is said to be impossible is so."""
        mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
        try:
            self.arguments(side, one.short, clause.args)
            self._settle_patterns(side, clause.at)
            if any(self.is_empty(value) for value in self._open_types(side)):
                return
        except Impossible:
            return
        finally:
            self.unifier.undo(mark, waiting)
        raise wrong(clause.at, "this clause is possible", "write = and its value instead of impossible")

    def _open_types(self, side: LeftSide) -> list[Value]:
        generalizer = Generalizer(self.evaluator, 0)
        for one in side.values:
            generalizer.collect(one)
        return [one.type for one in generalizer.found]

    def is_empty(self, type_: Value) -> bool:
        """Whether a type has no values, as each of its constructors makes others."""
        type_ = self.evaluator.force(type_)
        if not isinstance(type_, Stuck) or not isinstance(type_.head, str):
            return False
        family = self.known.definitions[type_.head]
        if family.kind != "type" or type_.head.partition("/")[2] in primitives.TYPES:
            return False
        return not any(self.may_make(name, type_) for name in family.constructors)

    def may_make(self, name: str, type_: Value) -> bool:
        """Whether a constructor may make values of a type."""
        mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
        try:
            self.constructed(name, type_)
        except Mismatch as mismatch:
            return not mismatch.definite
        finally:
            self.unifier.undo(mark, waiting)
        return True

    def constructed(self, name: str, type_: Value) -> Value:
        """Apply a constructor to arguments that are open; raises `Mismatch` where it makes no values of the type."""
        one = self.known.definitions[name]
        value: Value = self.evaluator.top(name)
        own: Value = one.value
        while isinstance(own := self.evaluator.force(own), Product):
            meta = self.metas.new(own.domain)
            meta.pattern = True
            value = self.evaluator.apply(value, Stuck(meta), own.mode, own.erased)
            own = self.evaluator.enter(own.closure, Stuck(meta))
        self.unifier.unify(0, type_, own)
        return value

    # Parts that become functions.

    def local(self, context: Context, declarations: tuple[syntax.Declaration, ...]) -> Context:
        """Take in local functions."""
        made: list[tuple[Definition, list[syntax.Clause]]] = []
        known: dict[str, tuple[Definition, list[syntax.Clause]]] = {}
        for one in declarations:
            match one:
                case syntax.Signature():
                    type_ = self.close(context, self.signature(context, one.type))
                    found = self._lift(context, one.name, type_, one.at, one.totality)
                    known[one.name] = found, []
                    made.append(known[one.name])
                    context = context.call(one.name, self._meaning_of(context, found))
                case syntax.Clause() if one.name in known:
                    known[one.name][1].append(one)
                case syntax.Clause(args=()) if one.body is not None and not one.where:
                    term, value = self.infer(context, one.body)
                    _, value = self.opened(context, one.at, term, value, None)
                    self.progress()
                    type_ = self.close(context, self.evaluator.quote(value, context.depth))
                    found = self._lift(context, one.name, type_, one.at, "")
                    known[one.name] = found, [one]
                    made.append(known[one.name])
                    context = context.call(one.name, self._meaning_of(context, found))
                case syntax.Clause():
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
                written = syntax.Clause(alternative.at, "case", (Argument(alternative.pattern),), None)
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

    def _with(self, one: Definition, clause: syntax.Clause, opened: Opened) -> Clause:
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
        self, one: Definition, helper: Definition, inner: syntax.Clause, context: Context, values: list[Term]
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

    def _repeated(self, side: LeftSide, one: Definition, inner: syntax.Clause, values: list[Value]) -> None:
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

    # In the end.

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
