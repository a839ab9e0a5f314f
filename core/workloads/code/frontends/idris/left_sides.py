"""Left sides of clauses: patterns are made to fit their types by unification, and what is left open becomes variables.

Goguen, McBride and McKinna, "Eliminating dependent pattern matching" (2006): what unification finds is forced, and
nothing is tested for it when the program runs.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.context import Context, Entry, Meaning
from core.workloads.code.frontends.idris.core import Anything, Bound, Equals, Fits, Pattern, Variable
from core.workloads.code.frontends.idris.elaboration import (
    FIN,
    MAKE_DEPENDENT,
    MAKE_PAIR,
    MAKE_UNIT,
    Elaborator,
)
from core.workloads.code.frontends.idris.evaluation import NAT, SUCCESSOR, ZERO
from core.workloads.code.frontends.idris.generalizing import Generalizer
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.problems import NOWHERE, At, Refusal, wrong
from core.workloads.code.frontends.idris.syntax import Argument, Expression, Mode, Name
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import Constant, MetaVariable, Product, Stuck, Value

_MOST_NUMBER = 100
_ERASED = 2
"""How bad a place of a variable is where it is erased; where it is forced, it is worse by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A place that fits everything of its type, as far as what is there is not known already."""

    value: Value
    erased: bool
    refined: bool = False
    """Whether what is found to be there has to be tested for."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A constructor."""

    constructor: str
    args: "tuple[Tree, ...]"


Tree = Leaf | Node | Equals


class Impossible(Refusal):
    """A pattern can never fit, as its type tells."""


@dataclass(slots=True)
class LeftSide:
    """The left side of a clause on its way."""

    type: Value
    """Of what is still to be applied."""
    trees: list[Tree] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    names: dict[str, Meaning] = field(default_factory=dict)
    modes: dict[int, Mode] = field(default_factory=dict)
    own: dict[str, At] = field(default_factory=dict)
    """Names that the patterns bind."""
    later: list[tuple[Expression, Value, Value]] = field(default_factory=list)
    """Terms that are forced, the value that has to be the same, and its type."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A left side with its variables, as the context of the right side."""

    context: Context
    variables: tuple[Variable, ...]
    patterns: tuple[Pattern, ...]
    type: Value
    values: tuple[Value, ...]


class LeftSides(Elaborator):
    """Elaborates left sides."""

    def start(self, around: Context, definition: Definition) -> LeftSide:
        """Begin with what a function takes from around it."""
        side = LeftSide(definition.value)
        environment: list[Value] = []
        types: list[Value] = []
        for one in around.entries:
            product = self.evaluator.force(side.type)
            assert isinstance(product, Product)
            types.append(product.domain)
            environment.append(self._leaf(side, product, one.mode, one.name))
        known = tuple(environment)
        for name, meaning in around.names.items():
            if meaning.level is not None:
                level = meaning.level
                side.names[name] = Meaning(known[level], types[level], around.entries[level].erased)
                continue
            value = self.evaluator.evaluate(self.evaluator.quote(meaning.value, around.depth), known)
            type_ = self.evaluator.evaluate(self.evaluator.quote(meaning.type, around.depth), known)
            side.names[name] = replace(meaning, value=value, type=type_)
        return side

    def _open_meta(self, type_: Value, name: str, at: At = NOWHERE) -> MetaVariable:
        meta = self.metas.new(type_, at, name, f"what {name or '_'} is")
        meta.pattern = True
        return meta

    def _leaf(self, side: LeftSide, product: Product, mode: Mode, name: str) -> Value:
        meta = self._open_meta(product.domain, name)
        side.modes[meta.number] = mode
        value = Stuck(meta)
        self._push(side, product, Leaf(value, product.erased), value)
        return value

    def _push(self, side: LeftSide, product: Product, tree: Tree, value: Value) -> None:
        side.trees.append(tree)
        side.values.append(value)
        side.type = self.evaluator.force(self.evaluator.enter(product.closure, value))

    # Arguments.

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

    def _hidden(self, side: LeftSide, type_: Product) -> None:
        """Take an argument that is not written; its name means it on the right."""
        value = self._leaf(side, type_, type_.mode, type_.name)
        if type_.name not in ("", "_") and type_.name not in side.own:
            side.names[type_.name] = Meaning(value, type_.domain, type_.erased)

    # Patterns.

    def pattern(  # noqa: C901, PLR0911, PLR0912 - a case for each sort of pattern
        self, side: LeftSide, written: Expression, type_: Value, *, erased: bool
    ) -> tuple[Tree, Value]:
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
            case syntax.Tuple(_, items):
                if not items:
                    return self._known(side, written, MAKE_UNIT, (), type_, erased=erased)
                first, *rest = items
                second = rest[0] if len(rest) == 1 else syntax.Tuple(rest[0].at, tuple(rest))
                return self._known(side, written, MAKE_PAIR, (first, second), type_, erased=erased)
            case syntax.Dependent(_, "", first, second):
                return self._known(side, written, MAKE_DEPENDENT, (first, second), type_, erased=erased)
            case syntax.Listed(at, items):
                inner: Expression = Name(at, "Nil")
                for item in reversed(items):
                    inner = syntax.Application(item.at, Name(item.at, "::"), (Argument(item), Argument(inner)))
                return self.pattern(side, inner, type_, erased=erased)
            case syntax.As(at, name, inner):
                tree, value = self.pattern(side, inner, type_, erased=erased)
                self._name(side, at, name, Meaning(value, type_, erased))
                return tree, value
            case syntax.Hole(at):
                raise wrong(at, "a hole cannot stand in a pattern", "write _")
        raise wrong(written.at, "this is no pattern", "patterns are names, constructors with patterns, and literals")

    def _constructors(self, name: str) -> list[Definition]:
        return [one for one in self.known.candidates(name) if one.kind == "constructor"]

    def _anything(self, type_: Value, name: str, at: At, *, erased: bool) -> tuple[Tree, Value]:
        meta = self._open_meta(type_, name, at)
        value = Stuck(meta)
        return Leaf(value, erased), value

    def _variable(self, side: LeftSide, at: At, name: str, type_: Value, *, erased: bool) -> tuple[Tree, Value]:
        if name in side.own:
            found = self._anything(type_, "", at, erased=erased)
            side.later.append((Name(at, name), found[1], type_))
            return found
        tree, value = self._anything(type_, name, at, erased=erased)
        self._name(side, at, name, Meaning(value, type_, erased))
        return tree, value

    def _name(self, side: LeftSide, at: At, name: str, meaning: Meaning) -> None:
        side.own[name] = at
        side.names[name] = meaning

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

    # Constructors.

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

    def _fit(self, at: At, expected: Value, found: Value, one: Definition | None = None) -> None:
        """Make a pattern's type what is expected; raises `Impossible` where it never is."""
        self.unifier.at = at
        try:
            self.unifier.unify(0, expected, found)
        except Mismatch as mismatch:
            left, right = self.shown(Context(), mismatch.left), self.shown(Context(), mismatch.right)
            name = one.short if one is not None else "this pattern"
            message = f"{name} cannot stand here: {left} and {right} are never the same"
            if not mismatch.definite:
                message = f"it cannot be said whether {name} can stand here: {left} and {right} may differ"
            type_ = self.shown(Context(), expected)
            refusal = Impossible if mismatch.definite else Refusal
            raise refusal(wrong(at, "").diagnostic.phase, at, message, f"a pattern of type {type_} is needed") from None

    # Variables.

    def open(self, side: LeftSide, at: At, around: Context) -> Opened:
        """Turn what is left open into variables, and begin the context of the right side."""
        self._settle_patterns(side, at)
        places = _Places(self, side)
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


def _is_for(one: Argument, product: Product) -> bool:
    if one.mode is Mode.IMPLICIT:
        return product.mode is not Mode.EXPLICIT and product.name == one.name
    return one.mode is product.mode


def _counted(count: int) -> str:
    return f"{count} argument{'s' * (count != 1)}"


_Skeleton = Any
"""A pattern, an open place with its number, or a constructor with what is within, and whether it is forced."""


class _Places:
    """Where each variable of a left side is bound: if possible where it is kept, and where it is not forced."""

    def __init__(self, sides: LeftSides, side: LeftSide) -> None:
        self.sides, self.side = sides, side
        self.best: dict[int, tuple[int, int]] = {}
        """Of each open place by its number: how good its best leaf is, and which it is."""
        self.count = 0
        self.metas: list[MetaVariable] = []
        self.skeleton = [self._collected(one) for one in side.trees]

    def is_erased(self, meta: MetaVariable) -> bool:
        """Whether a variable is not there when the program runs."""
        return self.best.get(meta.number, (_ERASED, 0))[0] >= _ERASED

    def _collected(self, tree: Tree) -> _Skeleton:
        match tree:
            case Equals():
                return tree
            case Node(constructor, args):
                return constructor, tuple(self._collected(one) for one in args), False
            case Leaf(value, erased, refined):
                return self._leaf(value, erased, 0, refined)

    def _leaf(self, value: Value, erased: bool, forced: int, refined: bool) -> _Skeleton:  # noqa: FBT001 - facts of a leaf
        value = self.sides.evaluator.force(value)
        if isinstance(value, Stuck) and isinstance(value.head, MetaVariable) and value.head.pattern and not value.args:
            self.count += 1
            quality = (_ERASED * erased + forced, self.count)
            number = value.head.number
            self.best[number] = min(self.best.get(number, quality), quality)
            return value.head, self.count
        if isinstance(value, Stuck) and isinstance(value.head, str):
            one = self.sides.known.definitions[value.head]
            if one.kind == "constructor" and len(value.args) == one.arity:
                tested = refined and not erased
                args = tuple(
                    self._leaf(each.value, erased or each.erased, int(not tested), refined) for each in value.args
                )
                return value.head, args, not tested
        if refined and not erased and isinstance(value, Constant):
            if value.sort == "Nat":
                found: _Skeleton = (ZERO, (), False)
                for _ in range(int(value.value)):
                    found = (SUCCESSOR, (found,), False)
                return found
            return Equals(value.value, value.sort)
        return Anything()

    def patterns(self) -> list[Pattern]:
        """Give the patterns, once variables have levels."""
        return [self._pattern(one) for one in self.skeleton]

    def _pattern(self, one: _Skeleton) -> Pattern:
        if isinstance(one, Equals | Anything):
            return one
        if isinstance(one[0], MetaVariable):
            meta, place = one
            assert isinstance(meta.value, Stuck)
            assert isinstance(meta.value.head, int)
            return Bound(meta.value.head) if self.best[meta.number][1] == place else Anything()
        constructor, args, forced = one
        inner = tuple(self._pattern(each) for each in args)
        if forced and all(isinstance(each, Anything) for each in inner):
            return Anything()
        return Fits(constructor, inner, forced)
