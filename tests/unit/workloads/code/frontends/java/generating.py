"""Random Java classes of typed expressions and statements, so that the virtual machine's answer can be compared."""

from collections.abc import Callable
from random import Random

_NUMBERS: dict[str, tuple[str, ...]] = {
    "int": ("0", "1", "-7", "100", "Integer.MAX_VALUE", "Integer.MIN_VALUE", "'x'", "65_535"),
    "long": ("0L", "3L", "-1L", "1L << 40", "Long.MIN_VALUE", "9_999_999_999L"),
    "double": ("0.5", "-2.25", "1e10", "3.0", "1.0 / 3"),
    "char": ("'a'", "'Z'", "'0'", "(char) 300"),
    "byte": ("(byte) 200", "(byte) -1"),
    "short": ("(short) 40000", "(short) 12"),
}
SORTS = ("int", "int", "long", "double", "char", "byte", "short", "boolean", "String")


class Generator:
    """Writes classes; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.names: list[tuple[str, str]] = []
        self.fresh = 0

    def program(self) -> str:
        """Write a class with the seed in its name, whose `run` prints what its statements come to."""
        lines = [f"class P{self.seed} {{", *self._method(), "    static void run() {", "        int[] box = {3, 1, 2};"]
        self.names = [("box.length", "int"), ("box[1]", "int")]
        lines += [f"        {line}" for _ in range(9) for line in self.statement(2)]
        for name, _ in self.names:
            lines.append(f"        System.out.println({name});")
        return "\n".join([*lines, "    }", "}", ""])

    def _method(self) -> list[str]:
        self.names = [("a", "int"), ("b", "long"), ("s", "String")]
        result = self.value("long", 3)
        self.names = [("n", "int")]
        return [
            f"    static long mix(int a, long b, String s) {{ return {result}; }}",
            f"    static int sum(int n) {{ return n <= 0 ? {self.value('int', 1)} : n + sum(n - 1); }}",
        ]

    def _name(self) -> str:
        self.fresh += 1
        return f"v{self.fresh}"

    def statement(self, depth: int) -> list[str]:
        """Write a statement, or a few."""
        options: list[Callable[[int], list[str]]] = [self._declared, self._changed]
        if depth > 0:
            options += [self._branch, self._loop, self._caught, self._switch]
        return self.random.choice(options)(depth)

    def _block(self, depth: int) -> list[str]:
        kept = list(self.names)
        lines = [f"    {line}" for _ in range(self.random.randint(1, 2)) for line in self.statement(depth - 1)]
        self.names = kept
        return lines

    def _declared(self, _depth: int) -> list[str]:
        sort, name = self.random.choice(SORTS), self._name()
        cast = f"({sort}) " if sort in ("char", "byte", "short") else ""
        value = self.value("int" if cast else sort, 3)
        self.names.append((name, sort))
        return [f"{sort} {name} = {cast}({value});"]

    def _changed(self, depth: int) -> list[str]:
        open_ones = [(name, sort) for name, sort in self.names if name[0] == "v" or name == "box[1]"]
        if not open_ones:
            return self._declared(depth)
        name, sort = self.random.choice(open_ones)
        if sort in ("boolean", "String"):
            return [f"{name} {'^=' if sort == 'boolean' else '+='} {self.value(sort, 2)};"]
        signs = ("+=", "-=", "*=") if sort == "double" else ("+=", "-=", "*=", "&=", "|=", "^=", "<<=", ">>=", ">>>=")
        if self.random.random() < 0.3:
            return [f"{name}{self.random.choice(('++', '--'))};"]
        return [f"{name} {self.random.choice(signs)} {self.value('int', 2)};"]

    def _branch(self, depth: int) -> list[str]:
        return [f"if ({self.value('boolean', 2)}) {{", *self._block(depth), "} else {", *self._block(depth), "}"]

    def _loop(self, depth: int) -> list[str]:
        name = self._name()
        kept = list(self.names)
        self.names.append((f"(+{name})", "int"))
        jump = self.random.choice(("continue", "break"))
        inside = [f"    if ({self.value('boolean', 1)}) {jump};", *self._block(depth)]
        self.names = kept
        return [f"for (int {name} = 0; {name} < {self.random.randint(1, 4)}; {name}++) {{", *inside, "}"]

    def _caught(self, depth: int) -> list[str]:
        place = self.random.choice(("box[{}]", "10 / {}", "10 % {}", '"abc".charAt({})')).format(self.value("int", 2))
        return [
            "try {",
            f"    System.out.println({place});",
            *self._block(depth),
            "} catch (ArithmeticException | IndexOutOfBoundsException e) {",
            "    System.out.println(e.getMessage());",
            *(["} finally {", *self._block(depth)] if self.random.random() < 0.5 else []),
            "}",
        ]

    def _switch(self, depth: int) -> list[str]:
        lines = [f"switch ({self.value('int', 1)} & 3) {{"]
        for case in self.random.sample(("case 0", "case 1", "case 3", "default"), 3):
            kept = list(self.names)
            lines += [f"    {case}: {{", *(f"    {line}" for line in self._block(depth)), "    }"]
            lines += ["        break;"] if self.random.random() < 0.6 else []
            self.names = kept
        return [*lines, "}"]

    def value(self, sort: str, depth: int) -> str:
        """Write an expression that fits a type without a cast."""
        if sort == "boolean":
            return self._truth(depth)
        if sort == "String":
            return self._text(depth)
        return self._number(sort, depth)

    def _plain(self, *sorts: str) -> str:
        known = [name for name, sort in self.names if sort in sorts]
        if known and self.random.random() < 0.6:
            return self.random.choice(known)
        return f"({self.random.choice(_NUMBERS[self.random.choice(sorts)])})"

    def _number(self, sort: str, depth: int) -> str:
        narrow = ("int", "char", "byte", "short")
        below = {"int": narrow, "long": (*narrow, "long"), "double": (*narrow, "long", "double")}[sort]
        if depth <= 0:
            return self._plain(*below)
        random = self.random
        a, b = self._number(sort, depth - 1), self._number(sort, depth - 1)
        options = [
            lambda: f"({a} {random.choice('+-*')} {b})",
            lambda: f"({a} {random.choice('+-')} {self._plain(*below)})",
            lambda: f"({self._truth(depth - 1)} ? {a} : {b})",
            lambda: f"Math.{random.choice(('max', 'min'))}({a}, {b})",
            lambda: f"({random.choice('-+')}{a})",
            lambda: f"({a} {random.choice('/%')} {random.choice(('3', '-7', '10'))})",
        ]
        if sort != "double":
            options += [
                lambda: f"({a} {random.choice(('&', '|', '^'))} {b})",
                lambda: f"({a} {random.choice(('<<', '>>', '>>>'))} {self._number('int', 0)})",
                lambda: f"(~{a})",
            ]
        if sort == "int":
            options += [
                lambda: f"(int) ({self._number('long', depth - 1)})",
                lambda: f"(int) ({self._number('double', depth - 1)})",
                lambda: f"{self._text(depth - 1)}.length()",
                lambda: f"(byte) ({a})",
                lambda: f"Integer.compare({a}, {b})",
                lambda: f"{self._text(depth - 1)}.hashCode()",
            ]
        if sort == "long":
            options += [lambda: f"(long) ({self._number('double', depth - 1)})", lambda: f"Math.abs({a})"]
        return random.choice(options)()

    def _truth(self, depth: int) -> str:
        random = self.random
        if depth <= 0:
            known = [name for name, sort in self.names if sort == "boolean"]
            return random.choice([*known, "true", "false"])
        sort = random.choice(("int", "long", "double"))
        a, b = self._number(sort, depth - 1), self._number(sort, depth - 1)
        options = [
            lambda: f"({a} {random.choice(('<', '<=', '==', '!=', '>', '>='))} {b})",
            lambda: f"({self._truth(depth - 1)} {random.choice(('&&', '||', '^', '&', '|'))} {self._truth(depth - 1)})",
            lambda: f"(!{self._truth(depth - 1)})",
            lambda: f"{self._text(depth - 1)}.equals({self._text(depth - 1)})",
        ]
        return random.choice(options)()

    def _text(self, depth: int) -> str:
        random = self.random
        if depth <= 0:
            known = [name for name, sort in self.names if sort == "String"]
            return random.choice([*known, '"abc"', '""', '"a longer text of words"'])
        sort = random.choice(("int", "long", "double", "boolean", "String"))
        options = [
            lambda: f"({self._text(depth - 1)} + {self.value(sort, depth - 1)})",
            lambda: f"(\"<\" + {self._plain('char')} + '>')",
            lambda: f"{self._text(depth - 1)}.toUpperCase()",
            lambda: f"{self._text(depth - 1)}.replace('a', 'o')",
            lambda: f"String.valueOf({self.value(sort, depth - 1)})",
            lambda: f"Integer.toHexString({self._number('int', depth - 1)})",
        ]
        return random.choice(options)()
