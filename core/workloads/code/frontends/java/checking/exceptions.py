"""Exceptions that must be caught or declared."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.java import acts, core, types
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.relations import is_subtype, supertypes
from core.workloads.code.frontends.java.types import ClassType, Type
from core.workloads.code.ir.instructions import Position

Thrown = list[tuple[Type, Position]]


def is_checked(one: Type) -> bool:
    """Whether an exception must be caught or declared."""
    if not isinstance(one, ClassType):
        return False
    names = {above.of.name for above in supertypes(one)}
    return "Throwable" in names and not names & {"RuntimeException", "Error"}


@dataclass(slots=True)
class Exceptions:
    """What may be thrown where: one list for each `try` and method around."""

    report: Report
    around: list[Thrown] = field(default_factory=lambda: [[]])
    caught: dict[core.Variable, list[Type]] = field(default_factory=dict)
    """What the variable of a `catch` may hold."""

    def throw(self, one: Type, at: Position) -> None:
        """Note what may be thrown here."""
        if is_checked(one):
            self.around[-1].append((one, at))

    def throw_value(self, value: core.Expr, at: Position) -> None:
        """Note a `throw`; what a `catch` has caught and throws anew is no more than came."""
        if isinstance(value, core.Local) and value.variable in self.caught and not value.variable.assigned:
            for one in self.caught[value.variable]:
                self.throw(one, at)
        else:
            self.throw(value.type, at)

    def catch(self, node: acts.Try, thrown: Thrown) -> Thrown:
        """Take away what a `try` catches; report what it cannot catch."""
        before: list[Type] = []
        for one in node.catches:
            held: list[Type] = []
            for class_, at in zip(one.classes, one.ats, strict=True):
                if any(is_subtype(class_, other) for other in before):
                    self.report.error(
                        at, f"{class_} is caught above already", "catch the class below before the one above"
                    )
                elif _is_narrow(class_) and not any(_related(found, class_) for found, _ in thrown):
                    self.report.error(at, f"nothing in this try throws {class_}", "leave this catch away")
                held += [found for found, _ in thrown if is_subtype(found, class_)]
                before.append(class_)
            self.caught[one.variable] = held
        return [(found, at) for found, at in thrown if not any(is_subtype(found, other) for other in before)]

    def settle(self, declared: list[Type], what: str) -> None:
        """Report what leaves a method without being declared."""
        for one, at in self.around.pop():
            if not any(is_subtype(one, other) for other in declared):
                hint = f"put try and catch ({one} e) around it, or write throws {one} {what}"
                self.report.error(at, f"{one} may be thrown here, and nothing catches it", hint)


def _related(found: Type, class_: Type) -> bool:
    return is_subtype(found, class_) or is_subtype(class_, found)


def _is_narrow(class_: Type) -> bool:
    return is_checked(class_) and class_ != types.WRONG and str(class_) not in ("Exception", "Throwable")
