"""Random Scheme programs whose every expression has a value, so that Guile's answer can be compared with ours."""

from random import Random


class Generator:
    """Writes programs; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.fresh = 0

    def program(self) -> str:
        """Write a program that prints what a few expressions come to."""
        lines = [
            "(define (twice f x) (f (f x)))",
            "(define (between a b) (if (> a b) '() (cons a (between (+ a 1) b))))",
        ]
        for _ in range(8):
            sort = self.random.choice((self.number, self.truth, self.items, self.text, self.number))
            lines.append(f"(write {sort([], 4)}) (newline)")
        return "\n".join(lines) + "\n"

    def name(self) -> str:
        """Make a name that nothing else has."""
        self.fresh += 1
        return f"v{self.fresh}"

    def number(self, names: list[str], depth: int) -> str:  # noqa: C901, PLR0911 - a case for each form
        """Write an expression of a number."""
        pick = self.random.randrange(14) if depth else self.random.randrange(3)
        a, b = (self.number(names, depth - 1) if depth > 0 else "1" for _ in range(2))
        match pick:
            case 0:
                return str(self.random.randint(-20, 20))
            case 1:
                return self.random.choice(("1/2", "2.5", "-0.75", "100", "7/3", "1e3", "0"))
            case 2:
                return self.random.choice(names) if names else str(self.random.randint(0, 9))
            case 3 | 4:
                return f"({self.random.choice('+-*')} {a} {b})"
            case 5:
                return f"({self.random.choice(('max', 'min'))} {a} {b})"
            case 6:
                return f"(if {self.truth(names, depth - 1)} {a} {b})"
            case 7:
                one = self.name()
                return f"(let (({one} {a})) {self.number([*names, one], depth - 1)})"
            case 8:
                return f"(length {self.items(names, depth - 1)})"
            case 9:
                return f"(abs {a})"
            case 10:
                one = self.name()
                return f"(twice (lambda ({one}) {self.number([*names, one], min(depth - 1, 1))}) {a})"
            case 11:
                return f"({self.random.choice(('floor', 'round', 'truncate', 'ceiling'))} {a})"
            case 12:
                return f"(apply + {self.items(names, depth - 1)})"
        i, s = self.name(), self.name()
        count = self.random.randint(0, 6)
        body = self.number([*names, i, s], min(depth - 1, 1))
        return f"(let loop (({i} 0) ({s} {a})) (if (>= {i} {count}) {s} (loop (+ {i} 1) (- {body} {s}))))"

    def truth(self, names: list[str], depth: int) -> str:
        """Write an expression of a truth value."""
        a, b = (self.number(names, depth - 1) if depth > 0 else "1" for _ in range(2))
        match self.random.randrange(7) if depth > 0 else 0:
            case 0:
                return self.random.choice(("#t", "#f"))
            case 1 | 2:
                return f"({self.random.choice(('<', '>', '=', '<=', '>='))} {a} {b})"
            case 3:
                one, other = self.truth(names, depth - 1), self.truth(names, depth - 1)
                return f"({self.random.choice(('and', 'or'))} {one} {other})"
            case 4:
                return f"(not {self.truth(names, depth - 1)})"
            case 5:
                return f"({self.random.choice(('equal?', 'eqv?'))} {a} {b})"
        return f"(null? {self.items(names, depth - 1)})"

    def items(self, names: list[str], depth: int) -> str:  # noqa: PLR0911 - a case for each form
        """Write an expression of a list of numbers."""
        match self.random.randrange(10) if depth > 0 else 0:
            case 0 | 1:
                count = self.random.randint(0, 4)
                return (
                    "(list"
                    + "".join(f" {self.number(names, depth - 1 if depth > 0 else 0)}" for _ in range(count))
                    + ")"
                )
            case 2:
                return f"(cons {self.number(names, depth - 1)} {self.items(names, depth - 1)})"
            case 3:
                one = self.name()
                body = self.number([*names, one], min(depth - 1, 1))
                return f"(map (lambda ({one}) {body}) {self.items(names, depth - 1)})"
            case 4:
                one = self.name()
                return (
                    f"(filter (lambda ({one}) {self.truth([*names, one], depth - 1)}) {self.items(names, depth - 1)})"
                )
            case 5:
                return f"(append {self.items(names, depth - 1)} {self.items(names, depth - 1)})"
            case 6:
                return f"(reverse {self.items(names, depth - 1)})"
            case 7:
                return f"(between {self.random.randint(0, 3)} {self.random.randint(0, 8)})"
            case 8:
                return f"(sort {self.items(names, depth - 1)} <)"
        return f"`({self.random.randint(0, 9)} ,{self.number(names, depth - 1)} ,@{self.items(names, depth - 1)})"

    def text(self, names: list[str], depth: int) -> str:
        """Write an expression of a string."""
        match self.random.randrange(5) if depth > 0 else 0:
            case 0:
                return self.random.choice(('"abc"', '"a longer string, of some words"', '""', '"x\\ny"', '"é"'))
            case 1:
                return f"(string-append {self.text(names, depth - 1)} {self.text(names, depth - 1)})"
            case 2:
                return f"(number->string {self.number(names, depth - 1)})"
            case 3:
                return f"(list->string (reverse (string->list {self.text(names, depth - 1)})))"
        return f"(substring {self.text(names, depth - 1)} 0 0)"
