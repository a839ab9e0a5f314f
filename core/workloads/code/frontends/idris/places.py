"""Where each variable of a left side is bound, and the patterns that are tested when a function is called."""

from typing import Any

from core.workloads.code.frontends.idris.core import Anything, Bound, Equals, Fits, Pattern
from core.workloads.code.frontends.idris.names import SUCCESSOR, ZERO
from core.workloads.code.frontends.idris.sides import Leaf, LeftSide, Node, Sides, Tree
from core.workloads.code.frontends.idris.values import Constant, MetaVariable, Stuck, Value

_ERASED = 2
"""How bad a place of a variable is where it is erased; where it is forced, it is worse by one."""
_Skeleton = Any
"""A pattern, an open place with its number, or a constructor with what is within, and whether it is forced."""


class Places:
    """Where each variable of a left side is bound: if possible where it is kept, and where it is not forced."""

    def __init__(self, sides: Sides, side: LeftSide) -> None:
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
