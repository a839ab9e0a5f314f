"""Types of terms, and what is wrong with them, in words."""

from dataclasses import dataclass, field
from difflib import get_close_matches

from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.frontends.system_f.kinding import Kinding, Kinds
from core.workloads.code.frontends.system_f.printing import show_kind, show_type
from core.workloads.code.frontends.system_f.syntax import (
    OPERATORS,
    Abbreviation,
    Abstraction,
    Application,
    Ascription,
    At,
    Binding,
    Choice,
    Constant,
    Evaluation,
    Fix,
    Let,
    Name,
    Operator,
    Package,
    Projection,
    Record,
    Statement,
    Term,
    TypeAbstraction,
    TypeApplication,
    Unpacking,
)
from core.workloads.code.frontends.system_f.types import (
    BOOL,
    NAT,
    UNIT,
    UNKNOWN,
    Arrow,
    Base,
    Quantified,
    RecordType,
    Type,
    occurs,
    reduced,
    replaced,
    same,
)

Context = dict[str, Type]
_PREDEFINED = {"Nat": NAT, "Bool": BOOL}


@dataclass(slots=True)
class Checked:
    """What has been found out about a program."""

    types: list[Type | None] = field(default_factory=list)
    """Of each statement; None of an abbreviation."""
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[At, tuple[int, int]] = field(default_factory=dict)
    """Of each projection, where its record has the field, and how many it has."""
    problems: list[Diagnostic] = field(default_factory=list)


def check(statements: list[Statement], *, omega: bool) -> Checked:
    """Check all statements one after another."""
    checker = _Checker(omega=omega)
    for one in statements:
        checker.statement(one)
    return checker.checked


class _Checker:
    def __init__(self, *, omega: bool) -> None:
        self.checked = Checked()
        self.kinding = Kinding(self.report, omega=omega)
        self.context: Context = {}

    def report(self, at: At, message: str, hint: str = "") -> None:
        found = Diagnostic(Phase.SEMANTIC, message, at.line, at.column, at.end_line, at.end_column, hint)
        if found not in self.checked.problems:
            self.checked.problems.append(found)

    def statement(self, one: Statement) -> None:
        match one:
            case Binding(_, name, term):
                self.context[name] = found = self.type_of(term, self.context, {})
                self.checked.types.append(found)
            case Evaluation(_, term):
                self.checked.types.append(self.type_of(term, self.context, {}))
            case Abbreviation(at, name, type_):
                resolved, kind = self.kinding.resolve(type_, {}, at)
                self.checked.types.append(None)
                if kind is not None:
                    self.kinding.abbreviations[name] = resolved, kind
                    self.checked.kinds[name] = show_kind(kind)

    def type_of(self, term: Term, context: Context, kinds: Kinds) -> Type:  # noqa: C901, PLR0911, PLR0912 - a case for each
        match term:
            case Name(at, name):
                return self._name(at, name, context)
            case Constant(_, value):
                return UNIT if value is None else BOOL if isinstance(value, bool) else NAT
            case Operator(_, name, args):
                for place, one in enumerate(args):
                    wanted = _PREDEFINED[OPERATORS[name][place]]
                    self._expect(one, wanted, context, kinds, f"{name} takes a {wanted.name}")
                return _PREDEFINED[OPERATORS[name][-1]]
            case Abstraction(at, name, type_, body):
                takes = self.kinding.proper(type_, kinds, at)
                return Arrow(takes, self.type_of(body, {**context, name: takes}, kinds))
            case Application():
                return self._application(term, context, kinds)
            case TypeAbstraction(at, variable, kind, body):
                self.kinding.declared(kind, at)
                return Quantified("All", variable, kind, self.type_of(body, context, {**kinds, variable: kind}))
            case TypeApplication():
                return self._type_application(term, context, kinds)
            case Choice():
                return self._choice(term, context, kinds)
            case Let(_, name, value, body):
                return self.type_of(body, {**context, name: self.type_of(value, context, kinds)}, kinds)
            case Record(_, fields):
                return RecordType(tuple((label, self.type_of(one, context, kinds)) for label, one in fields))
            case Projection():
                return self._projection(term, context, kinds)
            case Package():
                return self._package(term, context, kinds)
            case Unpacking():
                return self._unpacking(term, context, kinds)
            case Fix():
                return self._fix(term, context, kinds)
            case Ascription(at, body, type_):
                wanted_type = self.kinding.proper(type_, kinds, at)
                self._expect(body, wanted_type, context, kinds, f"it is to be a {show_type(wanted_type)}")
                return wanted_type

    def _expect(self, term: Term, wanted: Type, context: Context, kinds: Kinds, why: str) -> None:
        found = self.type_of(term, context, kinds)
        if not same(found, wanted):
            self.report(term.at, f"{why}, but this is of type {show_type(found)}", _difference(found, wanted))

    def _name(self, at: At, name: str, context: Context) -> Type:
        if name in context:
            return context[name]
        close = get_close_matches(name, context, 1)
        hint = f"did you mean {close[0]}?" if close else f"bind it: lambda {name}:T. ..., or {name} = ...;"
        self.report(at, f"nothing is called {name} here", hint)
        return UNKNOWN

    def _application(self, term: Application, context: Context, kinds: Kinds) -> Type:
        found = reduced(self.type_of(term.function, context, kinds))
        match found:
            case Arrow(takes, gives):
                self._expect(term.argument, takes, context, kinds, f"the function takes a {show_type(takes)}")
                return gives
            case Quantified("All", variable):
                hint = f"give it a type first: f [{'Nat' if variable.name != 'Nat' else 'Bool'}] x"
                self.report(term.argument.at, f"the function takes a type for {variable.name} before its value", hint)
            case Base("?"):
                self.type_of(term.argument, context, kinds)
            case _:
                message = f"this is of type {show_type(found)}, no function, and is applied to something"
                self.report(term.function.at, message, "only functions stand before what they are applied to")
        return UNKNOWN

    def _type_application(self, term: TypeApplication, context: Context, kinds: Kinds) -> Type:
        found = reduced(self.type_of(term.function, context, kinds))
        if isinstance(found, Quantified) and found.quantifier == "All":
            argument = self.kinding.of_kind(term.argument, found.kind, kinds, term.at)
            return replaced(found.body, {found.variable: argument})
        if found != UNKNOWN:
            message = f"this is of type {show_type(found)} and takes no type"
            self.report(term.function.at, message, f"drop [{show_type(term.argument)}], or begin with lambda X. ...")
        return UNKNOWN

    def _choice(self, term: Choice, context: Context, kinds: Kinds) -> Type:
        self._expect(term.condition, BOOL, context, kinds, "a condition is a Bool")
        then, otherwise = (self.type_of(one, context, kinds) for one in (term.then, term.otherwise))
        if not same(then, otherwise):
            message = f"then gives a {show_type(then)} and else a {show_type(otherwise)}"
            self.report(term.otherwise.at, message, "both must have the same type")
            return UNKNOWN
        return then

    def _projection(self, term: Projection, context: Context, kinds: Kinds) -> Type:
        found = reduced(self.type_of(term.record, context, kinds))
        if isinstance(found, RecordType):
            fields = dict(found.fields)
            if term.label in fields:
                self.checked.places[term.at] = list(fields).index(term.label), len(fields)
                return fields[term.label]
            close = get_close_matches(term.label, fields, 1)
            hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(fields) or 'none'}"
            self.report(term.at, f"there is no field {term.label} in {show_type(found)}", hint)
        elif found != UNKNOWN:
            self.report(term.record.at, f"this is of type {show_type(found)}, no record, and has no fields")
        return UNKNOWN

    def _package(self, term: Package, context: Context, kinds: Kinds) -> Type:
        wanted = self.kinding.proper(term.type, kinds, term.at)
        found = reduced(wanted)
        if not isinstance(found, Quantified) or found.quantifier != "Some":
            if found != UNKNOWN:
                message = f"a package is of a type {{Some X, T}}, and {show_type(wanted)} is none"
                self.report(term.at, message, "write {*T, t} as {Some X, ...}")
            self.type_of(term.body, context, kinds)
            return UNKNOWN
        hidden = self.kinding.of_kind(term.hidden, found.kind, kinds, term.at)
        inner = replaced(found.body, {found.variable: hidden})
        why = f"with {show_type(hidden)} for {found.variable.name} the package holds a {show_type(inner)}"
        self._expect(term.body, inner, context, kinds, why)
        return wanted

    def _unpacking(self, term: Unpacking, context: Context, kinds: Kinds) -> Type:
        found = reduced(self.type_of(term.package, context, kinds))
        if not isinstance(found, Quantified) or found.quantifier != "Some":
            if found != UNKNOWN:
                message = f"this is of type {show_type(found)}, no package, and cannot be opened"
                self.report(term.package.at, message, "a package is of a type {Some X, T}")
            return UNKNOWN
        held = replaced(found.body, {found.variable: term.variable})
        inner = {**kinds, term.variable: found.kind}
        result = self.type_of(term.body, {**context, term.name: held}, inner)
        if occurs(term.variable, result):
            name = term.variable.name
            message = f"the result is of type {show_type(result)}, and {name} is known within the package only"
            self.report(term.body.at, message, f"give back something whose type does not mention {name}")
            return UNKNOWN
        return result

    def _fix(self, term: Fix, context: Context, kinds: Kinds) -> Type:
        found = reduced(self.type_of(term.function, context, kinds))
        if isinstance(found, Arrow):
            if not same(found.takes, found.gives):
                why = f"fix takes a function from a type to the same, and this is of type {show_type(found)}"
                self.report(term.function.at, why, "write fix (lambda f:T. ... of type T ...)")
            return found.takes
        if found != UNKNOWN:
            message = f"fix takes a function, and this is of type {show_type(found)}"
            self.report(term.function.at, message, "write fix (lambda f:T. ...)")
        return UNKNOWN


def _difference(found: Type, wanted: Type) -> str:
    one, other = reduced(found), reduced(wanted)
    if isinstance(one, Arrow) and not isinstance(other, Arrow) and same(one.gives, other):
        return f"it is a function: apply it to a {show_type(one.takes)}"
    if isinstance(one, Quantified) and one.quantifier == "All":
        return "give it a type first: f [T]"
    return ""
