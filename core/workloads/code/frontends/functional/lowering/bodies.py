"""The body of a function: what it computes, what it leaves for later, and what it ends with."""

from collections.abc import Callable

from core.workloads.code.frontends.functional.applying import applier
from core.workloads.code.frontends.functional.lowering import cases, delaying
from core.workloads.code.frontends.functional.lowering.frames import Frame
from core.workloads.code.frontends.functional.lowering.texts import text_value
from core.workloads.code.frontends.functional.lowering.unit import Unit
from core.workloads.code.frontends.functional.lowering.writer import Live
from core.workloads.code.frontends.functional.objects import PARTIAL, header
from core.workloads.code.frontends.functional.terms import (
    Apply,
    Case,
    Construct,
    Delay,
    Lambda,
    Let,
    Literal,
    Primitive,
    Stop,
    Term,
    Text,
    Variable,
)
from core.workloads.code.frontends.words.values import REFERENCE
from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.operations import SERVICES
from core.workloads.code.ir.types import WORD

NOTHING: Live = frozenset()


class Body:
    """Writes terms of one function."""

    def __init__(self, unit: Unit, build: Frame, stem: str) -> None:
        self.unit, self.build, self.stem = unit, build, stem

    def free(self, *terms: Term) -> Live:
        """Give the variables that the terms read."""
        return frozenset().union(*map(self.unit.occurrences.free, terms))

    # What a function ends with.

    def tail(self, term: Term) -> None:
        """Return what the term comes to; a call takes the place of the present one."""
        match term:
            case Apply() if (found := self._prepared(term, NOTHING)) is not None:
                symbol, args, rest = found
                if rest:
                    result = self.build.call(symbol, args, WORD)
                    assert result is not None
                    symbol, args = self._applier(len(rest)), [result, *self._taken(rest)]
                self.build.emit(Instruction("tail", args=tuple(args), symbol=symbol))
            case Case():
                cases.write(self, term, NOTHING, None)
            case Let():
                self._let(term, NOTHING, self.tail)
            case _:
                self.build.give_back(self.value(term, NOTHING))

    # Values.

    def value(self, term: Term, live: Live) -> Operand:  # noqa: C901, PLR0911 - a case for each sort of term
        """Compute the term now."""
        match term:
            case Variable(name):
                return self._variable(name, live)
            case Literal(value):
                return value
            case Text(text):
                return text_value(self.build, text)
            case Primitive():
                return self._primitive(term, live)
            case Apply():
                return self._call(term, live)
            case Let():
                return self._let(term, live, lambda body: self.value(body, live))
            case Case():
                result = self.build.function.register(WORD, "result")
                cases.write(self, term, live, result)
                return result
            case Construct() | Lambda():
                return delaying.delayed(self, term, live)
            case Delay(body):
                return delaying.delayed(self, body, live)
            case Stop(message, _):
                self.build.routine("stop", delaying.delayed(self, message, NOTHING))
                self.build.trap("raised", "the program has stopped itself: see what it wrote to its error output")
                return 0

    def _variable(self, name: str, live: Live) -> Operand:
        build = self.build
        if name in build.places:
            if name in build.evaluated:
                return build.variable_value(name)
            return self.evaluate(name, live)
        if self.unit.arity(name) == 0:
            build.forget(live)
            return build.routine("force", delaying.delayed(self, Variable(name), live))
        return delaying.delayed(self, Variable(name), live)

    def evaluate(self, name: str, live: Live | None = None) -> Operand:
        """Compute a variable, if it has not been; where it is read later on, its place has the value from now on."""
        build = self.build
        result = build.function.register(WORD, "value")
        build.assign(result, build.variable_value(name))
        done, waits = build.label("done"), build.label("waits")
        build.branch("lt", result, REFERENCE, done, waits)
        build.block(waits)
        kept = live is None or name in live
        with build.branch_scope():
            if live is not None:
                build.forget(live)
            build.assign(result, build.routine("force", result))
            if kept:
                build.write(build.places[name], result)
        build.block(done)
        if kept:
            build.evaluated.add(name)
        return result

    def _primitive(self, term: Primitive, live: Live) -> Operand:
        args = self.computed([(one, True) for one in term.args], live)
        if term.sort == "op":
            return self.build.compute(term.name, term.type, *args)
        if term.sort == "service":
            found = self.build.service(term.name, args, WORD if SERVICES[term.name].gives else None)
            return 0 if found is None else found
        self.build.forget(live)
        return self.build.routine(term.name, *args)

    # Calls.

    def _call(self, term: Apply, live: Live) -> Operand:
        found = self._prepared(term, live)
        if found is None:
            return self._partial(term, live)
        symbol, args, rest = found
        self.build.forget(live)
        result = self.build.call(symbol, args, WORD)
        if rest:
            assert result is not None
            result = self.build.call(self._applier(len(rest)), [result, *self._taken(rest)], WORD)
        assert result is not None
        return result

    def _applier(self, count: int) -> str:
        return applier(count, max(self.unit.most, count))

    def _taken(self, slots: list[str]) -> list[Operand]:
        return [self.build.take(one) for one in slots]

    def _prepared(self, term: Apply, live: Live) -> tuple[str, list[Operand], list[str]] | None:
        """Compute what a call takes: the function, its arguments, and slots with those for its result.

        None where a function at the top gets fewer arguments than it has parameters.
        """
        name = term.function.name if isinstance(term.function, Variable) else ""
        arity = self.unit.arity(name) if name and name not in self.build.places else None
        if not arity:
            parts = [(term.function, not name), *((one, False) for one in term.args)]
            return self._applier(len(term.args)), self.computed(parts, live), []
        if len(term.args) < arity:
            return None
        sure = self.unit.strict[name]
        rest: list[str] = []
        own, more = term.args[:arity], term.args[arity:]
        for place, one in enumerate(more):
            rest.append(self.build.keep(delaying.delayed(self, one, live | self.free(*more[place + 1 :], *own))))
        args = self.computed(list(zip(own, sure, strict=True)), live)
        return f"{name}.f", [*args, *(0,) * self.unit.padding[name]], rest

    def _partial(self, term: Apply, live: Live) -> Operand:
        assert isinstance(term.function, Variable)
        arity = self.unit.arity(term.function.name)
        assert arity is not None
        parts = [(term.function, False), *((one, False) for one in term.args)]
        args = self.computed(parts, live)
        slots = [self.build.keep(one) for one in args]
        for place, slot in enumerate(slots[1:], 1):
            head = header(PARTIAL, arity - place)
            made = self.build.routine("make2", head, self.build.read(slots[0]), self.build.read(slot))
            self.build.write(slots[0], made)
        for slot in slots[1:]:
            self.build.drop(slot)
        return self.build.take(slots[0])

    def computed(self, parts: list[tuple[Term, bool]], live: Live) -> list[Operand]:
        """Compute terms one after another, those that are marked at once, the others for later."""
        later = [live | self.free(*(one for one, _ in parts[place + 1 :])) for place in range(len(parts))]

        def part(place: int) -> tuple[Callable[[], Operand], bool]:
            term, now = parts[place]
            if now:
                return (lambda: self.value(term, later[place])), not self.is_ready(term)
            return (lambda: delaying.delayed(self, term, later[place])), not delaying.is_plain(self, term)

        return self.build.settle([part(place) for place in range(len(parts))])

    def is_ready(self, term: Term) -> bool:
        """Whether the term's value is there without anything else being computed or made."""
        return isinstance(term, Literal) or (isinstance(term, Variable) and term.name in self.build.evaluated)

    def _let(self, term: Let, live: Live, finish: Callable[[Term], Operand | None]) -> Operand:
        with self.build.branch_scope():
            delaying.bind(self, term.bindings, live | self.free(term.body))
            found = finish(term.body)
        return 0 if found is None else found
