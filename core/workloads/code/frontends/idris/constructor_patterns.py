"""Patterns that are constructors: their types tell what else is known where they fit."""

from core.workloads.code.frontends.idris.context import Context
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.names import ZERO
from core.workloads.code.frontends.idris.problems import wrong
from core.workloads.code.frontends.idris.sides import Leaf, LeftSide, Node, Sides, Tree
from core.workloads.code.frontends.idris.syntax import Argument, Expression, Mode
from core.workloads.code.frontends.idris.values import Constant, MetaVariable, Product, Stuck, Value


class ConstructorPatterns(Sides):
    """Elaborates constructors in patterns."""

    def _constructor_of(self, written: Expression, name: str, type_: Value) -> Definition:
        """Find the constructor that a name means where a value of a type is expected."""
        found = self._constructors(name)
        type_ = self.evaluator.force(type_)
        head = type_.head if isinstance(type_, Stuck) else None
        if isinstance(head, str):
            fitting = [one for one in found if one.family == head]
            if fitting:
                return fitting[0]
        if not found:
            return self._no_constructor(written, name, type_)
        if isinstance(head, MetaVariable):
            return found[0]
        families = " or ".join(dict.fromkeys(one.family.partition("/")[2] for one in found))
        shown = self.shown(Context(), type_)
        message = f"expected a pattern of type {shown} here, but {name} makes values of type {families}"
        raise wrong(written.at, message, self._of(type_))

    def _no_constructor(self, written: Expression, name: str, type_: Value) -> Definition:
        if self.known.candidates(name):
            message = f"{name} is a type, and types cannot be told apart by patterns here"
            raise wrong(written.at, message, "match on a value of a data type that stands for the types")
        raise wrong(written.at, f"no constructor is called {name} here", self._of(type_))

    def _of(self, type_: Value) -> str:
        type_ = self.evaluator.force(type_)
        if not isinstance(type_, Stuck) or not isinstance(type_.head, str):
            return ""
        one = self.known.definitions[type_.head]
        names = ", ".join(self.known.definitions[each].short for each in one.constructors)
        return f"the constructors of {one.short} are {names}" if names else ""

    def _known(
        self,
        side: LeftSide,
        written: Expression,
        name: str,
        args: tuple[Expression, ...],
        type_: Value,
        *,
        erased: bool,
    ) -> tuple[Tree, Value]:
        type_ = self.evaluator.force(type_)
        one = self.known.definitions[name]
        if isinstance(type_, Stuck) and isinstance(type_.head, str) and type_.head != one.family:
            shown = self.shown(Context(), type_)
            what = "()" if not args else "a pair"
            raise wrong(written.at, f"expected a pattern of type {shown} here, but found {what}", self._of(type_))
        return self._applied_constructor(
            side, written, one, tuple(Argument(each) for each in args), type_, erased=erased
        )

    def _constructed(
        self, side: LeftSide, written: Expression, name: str, args: tuple[Argument, ...], type_: Value, *, erased: bool
    ) -> tuple[Tree, Value]:
        one = self._constructor_of(written, name, type_)
        return self._applied_constructor(side, written, one, args, type_, erased=erased)

    def _applied_constructor(
        self,
        side: LeftSide,
        written: Expression,
        one: Definition,
        args: tuple[Argument, ...],
        type_: Value,
        *,
        erased: bool,
    ) -> tuple[Tree, Value]:
        at = written.at
        if erased and len(self.known.definitions[one.family].constructors) > 1:
            message = f"what {one.short} is held against is erased: it is not there when the program runs"
            raise wrong(at, message, "take it as an argument that is kept: (n : Nat) -> or {n : Nat} ->")
        value: Value = self.evaluator.top(one.name)
        own: Value = one.value
        places: list[tuple[Product, MetaVariable]] = []
        while isinstance(own := self.evaluator.force(own), Product):
            meta = self._open_meta(own.domain, own.name if own.mode is not Mode.EXPLICIT else "")
            side.modes[meta.number] = own.mode
            places.append((own, meta))
            value = self.evaluator.apply(value, Stuck(meta), own.mode, own.erased)
            own = self.evaluator.enter(own.closure, Stuck(meta))
        self._fit(at, type_, own, one)
        trees = self._parts(side, written, one, args, places, erased=erased)
        if one.name == ZERO:
            return Node(ZERO, ()), Constant(0, "Nat")
        return Node(one.name, trees), self.evaluator.force(value)

    def _parts(
        self,
        side: LeftSide,
        written: Expression,
        one: Definition,
        args: tuple[Argument, ...],
        places: list[tuple[Product, MetaVariable]],
        *,
        erased: bool,
    ) -> tuple[Tree, ...]:
        waiting = list(args)
        trees: list[Tree] = []
        for product, meta in places:
            given = next((each for each in waiting if _is_for(each, product)), None)
            if given is None:
                if product.mode is Mode.EXPLICIT:
                    count = sum(each.mode is Mode.EXPLICIT for each, _ in places)
                    found = sum(each.mode is Mode.EXPLICIT for each in args)
                    raise wrong(written.at, f"{one.short} takes {_counted(count)}, and has {found} here")
                trees.append(Leaf(Stuck(meta), erased or product.erased))
                continue
            waiting.remove(given)
            tree, value = self.pattern(side, given.term, product.domain, erased=erased or product.erased)
            if isinstance(value, Stuck) and isinstance(value.head, MetaVariable) and meta.value is None:
                meta.name = value.head.name
            self._fit(given.term.at, Stuck(meta), value)
            trees.append(tree)
        if waiting:
            count = sum(each.mode is Mode.EXPLICIT for each, _ in places)
            raise wrong(waiting[0].term.at, f"{one.short} takes {_counted(count)}, and has more here")
        return tuple(trees)

    def pattern(self, side: LeftSide, written: Expression, type_: Value, *, erased: bool) -> tuple[Tree, Value]:
        """Hold a pattern against a type: what is tested, and the value of what fits."""
        raise NotImplementedError


def _is_for(one: Argument, product: Product) -> bool:
    if one.mode is Mode.IMPLICIT:
        return product.mode is not Mode.EXPLICIT and product.name == one.name
    return one.mode is product.mode


def _counted(count: int) -> str:
    return f"{count} argument{'s' * (count != 1)}"
