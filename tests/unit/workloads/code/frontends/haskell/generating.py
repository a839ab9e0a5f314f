"""Random Haskell programs of typed expressions, so that GHC's answer can be compared with ours."""

from collections.abc import Callable
from random import Random

HEAD = """import Data.List (sort, nub)
import Data.Char (toUpper, isDigit)
"""
SHARED = """
data Tree = Leaf | Node Tree Int Tree deriving (Show, Eq, Ord)
data Shape = Dot | Box { side :: Int, name :: String } deriving (Show, Eq, Ord)

class Sized a where
  size :: a -> Int
  size _ = 7

instance Sized Tree where
  size Leaf = 0
  size (Node l _ r) = size l + 1 + size r

instance Sized Shape

grow :: Int -> Tree -> Tree
grow x Leaf = Node Leaf x Leaf
grow x t@(Node l y r)
  | x < y = Node (grow x l) y r
  | x > y = Node l y (grow x r)
  | otherwise = t

flat :: Tree -> [Int]
flat Leaf = []
flat (Node l x r) = flat l ++ x : flat r

safe :: Int -> Int -> Maybe Int
safe _ 0 = Nothing
safe x y = Just (x `div` y)
"""
_HARMLESS = ("const 3 (undefined :: Int)", "length [undefined :: Int, undefined]", "fst (2 :: Int, undefined :: Int)")


class Generator:
    """Writes programs; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.fresh = 0

    def program(self) -> str:
        """Write an action that prints what a few expressions come to; its name has the seed."""
        lines = [f"run{self.seed} :: IO ()", f"run{self.seed} = do"]
        for _ in range(6):
            sort = self.random.choice((self.number, self.truth, self.items, self.text, self.perhaps, self.tree))
            lines.append(f"  print ({sort((), 4)})")
        return "\n".join(lines) + "\n"

    def _name(self) -> str:
        self.fresh += 1
        return f"v{self.fresh}"

    def _one(self, depth: int, plain: list[Callable[[], str]], deep: list[Callable[[], str]]) -> str:
        return self.random.choice(plain if depth <= 0 else [*plain[:1], *deep])()

    def number(self, names: tuple[str, ...], depth: int) -> str:
        """Write an Int."""
        random, below = self.random, depth - 1
        one = self._name()
        plain = [
            lambda: f"({random.randint(0, 40)} :: Int)",
            lambda: f"({random.randint(-40, -1)} :: Int)",
            lambda: random.choice(names) if names else "(maxBound :: Int)",
        ]
        deep = [
            lambda: f"({self.number(names, below)} {random.choice('+-*')} {self.number(names, below)})",
            lambda: f"({self.number(names, below)} `{random.choice(_DIVIDING)}` {random.choice(_DIVISORS)})",
            lambda: (
                f"(if {self.truth(names, below)} then {self.number(names, below)} else {self.number(names, below)})"
            ),
            lambda: f"(let {one} = {self.number(names, below)} in {self.number((*names, one), below)})",
            lambda: (
                f"(case {self.perhaps(names, below)} of {{ Just {one} -> {self.number((*names, one), below)}; "
                f"Nothing -> {self.number(names, below)} }})"
            ),
            lambda: f"({random.choice(('sum', 'product', 'length', 'foldr (-) 1'))} {self.items(names, below)})",
            lambda: f"((\\{one} -> {self.number((*names, one), below)}) {self.number(names, below)})",
            lambda: (
                f"({random.choice(('abs', 'negate', 'signum', 'subtract 3', '(* 2) . (+ 1) $'))}"
                f" {self.number(names, below)})"
            ),
            lambda: f"(size {self.tree(names, below)})",
            lambda: f"(length {self.text(names, below)})",
            lambda: f"({random.choice(('max', 'min'))} {self.number(names, below)} {self.number(names, below)})",
            lambda: f"({random.choice(_HARMLESS)})",
            lambda: f"(let {{ {one} 0 = 1; {one} n = n + {one} (n - 1) }} in {one} ({self.number(names, 0)} `mod` 9))",
        ]
        return self._one(depth, plain, deep)

    def truth(self, names: tuple[str, ...], depth: int) -> str:
        """Write a Bool."""
        random, below = self.random, depth - 1
        pairs: list[Callable[[tuple[str, ...], int], str]] = [
            self.number,
            self.items,
            self.text,
            self.perhaps,
            self.tree,
        ]
        sort = random.choice(pairs)
        sign = random.choice(("<", "<=", "==", "/=", ">", ">="))
        deep = [
            lambda: f"({sort(names, below)} {sign} {sort(names, below)})",
            lambda: f"({self.truth(names, below)} {random.choice(('&&', '||', '=='))} {self.truth(names, below)})",
            lambda: f"(not {self.truth(names, below)})",
            lambda: f"({random.choice(('all', 'any'))} even {self.items(names, below)})",
            lambda: f"(elem {self.number(names, below)} {self.items(names, below)})",
            lambda: f"(null {self.items(names, below)})",
        ]
        return self._one(depth, [lambda: random.choice(("True", "False"))], deep)

    def items(self, names: tuple[str, ...], depth: int) -> str:
        """Write a list of Int."""
        random, below = self.random, depth - 1
        one = self._name()
        inner = (*names, one)
        shallow = min(below, 1)
        deep = [
            lambda: f"[{', '.join(self.number(names, below) for _ in range(random.randint(1, 3)))}]",
            lambda: f"({self.number(names, below)} : {self.items(names, below)})",
            lambda: f"(map (\\{one} -> {self.number(inner, shallow)}) {self.items(names, below)})",
            lambda: f"(filter (\\{one} -> {self.truth(inner, shallow)}) {self.items(names, below)})",
            lambda: (
                f"[{self.number(inner, shallow)} | {one} <- {self.items(names, below)}, {self.truth(inner, shallow)}]"
            ),
            lambda: f"({self.items(names, below)} ++ {self.items(names, below)})",
            lambda: (
                f"({random.choice(('reverse', 'sort', 'nub', 'take 3', 'drop 1', 'concatMap (replicate 2)'))}"
                f" {self.items(names, below)})"
            ),
            lambda: (
                f"(take {random.randint(0, 5)} (iterate (* ({random.randint(-3, 3)})) {self.number(names, below)}))"
            ),
            lambda: f"(zipWith {random.choice(_JOINING)} {self.items(names, below)} [{random.randint(0, 9)} ..])",
            lambda: f"(takeWhile (< {random.randint(0, 60)}) (scanl (+) 1 {self.items(names, below)}))",
            lambda: f"(flat {self.tree(names, below)})",
            lambda: f"[{random.randint(-3, 3)} :: Int .. {random.randint(-3, 9)}]",
        ]
        return self._one(depth, [lambda: f"[{random.randint(0, 9)} :: Int]", lambda: "([] :: [Int])"], deep)

    def text(self, names: tuple[str, ...], depth: int) -> str:
        """Write a String."""
        random, below = self.random, depth - 1
        deep = [
            lambda: f"({self.text(names, below)} ++ {self.text(names, below)})",
            lambda: f"(show {self.number(names, below)})",
            lambda: f"(show {self.perhaps(names, below)})",
            lambda: f"({random.choice(_OF_TEXTS)} {self.text(names, below)})",
            lambda: f"(show (Box {self.number(names, below)} {self.text(names, below)}))",
            lambda: f"(show ({self.number(names, below)}, {self.truth(names, below)}))",
        ]
        return self._one(depth, [lambda: random.choice(('"abc"', '"a, b"', '""', '"x\\ny\\"z"'))], deep)

    def perhaps(self, names: tuple[str, ...], depth: int) -> str:
        """Write a Maybe Int."""
        below = depth - 1
        one = self._name()
        deep = [
            lambda: f"(Just {self.number(names, below)})",
            lambda: f"(safe {self.number(names, below)} {self.number(names, below)})",
            lambda: f"(fmap (\\{one} -> {self.number((*names, one), min(below, 1))}) {self.perhaps(names, below)})",
            lambda: f"({self.perhaps(names, below)} >>= \\{one} -> safe {self.number(names, below)} {one})",
            lambda: f"(do {{ {one} <- {self.perhaps(names, below)}; return ({self.number((*names, one), below)}) }})",
            lambda: f"(lookup {self.number(names, below)} (zip {self.items(names, below)} {self.items(names, below)}))",
        ]
        return self._one(depth, [lambda: "(Just 4)", lambda: "(Nothing :: Maybe Int)"], deep)

    def tree(self, names: tuple[str, ...], depth: int) -> str:
        """Write a Tree."""
        below = depth - 1
        deep = [
            lambda: f"(grow {self.number(names, below)} {self.tree(names, below)})",
            lambda: f"(foldr grow Leaf {self.items(names, below)})",
            lambda: f"(Node {self.tree(names, below)} {self.number(names, below)} {self.tree(names, below)})",
        ]
        return self._one(depth, [lambda: "Leaf"], deep)


_JOINING = ("(+)", "(-)", "max")
_DIVIDING = ("div", "mod", "quot", "rem")
_DIVISORS = ("2", "3", "7", "(-2)", "(-5)", "10")
_OF_TEXTS = ("reverse", "map toUpper", "filter isDigit", "take 4", "unwords . words $", "concat . lines $", "drop 2")
