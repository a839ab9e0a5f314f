"""Left sides of clauses: patterns are made to fit their types by unification, and what is left open becomes variables.

Goguen, McBride and McKinna, "Eliminating dependent pattern matching" (2006): what unification finds is forced, and
nothing is tested for it when the program runs.
"""

from dataclasses import dataclass, replace

from core.workloads.code.frontends.idris.context import Context, Entry, Meaning
from core.workloads.code.frontends.idris.core import Pattern, Variable
from core.workloads.code.frontends.idris.generalizing import Generalizer
from core.workloads.code.frontends.idris.patterns import Patterns
from core.workloads.code.frontends.idris.places import Places
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.sides import Impossible, LeftSide
from core.workloads.code.frontends.idris.syntax import Mode, Name
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import MetaVariable, Stuck, Value


@dataclass(frozen=True, slots=True)
class Opened:
    """A left side with its variables, as the context of the right side."""

    context: Context
    variables: tuple[Variable, ...]
    patterns: tuple[Pattern, ...]
    type: Value
    values: tuple[Value, ...]


class LeftSides(Patterns):
    """Elaborates left sides."""

    def open(self, side: LeftSide, at: At, around: Context) -> Opened:
        """Turn what is left open into variables, and begin the context of the right side."""
        self._settle_patterns(side, at)
        places = Places(self, side)
        generalizer = Generalizer(self.evaluator, 0)
        for one in side.values:
            generalizer.collect(one)
        generalizer.collect(side.type)
        variables, context = [], Context(owner=around.owner, relevant=around.relevant)
        for name, type_, meta in generalizer.assigned():
            erased = places.is_erased(meta)
            mode = side.modes.get(meta.number, Mode.EXPLICIT)
            variables.append(Variable(name, self.evaluator.quote(type_, context.depth), erased, mode))
            entry = Entry(name, type_, erased, mode)
            context = replace(
                context,
                entries=(*context.entries, entry),
                environment=(*context.environment, Stuck(context.depth)),
            )
        names = {name: self._meaning(meaning, context) for name, meaning in side.names.items()}
        patterns = tuple(places.patterns())
        return Opened(replace(context, names=names), tuple(variables), patterns, side.type, tuple(side.values))

    def _meaning(self, meaning: Meaning, context: Context) -> Meaning:
        value = self.evaluator.force(meaning.value)
        if isinstance(value, Stuck) and isinstance(value.head, int) and not value.args:
            return Meaning(value, meaning.type, context.entries[value.head].erased, value.head)
        return replace(meaning, value=value, level=None)

    def _settle_patterns(self, side: LeftSide, at: At) -> None:
        """See to patterns that are forced, and to equations that had to wait for others."""
        context = Context(names=side.names, relevant=False)
        for term, value, type_ in side.later:
            found = self.value(context, self.check(context, term, type_))
            if self.unifier.convertible(0, value, found):
                continue
            forced = self.evaluator.force(value)
            if isinstance(term, Name) and isinstance(forced, Stuck) and isinstance(forced.head, MetaVariable):
                message = f"{term.name} stands twice on the left, and nothing forces both to be the same"
                raise wrong(term.at, message, "use two names, and compare them by == or decEq")
            self._fit(term.at, value, found)
        try:
            self.unifier.resume()
        except Mismatch as mismatch:
            left, right = self.shown(Context(), mismatch.left), self.shown(Context(), mismatch.right)
            refusal = Impossible if mismatch.definite else Refusal
            message = f"this can never fit: {left} and {right} are never the same"
            raise refusal(wrong(at, "").diagnostic.phase, self.unifier.at, message) from None
        if self.unifier.waiting:
            one = self.unifier.waiting.pop()
            self.unifier.waiting.clear()
            left, right = self.shown(Context(), one.left), self.shown(Context(), one.right)
            message = f"it cannot be said whether this pattern fits: {left} and {right} may differ"
            raise wrong(one.at, message, "match on the variables of these terms first")
