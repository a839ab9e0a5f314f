"""What the Prelude cannot say in Haskell: types, and operations with the words that they become."""

from core.workloads.code.frontends.functional import terms
from core.workloads.code.frontends.functional.strictness import WORLD
from core.workloads.code.frontends.functional.terms import Case, Delay, Lambda, Literal, Primitive, Stop, Term, Variable
from core.workloads.code.ir.types import F64, S64, WORD, Type

TYPES = {"Int": 0, "Integer": 0, "Double": 0, "Char": 0, "->": 2, "IO": 1}
NIL = terms.Constructor("[]", 0, 0, (0, 2))
CONS = terms.Constructor(":", 1, 2, (0, 2))
_A, _B, _WORLD = Variable("a~"), Variable("b~"), Variable(WORLD)
Table = dict[str, tuple[str, Term]]


def _two(sort: str, name: str, type_: Type) -> Term:
    return Lambda(("a~", "b~"), Primitive(sort, name, (_A, _B), type_))


def _one(sort: str, name: str, type_: Type = WORD) -> Term:
    return Lambda(("a~",), Primitive(sort, name, (_A,), type_))


def _acting(name: str) -> Term:
    return Lambda(("a~", "world~"), Case(Primitive("service", name, (_A,)), "done~", (), Literal(0)))


def table() -> Table:
    """Give the type and the term of each primitive."""
    found: Table = {}
    for type_name, word in (("Int", S64), ("Integer", WORD)):
        for name, op in (("Add", "add"), ("Sub", "sub"), ("Mul", "mul"), ("Quot", "div"), ("Rem", "rem")):
            found[f"prim{name}{type_name}"] = f"{type_name} -> {type_name} -> {type_name}", _two("op", op, word)
        for name, op in (("Div", "floordiv"), ("Mod", "floormod")):
            found[f"prim{name}{type_name}"] = f"{type_name} -> {type_name} -> {type_name}", _two("op", op, word)
    for type_name in ("Int", "Integer", "Char"):
        for name, op in (("Eq", "eq"), ("Ne", "ne"), ("Lt", "lt"), ("Le", "le"), ("Gt", "gt"), ("Ge", "ge")):
            found[f"prim{name}{type_name}"] = f"{type_name} -> {type_name} -> Bool", _two("op", op, WORD)
    for name in ("Add", "Sub", "Mul", "Div"):
        found[f"prim{name}Double"] = "Double -> Double -> Double", _two("op", f"f{name.lower()}", F64)
    for name in ("Eq", "Ne", "Lt", "Le", "Gt", "Ge"):
        found[f"prim{name}Double"] = "Double -> Double -> Bool", _two("op", f"f{name.lower()}", WORD)
    same = Lambda(("a~",), _A)
    found |= {
        "primIntToInteger": ("Int -> Integer", same),
        "primIntegerToInt": ("Integer -> Int", _one("op", "cast", S64)),
        "primIntegerToDouble": ("Integer -> Double", _one("op", "itf", F64)),
        "primImage": ("Integer -> Double", same),
        "primTruncate": ("Double -> Integer", _one("op", "fti", WORD)),
        "primSqrt": ("Double -> Double", _one("op", "fsqrt", F64)),
        "primNegateDouble": ("Double -> Double", _one("op", "fneg", F64)),
        "primDigits": ("Double -> Integer", _one("op", "fshort", WORD)),
        "primExponent": ("Double -> Int", _one("op", "fshortexp", WORD)),
        "primPower": ("Double -> Double -> Double", _two("op", "fpow", F64)),
        "primOrd": ("Char -> Int", same),
        "primChr": ("Int -> Char", same),
        "constructorNumber": ("a -> Int", _one("routine", "constructor_number")),
        "seq": ("a -> b -> b", Lambda(("a~", "b~"), Case(_A, "", (), _B))),
        "error": ("[Char] -> a", Lambda(("a~",), Stop(_A))),
        "putChar": ("Char -> IO ()", _acting("put_char")),
        "primGetChar": ("IO Int", Lambda(("world~",), Primitive("service", "get_char", ()))),
        "getContents": ("IO [Char]", Lambda(("world~",), Delay(terms.Apply(Variable("input"), (Literal(0),))))),
        "primReturn": ("a -> IO a", Lambda(("a~", "world~"), Delay(_A))),
        "primBind": ("IO a -> (a -> IO b) -> IO b", _bound()),
        "primThen": ("IO a -> IO b -> IO b", _followed()),
    }
    return found


ACTIONS = frozenset({"primReturn", "primBind", "primThen", "Monad.IO.>>=", "Monad.IO.>>", "Monad.IO.return"}) | {
    "Applicative.IO.pure"
}
"""May be taken apart wherever they stand, as what they do happens when the world is handed to them."""


def _bound() -> Term:
    first = terms.Apply(_A, (_WORLD,))
    return Lambda(("a~", "b~", "world~"), Case(first, "got~", (), terms.Apply(_B, (Variable("got~"), _WORLD))))


def _followed() -> Term:
    return Lambda(("a~", "b~", "world~"), Case(terms.Apply(_A, (_WORLD,)), "got~", (), terms.Apply(_B, (_WORLD,))))


def input_reader() -> Term:
    """Give the function that reads what is left of the input, one character after another as they are asked for."""
    more = terms.Construct(CONS, (Variable("char~"), terms.Apply(Variable("input"), (Literal(0),))))
    end = terms.Alternative(-1, (), terms.Construct(NIL))
    return Lambda(("unused~",), Case(Primitive("service", "get_char", ()), "char~", (end,), more))
