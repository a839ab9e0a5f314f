"""Going on as a value says."""

from core.workloads.code.frontends.functional.lowering.frames import Frame
from core.workloads.code.frontends.functional.lowering.writer import Live, Writer
from core.workloads.code.frontends.functional.strictness import is_settled
from core.workloads.code.frontends.functional.terms import Alternative, Case, Constructor, Primitive, Term, Variable
from core.workloads.code.frontends.words.values import REFERENCE
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.operations import COMPARISONS


def write(body: Writer, term: Case, live: Live, result: Register | None) -> None:
    """Write all branches; each leaves its value in `result`, or returns it where there is none."""
    _Branching(body, term, live, result).run()


class _Branching:
    def __init__(self, body: Writer, term: Case, live: Live, result: Register | None) -> None:
        self.body, self.term, self.live, self.result = body, term, live, result
        self.build: Frame = body.build
        self.end = self.build.label("end")
        self.subject: Operand = 0
        self.bodies: list[tuple[str, Alternative | None]] = []

    def run(self) -> None:
        term, build = self.term, self.build
        later = self._later()
        if self._decides(term.subject):
            self._condition(later)
        else:
            self.subject = self.body.value(term.subject, later)
            with build.branch_scope():
                self._name_subject()
                self._choose()
                self._write_bodies()
        if self.result is not None:
            build.block(self.end)

    def _later(self) -> Live:
        """Give what the branches read, whatever they themselves bind left out."""
        term = self.term
        found: set[str] = set(self.live)
        for one in term.alternatives:
            found |= self.body.free(one.body) - set(one.fields)
        if term.default is not None:
            found |= self.body.free(term.default)
        if isinstance(term.subject, Variable) and term.binder in found:
            found.add(term.subject.name)
        return frozenset(found - {term.binder})

    def _name_subject(self) -> None:
        term, build = self.term, self.build
        named = any(term.binder in self.body.free(one) for one in self._branches())
        if not named:
            return
        if isinstance(term.subject, Variable) and term.subject.name in build.places:
            build.places[term.binder] = build.places[term.subject.name]
            build.evaluated.add(term.binder)
        else:
            build.bind(term.binder, self.subject, evaluated=is_settled(term.subject))

    def _branches(self) -> list[Term]:
        default = [self.term.default] if self.term.default is not None else []
        return [one.body for one in self.term.alternatives] + default

    # A comparison leads to its branches at once.

    def _decides(self, subject: Term) -> bool:
        is_comparison = isinstance(subject, Primitive) and subject.sort == "op" and subject.name in COMPARISONS
        named = any(self.term.binder in self.body.free(one) for one in self._branches())
        return is_comparison and not named and bool(self.term.alternatives)

    def _condition(self, later: Live) -> None:
        subject, build = self.term.subject, self.build
        assert isinstance(subject, Primitive)
        left, right = self.body.computed([(one, True) for one in subject.args], later)
        ways = {_number(one.pattern): one for one in self.term.alternatives}
        labels = build.label("true"), build.label("false")
        build.branch(subject.name, left, right, *labels)
        self.bodies = [(labels[0], ways.get(1)), (labels[1], ways.get(0))]
        self._write_bodies()

    # Numbers and constructors.

    def _choose(self) -> None:
        alternatives = self.term.alternatives
        if not alternatives:
            self.bodies = [("", None)]
        elif isinstance(alternatives[0].pattern, Constructor):
            self._choose_constructor()
        else:
            self._switch(self.subject, list(alternatives), exhaustive=False)

    def _choose_constructor(self) -> None:
        build = self.build
        first = self.term.alternatives[0].pattern
        assert isinstance(first, Constructor)
        plain = [one for one in self.term.alternatives if _arity(one) == 0]
        objects = [one for one in self.term.alternatives if _arity(one)]
        all_plain = sum(not arity for arity in first.family)
        all_objects = len(first.family) - all_plain
        if all_plain and all_objects:
            few, many = build.label("plain"), build.label("object")
            build.branch("lt", self.subject, REFERENCE, few, many)
            build.block(few)
            self._switch(self.subject, plain, exhaustive=len(plain) == all_plain)
            build.block(many)
        elif all_plain:
            self._switch(self.subject, plain, exhaustive=len(plain) == all_plain)
            return
        complete = len(objects) == all_objects
        if (complete and len(objects) == 1) or not objects:
            self._switch(0, objects, exhaustive=complete)
        else:
            self._switch(build.routine("tag", self.subject), objects, exhaustive=complete)

    def _switch(self, value: Operand, ways: list[Alternative], *, exhaustive: bool) -> None:
        """Lead to the branches; the last one of an exhaustive choice needs no test."""
        build = self.build
        labels = [build.label("case") for _ in ways]
        self.bodies += zip(labels, ways, strict=True)
        tested = dict(zip((_number(one.pattern) for one in ways), labels, strict=True))
        if exhaustive and ways:
            last = labels[-1]
            tested.pop(_number(ways[-1].pattern))
        else:
            last = self._default_label()
        if len(tested) > 1:
            build.switch(value, tested, last)
        elif tested:
            (number, label) = next(iter(tested.items()))
            build.branch("eq", value, number, label, last)
        else:
            build.jump(last)

    def _default_label(self) -> str:
        found = next((label for label, way in self.bodies if way is None), None)
        if found is None:
            found = self.build.label("default")
            self.bodies.append((found, None))
        return found

    # Branches.

    def _write_bodies(self) -> None:
        for label, way in self.bodies:
            if label:
                self.build.block(label)
            with self.build.branch_scope():
                self._write_body(way)

    def _write_body(self, way: Alternative | None) -> None:
        body = way.body if way is not None else self.term.default
        assert body is not None
        if way is not None:
            self._bind_fields(way)
        if self.result is None:
            self.body.tail(body)
            return
        self.build.assign(self.result, self.body.value(body, self.live))
        self.build.jump(self.end)

    def _bind_fields(self, way: Alternative) -> None:
        used = self.body.free(way.body)
        for place, name in enumerate(way.fields):
            if name and name in used:
                value = (
                    self.build.routine(f"field{place}", self.subject)
                    if place < 2  # noqa: PLR2004 - routines of their own
                    else self.build.routine("field", self.subject, place)
                )
                self.build.bind(name, value)


def _number(pattern: Constructor | int) -> int:
    return pattern.tag if isinstance(pattern, Constructor) else pattern


def _arity(one: Alternative) -> int:
    return one.pattern.arity if isinstance(one.pattern, Constructor) else 0
