"""What the Prelude cannot say in Idris: types, and operations, as checked and as they run."""

from collections.abc import Callable

from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import Alternative, Case, Lambda, Literal, Primitive, Stop, Term
from core.workloads.code.frontends.functional.terms import Variable as Named
from core.workloads.code.frontends.idris.values import Constant
from core.workloads.code.ir.types import S64, WORD, Type

NIL = terms.Constructor("Nil", 0, 0, (0, 2))
CONS = terms.Constructor("::", 1, 2, (0, 2))
TYPES = ("Int", "Integer", "Char", "String", "IO", "Lazy", "Inf")
NATURAL: dict[str, Callable[..., int]] = {
    "Prelude/plus": lambda left, right: left + right,
    "Prelude/mult": lambda left, right: left * right,
    "Prelude/minus": lambda left, right: max(left - right, 0),
}
"""Functions on `Nat` that need not count."""
_A, _B, _WORLD = Named("a~"), Named("b~"), Named(WORLD)
_CALCULATIONS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "add": ("add", lambda left, right: left + right),
    "sub": ("sub", lambda left, right: left - right),
    "mul": ("mul", lambda left, right: left * right),
}
_COMPARISONS: dict[str, Callable[..., bool]] = {
    "eq": lambda left, right: left == right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
_MOST = 10**50
_PLAIN = range(0xD800)
"""Characters that are made of numbers while types are computed."""


def _wrapped(value: int, sort: str) -> Constant | None:
    if sort == "Int":
        return Constant((value + (1 << 63)) % (1 << 64) - (1 << 63), sort)
    return Constant(value, sort) if abs(value) < _MOST else None


def _calculation(rule: Callable[[int, int], int], sort: str) -> Callable[..., object]:
    return lambda left, right: _wrapped(rule(left, right), sort)


def _division(sort: str, *, rest: bool) -> Callable[..., object]:
    """Divide so that the rest is never negative, as Idris does."""

    def rule(left: int, right: int) -> Constant | None:
        if right == 0:
            return None
        remainder = left % abs(right)
        return Constant(remainder if rest else (left - remainder) // right, sort)

    return rule


def _rules() -> dict[str, Callable[..., object]]:
    found: dict[str, Callable[..., object]] = {}
    for sort in ("Int", "Integer"):
        for name, (_, rule) in _CALCULATIONS.items():
            found[f"{name}_{sort}"] = _calculation(rule, sort)
        found[f"div_{sort}"] = _division(sort, rest=False)
        found[f"mod_{sort}"] = _division(sort, rest=True)
    for sort in ("Int", "Integer", "Char"):
        found |= {f"{name}_{sort}": rule for name, rule in _COMPARISONS.items()}
    found |= {
        "eq_String": lambda left, right: left == right,
        "lt_String": lambda left, right: left < right,
        "append_String": lambda left, right: Constant(left + right, "String"),
        "unpack": list,
        "natToInteger": lambda value: Constant(value, "Integer"),
        "integerToNat": lambda value: Constant(max(value, 0), "Nat"),
        "integerToInt": lambda value: _wrapped(value, "Int"),
        "intToInteger": lambda value: Constant(value, "Integer"),
        "ord": lambda value: Constant(ord(value), "Int"),
        "chr": lambda value: Constant(chr(value), "Char") if value in _PLAIN else None,
    }
    return {f"Prelude/prim__{name}": rule for name, rule in found.items()}


RULES = _rules()
"""What operations give when the types of a program are computed; None where they give nothing."""


def _two(name: str, type_: Type) -> Term:
    return Lambda(("a~", "b~"), Primitive("op", name, (_A, _B), type_))


def _divided(type_: Type, *, rest: bool) -> Term:
    """Divide so that the rest is never negative: by the absolute value, with the sign of the divisor behind."""
    negative = Primitive("op", "lt", (_B, Literal(0)))
    turned = Primitive("op", "sub", (Literal(0), _B), type_)
    if rest:
        ways = (Primitive("op", "floormod", (_A, turned), type_), Primitive("op", "floormod", (_A, _B), type_))
    else:
        down = Primitive("op", "floordiv", (_A, turned), type_)
        ways = (Primitive("op", "sub", (Literal(0), down), type_), Primitive("op", "floordiv", (_A, _B), type_))
    return Lambda(("a~", "b~"), _choose(negative, *ways))


def _choose(condition: Term, then: Term, otherwise: Term) -> Term:
    return Case(condition, "", (Alternative(1, (), then), Alternative(0, (), otherwise)))


def table() -> dict[str, Term]:
    """Give the term of each operation that the Prelude names `prim__...`, and of functions on `Nat`."""
    same = Lambda(("a~",), _A)
    found: dict[str, Term] = {}
    for sort, word in (("Int", S64), ("Integer", WORD)):
        for name, (operation, _) in _CALCULATIONS.items():
            found[f"{name}_{sort}"] = _two(operation, word)
        found[f"div_{sort}"] = _divided(word, rest=False)
        found[f"mod_{sort}"] = _divided(word, rest=True)
    for sort in ("Int", "Integer", "Char"):
        found |= {f"{name}_{sort}": _two(name, WORD) for name in _COMPARISONS}
    natural = _choose(Primitive("op", "lt", (_A, Literal(0))), Literal(0), _A)
    found |= {
        "unpack": same,
        "pack": same,
        "natToInteger": same,
        "integerToNat": Lambda(("a~",), natural),
        "integerToInt": Lambda(("a~",), Primitive("op", "cast", (_A,), S64)),
        "intToInteger": same,
        "ord": same,
        "chr": same,
        "crash": Lambda(("a~",), Stop(_A)),
        "putStr": Lambda(("a~", "world~"), terms.Apply(Named("put_text~"), (_A, _WORLD))),
        "getLine": Lambda(("world~",), terms.Apply(Named("get_line~"), (_WORLD,))),
        "getChar": Lambda(("world~",), Primitive("service", "get_char", ())),
        "pure": Lambda(("a~", "world~"), _A),
        "bind": _bound(),
    }
    named = {f"Prelude/prim__{name}": term for name, term in found.items()}
    named["Prelude/plus"] = _two("add", WORD)
    named["Prelude/mult"] = _two("mul", WORD)
    less = Primitive("op", "le", (_A, _B))
    named["Prelude/minus"] = Lambda(("a~", "b~"), _choose(less, Literal(0), Primitive("op", "sub", (_A, _B))))
    return named | {"put_text~": _writer(), "get_line~": _line_reader()}


ACTIONS = frozenset({"Prelude/prim__pure", "Prelude/prim__bind"})
"""May be taken apart wherever they stand, as what they do happens when the world is handed to them."""


def _bound() -> Term:
    first = terms.Apply(_A, (_WORLD,))
    return Lambda(("a~", "b~", "world~"), Case(first, "got~", (), terms.Apply(_B, (Named("got~"), _WORLD))))


def _writer() -> Term:
    """Give the function that prints a list of characters."""
    rest = terms.Apply(Named("put_text~"), (Named("rest~"), _WORLD))
    char = Primitive("service", "put_char", (Named("char~"),))
    more = Alternative(CONS, ("char~", "rest~"), Case(char, "done~", (), rest))
    return Lambda(("text~", "world~"), Case(Named("text~"), "", (Alternative(NIL, (), Literal(0)), more)))


def _line_reader() -> Term:
    """Give the function that reads a line; behind the end of the input lines are empty."""
    rest = terms.Apply(Named("get_line~"), (_WORLD,))
    made = terms.Construct(CONS, (Named("char~"), Named("rest~")))
    ends = tuple(Alternative(code, (), terms.Construct(NIL)) for code in (-1, 10))
    more = Case(rest, "rest~", (), made)
    return Lambda(("world~",), Case(Primitive("service", "get_char", ()), "char~", ends, more))
