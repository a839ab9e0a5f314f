"""Kinds of types, names of types, and whether a program keeps to System F."""

from collections.abc import Callable
from difflib import get_close_matches

from core.workloads.code.frontends.system_f.printing import show_kind, show_type
from core.workloads.code.frontends.system_f.syntax import At
from core.workloads.code.frontends.system_f.types import (
    STAR,
    UNKNOWN,
    Abbreviated,
    Applied,
    Arrow,
    Base,
    Kind,
    KindArrow,
    Operator,
    Quantified,
    RecordType,
    Type,
    TypeVariable,
)

Report = Callable[..., None]
Kinds = dict[TypeVariable, Kind]
_OMEGA = "type operators belong to System Fω"
_HOW = "begin the program with: option omega;"


class Kinding:
    """Looks types over: each name stands for something, each has the kind that its place asks for."""

    def __init__(self, report: Report, *, omega: bool) -> None:
        self.report, self.omega = report, omega
        self.abbreviations: dict[str, tuple[Type, Kind]] = {}

    def proper(self, type_: Type, kinds: Kinds, at: At) -> Type:
        """Give a type of kind *, all its names resolved; what is wrong is reported and becomes unknown."""
        return self.of_kind(type_, STAR, kinds, at)

    def of_kind(self, type_: Type, wanted: Kind, kinds: Kinds, at: At) -> Type:
        """Give the type, which must have that kind."""
        resolved, kind = self.resolve(type_, kinds, at)
        if kind is None:
            return UNKNOWN
        if kind != wanted:
            shown = show_type(resolved)
            hint = f"apply {shown} to a type first" if isinstance(kind, KindArrow) else f"{shown} takes no types"
            found = f"{shown} has kind {show_kind(kind)}, and kind {show_kind(wanted)} is needed here"
            self.report(at, found, hint)
            return UNKNOWN
        return resolved

    def declared(self, kind: Kind, at: At) -> Kind:
        """Look a kind over that the program gives to a variable."""
        if kind != STAR and not self.omega:
            self.report(at, f"{_OMEGA}: kind {show_kind(kind)}", _HOW)
        return kind

    def resolve(self, type_: Type, kinds: Kinds, at: At) -> tuple[Type, Kind | None]:  # noqa: PLR0911 - a case for each
        """Give the type with all names resolved, and its kind; None where something was reported."""
        match type_:
            case TypeVariable():
                return self._variable(type_, kinds, at)
            case Abbreviated(name):
                return type_, self.abbreviations[name][1]
            case Base():
                return type_, STAR if type_ != UNKNOWN else None
            case Arrow(takes, gives):
                return Arrow(self.proper(takes, kinds, at), self.proper(gives, kinds, at)), STAR
            case RecordType(fields):
                return RecordType(tuple((label, self.proper(one, kinds, at)) for label, one in fields)), STAR
            case Quantified(quantifier, variable, kind, body):
                self.declared(kind, at)
                inner = self.proper(body, {**kinds, variable: kind}, at)
                return Quantified(quantifier, variable, kind, inner), STAR
            case Operator(variable, kind, body):
                return self._operator(variable, kind, body, kinds, at)
            case Applied(function, argument):
                return self._applied(function, argument, kinds, at)

    def _variable(self, type_: TypeVariable, kinds: Kinds, at: At) -> tuple[Type, Kind | None]:
        if type_ in kinds:
            return type_, kinds[type_]
        if type_.name in self.abbreviations:
            body, kind = self.abbreviations[type_.name]
            return Abbreviated(type_.name, body), kind
        known = [*self.abbreviations, *(one.name for one in kinds), "Nat", "Bool", "Unit"]
        close = get_close_matches(type_.name, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"bind it: lambda {type_.name}. ..., or {type_.name} = ...;"
        self.report(at, f"no type is called {type_.name}", hint)
        return UNKNOWN, None

    def _operator(
        self, variable: TypeVariable, kind: Kind, body: Type, kinds: Kinds, at: At
    ) -> tuple[Type, Kind | None]:
        if not self.omega:
            self.report(at, f"{_OMEGA}: lambda {variable.name}. ... as a type", _HOW)
            return UNKNOWN, None
        inner, result = self.resolve(body, {**kinds, variable: kind}, at)
        return Operator(variable, kind, inner), None if result is None else KindArrow(kind, result)

    def _applied(self, function: Type, argument: Type, kinds: Kinds, at: At) -> tuple[Type, Kind | None]:
        head, kind = self.resolve(function, kinds, at)
        if not self.omega:
            self.report(at, f"{_OMEGA}: a type applied to a type", _HOW)
            return UNKNOWN, None
        if kind is None:
            return UNKNOWN, None
        if not isinstance(kind, KindArrow):
            self.report(at, f"{show_type(head)} has kind {show_kind(kind)} and takes no types", "drop its argument")
            return UNKNOWN, None
        return Applied(head, self.of_kind(argument, kind.takes, kinds, at)), kind.gives
