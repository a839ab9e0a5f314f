"""Patterns of all sorts, held against the types of what they are to fit."""

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.constructor_patterns import ConstructorPatterns
from core.workloads.code.frontends.idris.context import Context, Meaning
from core.workloads.code.frontends.idris.core import Equals
from core.workloads.code.frontends.idris.names import FIN, MAKE_DEPENDENT, MAKE_PAIR, MAKE_UNIT, NAT
from core.workloads.code.frontends.idris.problems import At, wrong
from core.workloads.code.frontends.idris.sides import Leaf, LeftSide, Node, Tree
from core.workloads.code.frontends.idris.syntax import Argument, Expression, Mode, Name
from core.workloads.code.frontends.idris.values import Constant, Product, Stuck, Value

_MOST_NUMBER = 100


class Patterns(ConstructorPatterns):
    """Elaborates patterns."""

    def arguments(self, side: LeftSide, name: str, args: tuple[Argument, ...]) -> None:
        """Hold the patterns of a clause against the types of the function's parameters."""
        for one in args:
            product = self._parameter(side, one, name)
            tree, value = self.pattern(side, one.term, product.domain, erased=product.erased)
            self._push(side, product, tree, value)
        side.type = self.evaluator.force(side.type)
        while isinstance(side.type, Product) and side.type.mode is not Mode.EXPLICIT:
            self._hidden(side, side.type)
            side.type = self.evaluator.force(side.type)

    def _parameter(self, side: LeftSide, one: Argument, name: str) -> Product:
        while True:
            type_ = self.evaluator.force(side.type)
            if not isinstance(type_, Product):
                count = sum(isinstance(each, Leaf | Node | Equals) for each in side.trees)
                message = f"{name} has a parameter too many here: its type has no more"
                raise wrong(one.term.at, message, "the type says how many it takes" if count else "it takes none")
            if type_.mode is one.mode and (one.mode is not Mode.IMPLICIT or type_.name == one.name):
                return type_
            if type_.mode is Mode.EXPLICIT:
                raise wrong(one.term.at, f"{name} has no implicit parameter {one.name} here")
            self._hidden(side, type_)

    def pattern(self, side: LeftSide, written: Expression, type_: Value, *, erased: bool) -> tuple[Tree, Value]:  # noqa: C901, PLR0911, PLR0912 - a case for each sort of pattern
        """Hold a pattern against a type: what is tested, and the value of what fits."""
        match written:
            case syntax.Unknown(at):
                return self._anything(type_, "", at, erased=erased)
            case Name(at, name):
                if self._constructors(name):
                    return self._constructed(side, written, name, (), type_, erased=erased)
                if name[0].isupper() or not (name[0].isalpha() or name[0] == "_"):
                    self._constructor_of(written, name, type_)
                return self._variable(side, at, name, type_, erased=erased)
            case syntax.Application(_, Name(_, name), args) if self._constructors(name):
                return self._constructed(side, written, name, args, type_, erased=erased)
            case syntax.Application(function=Name(at, name)) if name[0].isupper():
                return self._constructed(side, written, name, written.args, type_, erased=erased)
            case syntax.Application(at) | syntax.Forced(at):
                term = written.term if isinstance(written, syntax.Forced) else written
                found = self._anything(type_, "", at, erased=erased)
                side.later.append((term, found[1], type_))
                return found
            case syntax.Number():
                return self._number(side, written, type_, erased=erased)
            case syntax.Text(at, text):
                return self._literal(at, Constant(text, "String"), type_)
            case syntax.Character(at, text):
                return self._literal(at, Constant(text, "Char"), type_)
            case syntax.Tuple() | syntax.Dependent(name="") | syntax.Listed():
                return self._bracketed(side, written, type_, erased=erased)
            case syntax.As(at, name, inner):
                tree, value = self.pattern(side, inner, type_, erased=erased)
                self._name(side, at, name, Meaning(value, type_, erased))
                return tree, value
            case syntax.Hole(at):
                raise wrong(at, "a hole cannot stand in a pattern", "write _")
        raise wrong(written.at, "this is no pattern", "patterns are names, constructors with patterns, and literals")

    def _bracketed(
        self,
        side: LeftSide,
        written: syntax.Tuple | syntax.Dependent | syntax.Listed,
        type_: Value,
        *,
        erased: bool,
    ) -> tuple[Tree, Value]:
        match written:
            case syntax.Tuple(_, ()):
                return self._known(side, written, MAKE_UNIT, (), type_, erased=erased)
            case syntax.Tuple(_, (first, *rest)):
                second = rest[0] if len(rest) == 1 else syntax.Tuple(rest[0].at, tuple(rest))
                return self._known(side, written, MAKE_PAIR, (first, second), type_, erased=erased)
            case syntax.Dependent(_, _, first, second):
                return self._known(side, written, MAKE_DEPENDENT, (first, second), type_, erased=erased)
        inner: Expression = Name(written.at, "Nil")
        for item in reversed(written.items):
            inner = syntax.Application(item.at, Name(item.at, "::"), (Argument(item), Argument(inner)))
        return self.pattern(side, inner, type_, erased=erased)

    def _variable(self, side: LeftSide, at: At, name: str, type_: Value, *, erased: bool) -> tuple[Tree, Value]:
        if name in side.own:
            found = self._anything(type_, "", at, erased=erased)
            side.later.append((Name(at, name), found[1], type_))
            return found
        tree, value = self._anything(type_, name, at, erased=erased)
        self._name(side, at, name, Meaning(value, type_, erased))
        return tree, value

    def _literal(self, at: At, value: Constant, type_: Value) -> tuple[Tree, Value]:
        type_ = self.evaluator.force(type_)
        self._fit(at, type_, Stuck(f"Prelude/{value.sort}"))
        return Equals(value.value, value.sort), value

    def _number(self, side: LeftSide, number: syntax.Number, type_: Value, *, erased: bool) -> tuple[Tree, Value]:
        type_ = self.evaluator.force(type_)
        head = type_.head if isinstance(type_, Stuck) else None
        value = number.value
        if head in ("Prelude/Integer", "Prelude/Int"):
            return self._literal(number.at, Constant(value, str(head).partition("/")[2]), type_)
        if head not in (NAT, FIN):
            found = self.shown(Context(), type_)
            raise wrong(number.at, f"expected a pattern of type {found} here, but found the number {value}")
        if not 0 <= value <= _MOST_NUMBER:
            raise wrong(number.at, f"numbers in patterns of this type are at most {_MOST_NUMBER}")
        zero, successor = ("Z", "S") if head == NAT else ("FZ", "FS")
        inner: Expression = Name(number.at, zero)
        for _ in range(value):
            inner = syntax.Application(number.at, Name(number.at, successor), (Argument(inner),))
        return self.pattern(side, inner, type_, erased=erased)
