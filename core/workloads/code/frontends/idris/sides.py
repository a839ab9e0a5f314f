"""The left side of a clause on its way: what is open in it, and what its names mean."""

from dataclasses import dataclass, field, replace

from core.workloads.code.frontends.idris.context import Context, Meaning
from core.workloads.code.frontends.idris.core import Equals
from core.workloads.code.frontends.idris.elaboration import Elaborator
from core.workloads.code.frontends.idris.globals import Definition
from core.workloads.code.frontends.idris.problems import NOWHERE, At, Refusal, wrong
from core.workloads.code.frontends.idris.syntax import Expression, Mode
from core.workloads.code.frontends.idris.unification import Mismatch
from core.workloads.code.frontends.idris.values import MetaVariable, Product, Stuck, Value


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


class Sides(Elaborator):
    """Begins left sides, and holds types against each other."""

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

    def _hidden(self, side: LeftSide, type_: Product) -> None:
        """Take an argument that is not written; its name means it on the right."""
        value = self._leaf(side, type_, type_.mode, type_.name)
        if type_.name not in ("", "_") and type_.name not in side.own:
            side.names[type_.name] = Meaning(value, type_.domain, type_.erased)

    def _constructors(self, name: str) -> list[Definition]:
        return [one for one in self.known.candidates(name) if one.kind == "constructor"]

    def _anything(self, type_: Value, name: str, at: At, *, erased: bool) -> tuple[Tree, Value]:
        meta = self._open_meta(type_, name, at)
        value = Stuck(meta)
        return Leaf(value, erased), value

    def _name(self, side: LeftSide, at: At, name: str, meaning: Meaning) -> None:
        side.own[name] = at
        side.names[name] = meaning

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
