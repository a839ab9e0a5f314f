"""Arguments that are found by search: implementations of interfaces, and proofs that are easy to find."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import Term
from core.workloads.code.frontends.idris.evaluation import Evaluator
from core.workloads.code.frontends.idris.printing import show
from core.workloads.code.frontends.idris.problems import At, Refusal, wrong
from core.workloads.code.frontends.idris.syntax import Mode
from core.workloads.code.frontends.idris.unification import Mismatch, Unifier
from core.workloads.code.frontends.idris.values import Metas, MetaVariable, Product, Stuck, Value

_DEEPEST = 60
_DEEPEST_PROOF = 30


@dataclass(frozen=True, slots=True)
class Goal:
    """Something of a type that is to be found by search."""

    context: Context
    type: Value
    meta: MetaVariable
    place: Term
    """What it is applied to the variables around."""
    at: At


class Search:
    """Searches; what was found is set where it was looked for."""

    def __init__(self, evaluator: Evaluator, metas: Metas, unifier: Unifier) -> None:
        self.evaluator, self.metas, self.unifier = evaluator, metas, unifier
        self.last = False
        """Whether no more will come to be known."""

    def solve(self, goal: Goal, *, last: bool) -> bool:
        """Try to find what a goal asks for; False where too little is known or there is nothing."""
        if goal.meta.value is not None:
            return True
        type_ = self.evaluator.force(goal.type)
        if self.is_open(type_) and not last:
            return False
        self.last = last
        found = self._found(goal.context, type_, 0)
        if found is None:
            return False
        place = self.evaluator.evaluate(goal.place, goal.context.environment)
        self.unifier.unify(goal.context.depth, place, found)
        return True

    def is_open(self, type_: Value) -> bool:
        """Whether too little is known of what is looked for."""
        if not isinstance(type_, Stuck) or isinstance(type_.head, MetaVariable):
            return True
        if not isinstance(type_.head, str):
            return False
        interface = self.evaluator.known.interfaces.get(type_.head)
        if interface is not None:
            parts = [self.evaluator.force(one.value) for one in type_.args[: interface.parameters]]
            return any(isinstance(one, Stuck) and isinstance(one.head, MetaVariable) for one in parts)
        return self.unifier.is_open(type_)

    def failure(self, goal: Goal) -> Refusal:
        """Say that something was not found."""
        names = tuple(one.name for one in goal.context.entries)
        type_ = self.evaluator.force(goal.type)
        shown = show(self.evaluator, type_, names)
        if isinstance(type_, Stuck) and isinstance(type_.head, str) and type_.head in self.evaluator.known.interfaces:
            name = type_.head.partition("/")[2]
            of = " ".join(show(self.evaluator, one.value, names) for one in type_.args)
            subject = self.evaluator.force(type_.args[0].value)
            hint = f"write {shown} where, and its methods"
            if isinstance(subject, Product):
                hint = "a function lacks an argument, perhaps"
            elif isinstance(subject, Stuck) and isinstance(subject.head, int):
                hint = f"write {name} {of} => in front of the type"
            elif isinstance(subject, Stuck) and isinstance(subject.head, MetaVariable):
                return wrong(goal.at, f"it cannot be found out of which type this is, and {name} needs it", _SAY)
            return wrong(goal.at, f"{of} has no implementation of {name}, which is needed here", hint)
        return wrong(goal.at, f"no value of type {shown} was found", "pass it: f @{value}, or prove it before")

    def _found(self, context: Context, type_: Value, depth: int) -> Value | None:
        type_ = self.evaluator.force(type_)
        if not isinstance(type_, Stuck) or isinstance(type_.head, MetaVariable) or depth > _DEEPEST:
            return None
        head = type_.head
        is_interface = isinstance(head, str) and head in self.evaluator.known.interfaces
        if is_interface and not self.last and self.is_open(type_):
            return None
        if not is_interface and depth > _DEEPEST_PROOF:
            return None
        for value, own in self._candidates(context, head, is_interface=is_interface):
            mark, waiting = len(self.metas.trail), len(self.unifier.waiting)
            found = self._fitted(context, value, own, type_, depth)
            if found is not None:
                return found
            self.unifier.undo(mark, waiting)
        return None

    def _candidates(self, context: Context, head: int | str, *, is_interface: bool) -> Iterator[tuple[Value, Value]]:
        known = self.evaluator.known
        for level in reversed(range(context.depth)):
            entry = context.entries[level]
            if is_interface and entry.mode is not Mode.AUTO:
                continue
            value = context.environment[level]
            yield value, entry.type
            if is_interface or entry.mode is Mode.AUTO:
                yield from self._parents(value, entry.type)
        if not isinstance(head, str):
            return
        names = known.implementations.get(head, []) if is_interface else known.definitions[head].constructors
        for name in reversed(names) if is_interface else names:
            one = known.definitions[name]
            yield self.evaluator.top(name), one.value

    def _parents(self, value: Value, type_: Value) -> Iterator[tuple[Value, Value]]:
        """Give the implementations that an implementation brings with it."""
        type_ = self.evaluator.force(type_)
        if not isinstance(type_, Stuck) or not isinstance(type_.head, str):
            return
        interface = self.evaluator.known.interfaces.get(type_.head)
        for name in interface.parents if interface is not None else ():
            found, own = self.evaluator.top(name), self.evaluator.known.definitions[name].value
            for one in (*(each.value for each in type_.args), value):
                assert isinstance(own, Product)
                found = self.evaluator.apply(found, one, own.mode, own.erased)
                own = self.evaluator.force(self.evaluator.enter(own.closure, one))
            yield found, own
            yield from self._parents(found, own)

    def _fitted(self, context: Context, value: Value, own: Value, type_: Value, depth: int) -> Value | None:
        """Apply a candidate to what it needs, if it is of the type then."""
        own = self.evaluator.force(own)
        needed: list[tuple[Stuck, Value, Mode]] = []
        while isinstance(own, Product):
            meta = self.metas.new(own.domain)
            meta.pattern, meta.scope = True, context.depth
            argument = Stuck(meta)
            needed.append((argument, own.domain, own.mode))
            value = self.evaluator.apply(value, argument, own.mode, own.erased)
            own = self.evaluator.force(self.evaluator.enter(own.closure, argument))
        waiting = len(self.unifier.waiting)
        try:
            self.unifier.unify(context.depth, type_, own)
        except Mismatch:
            return None
        if len(self.unifier.waiting) > waiting:
            return None
        for argument, domain, mode in needed:
            if self.evaluator.force(argument) is not argument:
                continue
            found = self._found(context, domain, depth + 1) if mode is not Mode.IMPLICIT else None
            if found is None:
                return None
            self.unifier.unify(context.depth, argument, found)
        return value


_SAY = "say the type: the (List Nat) []"
