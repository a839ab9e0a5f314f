"""Values with a notation of their own: numbers, lists, pairs, and records with new fields."""

from collections.abc import Sequence

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.applications import Applications
from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.core import Apply, Literal, Meta, Term, Top
from core.workloads.code.frontends.idris.finding import Numeral
from core.workloads.code.frontends.idris.implicits import Typed
from core.workloads.code.frontends.idris.names import (
    CONS,
    DEPENDENT,
    EQUAL,
    FIN,
    LIST,
    MAKE_DEPENDENT,
    MAKE_PAIR,
    MAKE_UNIT,
    NAT,
    NIL,
    PAIR,
    TYPES,
    UNIT,
)
from core.workloads.code.frontends.idris.problems import At, wrong
from core.workloads.code.frontends.idris.syntax import Application, Argument, Expression, Mode, Name
from core.workloads.code.frontends.idris.values import (
    Constant,
    MetaVariable,
    Passed,
    Product,
    Stuck,
    Types,
    Value,
)

_NO_NUMBERS = ("Prelude/Char", "Prelude/String", UNIT, PAIR, LIST, "Prelude/Bool", "Prelude/IO", EQUAL)
_MOST_FIN = 200


class Notations(Applications):
    """Elaborates notations."""

    def number(self, context: Context, number: syntax.Number, expected: Value) -> Term:
        """Give a number the type that is expected."""
        expected = self.evaluator.force(expected)
        value = number.value
        if self._is_open(expected):
            term = self.meta(context, expected, number.at, "of which type this number is")
            head: Term = term
            while isinstance(head, Apply):
                head = head.function
            assert isinstance(head, Meta)
            self.numerals.append(Numeral(context, number, expected, head.variable))
            return term
        if isinstance(expected, Stuck):
            match expected.head:
                case "Prelude/Integer" | "Prelude/Int":
                    return Literal(value, str(expected.head).partition("/")[2])
                case str() if expected.head == NAT:
                    if value < 0:
                        raise wrong(number.at, f"a Nat is never negative, and {value} is", "use Integer")
                    return Literal(value, "Nat")
                case str() if expected.head == FIN:
                    return self._fin(context, number, expected)
        if isinstance(expected, Product | Types) or (isinstance(expected, Stuck) and expected.head in _NO_NUMBERS):
            raise wrong(number.at, f"expected {self.shown(context, expected)} here, but found the number {value}")
        literal = syntax.Application(
            number.at, Name(number.at, "the"), (_named("Integer", number.at), Argument(number))
        )
        call = Application(number.at, Name(number.at, "fromInteger"), (Argument(literal),))
        return self.check(context, call, expected)

    def _fin(self, context: Context, number: syntax.Number, expected: Stuck) -> Term:
        bound = self.evaluator.force(expected.args[0].value)
        value = number.value
        if value < 0 or (isinstance(bound, Constant) and value >= int(bound.value)):
            type_, most = self.shown(context, expected), self.shown(context, bound)
            has = f"it has the numbers below {most}" if most != "0" else "it has no values at all"
            raise wrong(number.at, f"{value} is out of range: expected {type_} here", has)
        if value > _MOST_FIN:
            raise wrong(number.at, f"numbers of type Fin end at {_MOST_FIN} here")
        written: Expression = Name(number.at, "FZ")
        for _ in range(value):
            written = Application(number.at, Name(number.at, "FS"), (Argument(written),))
        return self.check(context, written, expected)

    def _listed(self, context: Context, listed: syntax.Listed, expected: Value) -> Term:
        at = listed.at
        if isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable):
            self.progress()
            expected = self.evaluator.force(expected)
        if isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable):
            item = self.meta(context.erasing(), TYPES, at, "of which type the items are")
            type_ = self.value(context, Apply(Top(LIST), item))
            self.same(context, at, expected, type_)
            expected = self.evaluator.force(type_)
        if isinstance(expected, Stuck) and expected.head == LIST:
            item_type = expected.args[0].value
            quoted = self.evaluator.quote(item_type, context.depth)
            terms = [self.check(context, one, item_type) for one in listed.items]
            found: Term = Apply(Top(NIL), quoted, Mode.IMPLICIT, True)
            for one in reversed(terms):
                head = Apply(Top(CONS), quoted, Mode.IMPLICIT, True)
                found = Apply(Apply(head, one), found)
            return found
        if not (isinstance(expected, Stuck) and isinstance(expected.head, str)):
            raise wrong(at, f"expected {self.shown(context, expected)} here, but found a list")
        self._fit_length(context, listed, expected)
        written: Expression = Name(at, "Nil")
        for item_ in reversed(listed.items):
            written = Application(item_.at, Name(item_.at, "::"), (Argument(item_), Argument(written)))
        return self.check(context, written, expected)

    def _fit_length(self, context: Context, listed: syntax.Listed, expected: Stuck) -> None:
        """Tell of a vector with too few or too many items by its whole type."""
        if not str(expected.head).endswith("/Vect") or len(expected.args) != len(("length", "items")):
            return
        length = self.evaluator.force(expected.args[0].value)
        count = len(listed.items)
        if isinstance(length, Constant) and int(length.value) != count:
            found = self.shown(context, Stuck(expected.head, (Passed(Constant(count, "Nat")), expected.args[1])))
            type_ = self.shown(context, expected)
            message = f"expected {type_} here, but found {found}: {length.value} and {count} differ"
            raise wrong(listed.at, message, f"the list has {count} items, and should have {length.value}")

    def _tuple(self, context: Context, written: syntax.Tuple, expected: Value) -> Term:
        if isinstance(expected, Stuck) and isinstance(expected.head, MetaVariable):
            self.progress()
            expected = self.evaluator.force(expected)
        name = (PAIR, UNIT) if isinstance(expected, Types) else (MAKE_PAIR, MAKE_UNIT)
        if not written.items:
            term = Top(name[1])
            type_: Value = TYPES if isinstance(expected, Types) else Stuck(UNIT)
            return self.coerce(context, written.at, term, type_, expected)
        first, *rest = written.items
        second = rest[0] if len(rest) == 1 else syntax.Tuple(rest[0].at, tuple(rest))
        args = (Argument(first), Argument(second))
        definition = self.known.definitions[name[0]]
        return self._spine(context, written.at, Top(name[0]), definition.value, args, expected, "a pair")[0]

    def _pair(self, context: Context, written: syntax.Tuple) -> Typed:
        first, *rest = written.items
        second = rest[0] if len(rest) == 1 else syntax.Tuple(rest[0].at, tuple(rest))
        args = (Argument(first), Argument(second))
        definition = self.known.definitions[MAKE_PAIR]
        return self._spine(context, written.at, Top(MAKE_PAIR), definition.value, args, None, "a pair")

    def _dependent(self, context: Context, pair: syntax.Dependent, expected: Value) -> Term:
        if isinstance(expected, Types):
            name, type_ = pair.name, pair.first
            if not name:
                if not isinstance(pair.first, Name):
                    raise wrong(pair.at, "the first part of this type needs a name", "write (x : t ** p)")
                name, type_ = pair.first.name, syntax.Unknown(pair.at)
            function = syntax.Abstraction(pair.at, Name(pair.at, name), None, pair.second)
            args = (Argument(type_), Argument(function))
            constructor = DEPENDENT
        else:
            args, constructor = (Argument(pair.first), Argument(pair.second)), MAKE_DEPENDENT
        definition = self.known.definitions[constructor]
        return self._spine(context, pair.at, Top(constructor), definition.value, args, expected, "a pair")[0]

    def updated(
        self, context: Context, update: syntax.Update, args: Sequence[Argument], expected: Value | None
    ) -> Typed:
        """Turn new fields into a match on the record."""
        record = args[0].term
        _, type_ = self.infer(context, record)
        type_ = self.evaluator.force(type_)
        family = type_.head if isinstance(type_, Stuck) and isinstance(type_.head, str) else ""
        one = self.known.definitions.get(family)
        made = self.known.definitions[one.constructors[0]] if one is not None and len(one.constructors) == 1 else None
        if made is None or not made.fields:
            raise wrong(record.at, f"{self.shown(context, type_)} is no record, and has no fields")
        new = {name: term for _, name, term in update.fields}
        for at, name, _ in update.fields:
            if name not in made.fields:
                raise wrong(at, f"{family.rpartition('/')[2]} has no field {name}", f"it has {', '.join(made.fields)}")
        at = update.at
        names = [f"{one}'" if one in new else one for one in made.fields]
        pattern = Application(at, Name(at, made.short), tuple(_named(name, at) for name in names))
        values = tuple(Argument(new.get(one, Name(at, one))) for one in made.fields)
        body = Application(at, Name(at, made.short), values)
        goal = expected if expected is not None else type_
        match = syntax.Match(at, record, (syntax.Alternative(at, pattern, body),))
        return self.match(context, match, goal), goal


def _named(name: str, at: At) -> Argument:
    return Argument(Name(at, name))
