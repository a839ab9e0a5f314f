"""Random Python expressions of a wanted type; what an integer can grow to is tracked, so that it stays within a word.

Each type has a table of forms, in which `$type` stands for an expression of that type, `$type0` for a simple one.
"""

import re
from collections.abc import Callable
from random import Random

LIMIT = 10**45
"""No integer gets larger, so that none needs more than the Engine's 50 digits."""
BOUND = 10**7
"""Integers in variables and collections are smaller."""
MODULUS = 999_983
CONSTANTS = {
    "int": ["0", "1", "(-1)", "2", "3", "7", "10", "100", "(-128)", "255", "1000", "65_537", "(-999_999)", "0x1F"],
    "float": ["0.0", "0.5", "(-1.25)", "3.0", "1e10", "2.5e-3", "0.1", "123.456", "(-0.0)", "1e22"],
    "str": [
        *map(repr, ("", "a", "bc", "Abc", "hello world", "x,y,,z", " pad ", "12", "-7", "3x", "é", "a\tb\n", "it's"))
    ],
    "bool": ["True", "False"],
    "key": [*map(repr, ("a", "b", "key", "", "x y"))],
    "bounds": ["1:", "2:", ":-1", "-3:", "::2", "::-1", "5:1:-2", "1:4", ":", "-2::-1"],
    "compare": ["<", "<=", ">", ">=", "==", "!="],
    "step": ["1", "2", "3"],
    "divisor": ["3", "(-7)", "8", "10"],
    "part": ["2.5", "(-3.0)", "4", "0.1"],
    "extreme": ["max", "min"],
    "recase": ["upper", "lower", "strip", "title", "capitalize", "swapcase", "lstrip", "rstrip", "casefold"],
    "test": ["isdigit", "isalpha", "isupper", "isspace", "islower", "isalnum"],
    "pad": ["ljust", "rjust", "center", "zfill"],
    "end": ["0", "-1"],
    "places": ["0", "1", "2", "4", "(-1)"],
    "classes": ["int", "str", "list", "(float, tuple)", "bool"],
    "separator": ["", "','", "'X'", "None, 1", "' '"],
    "sorting": ["", ", reverse=True", ", key=str", ", key=lambda k: (k % 7, k)"],
    "joint": ["''", "'-'", "', '"],
    "set_op": ["&", "|", "-", "^"],
    "spec_int": [
        "",
        ":d",
        ":5",
        ":<6",
        ":>8",
        ":^9",
        ":05",
        ":+",
        ":,",
        ":x",
        ":#x",
        ":b",
        ":o",
        ":_",
        ":+08d",
        ":*^12",
        "!r",
    ],
    "spec_float": ["", ":.2f", ":.0f", ":8.3f", ":e", ":.3e", ":g", ":.4g", ":+.1f", ":010.2f", ":%", ":,.2f", "!r"],
    "spec_str": ["", ":5", ":>7", ":^9", ":<4", ":.2", ":*>6", ":-^8.3", "!r", "!r:>9"],
}
FORMS = {
    "int": (
        *("len($ints)", "len($str)", "len($dict)", "len($set)", "sum($ints) % 1000", "$extreme($ints, default=-3)"),
        *("$extreme($int, $int, 5)", "abs($int)", "$str.find($str0)", "$str.count($str0)", "ord(($str or '?')[$end])"),
        *("int($bool)", "$dict.get($key, 8)", "$ints.count($int)", "($ints or [4])[$end]", "$pair[0]"),
        *("int($float % 1000 // 1)", "($bool + $bool)", "sum($mapped_int) % 1000", "int('1_000')", "int(' -12 ')"),
        *("($int).bit_length()", "round($float % 100)", "int('ff', 16)", "($int if $bool else $int)", "$call_int"),
        *("($int and $int)", "($int or $int)", "divmod($int, $divisor)[1]", "sum(1 for w in $strs if w)"),
        *("hash($bool)", "len(range($small, $small))", "len({*$ints})", "($str and 3 or 4)"),
    ),
    "bool": (
        *("($int $compare $int)", "($float $compare $float)", "($str $compare $str)", "($ints $compare $ints)"),
        *("($pair $compare $pair)", "($int < $int <= $int)", "($bool and $bool)", "($bool or $bool)", "(not $int)"),
        *(
            "(not $str)",
            "($int in $ints)",
            "($int not in $set)",
            "($key in $dict)",
            "($str0 in $str)",
            "any($mapped_bool)",
        ),
        *("all($mapped_bool)", "isinstance($any, $classes)", "($set <= $set)", "($set == $set)", "$str.$test()"),
        *("bool($ints)", "($dict == $dict)", "$str.startswith($str0)", "$str.endswith(('a', 'd'))", "($bool is True)"),
        *("(None is not None)", "($bool ^ $bool)", "($int == $float)", "(1 in ($int, $float))", "$call_bool"),
    ),
    "float": (
        *(
            "($float + $float)",
            "($float - $float)",
            "($float * $float)",
            "($float / ($float or 0.75))",
            "($int / $divisor)",
        ),
        *("($float * $int)", "($int - $float)", "float($int)", "abs($float)", "(-$float)", "round($float, $places)"),
        *("($float if $bool else $float)", "($float // $part)", "($float % $part)", "$extreme($float, $float)"),
        *("float('1.5')", "float('-2e3')", "sum([$float, $float])", "($float + $bool)", "divmod($float, $part)[1]"),
        *("($int % $part)", "(2 ** -$small)", "(abs($float % 100) ** 0.5)"),
    ),
    "str": (
        *("($str + $str)", "($str * $small)", "$str.$recase()", "$str.replace($str0, $str0)[:30]", "$str[$bounds]"),
        *("str($int)", "str($float)", "str($bool)", "str($ints)", "str($pair)", "repr($str)", "repr($strs)", "$text"),
        *("$joint.join($strs)", "$str.$pad($small)", "($str if $bool else $str)", "chr(97 + $int % 26)", "str($dict)"),
        *("$str.removeprefix($str0)", "$str.removesuffix($str0)", "$pair[1]", "($strs or ['none'])[-1]", "$call_str"),
        *("$joint.join(c for c in $str if c != 'a')", "($str or $str)", "hex($int)", "bin($int)", "format($int, '>6')"),
        *("$str.partition(',')[$end]", "$str.center(9, '*')", "'%'.join($strs)", "$extreme($str, $str)", "str(None)"),
    ),
    "ints": (
        *(
            "[$int, $int]",
            "[$mapped_int]",
            "$ints[$bounds]",
            "sorted($ints$sorting)",
            "($ints + $ints)",
            "list(range($small))",
        ),
        *("list(range($int % 20, $small, -$step))", "list(reversed($ints))", "list(map(lambda m: m * 2 % 101, $ints))"),
        *("list(filter(None, $ints))", "($ints * $small)[:7]", "sorted($set)", "[len(w) for w in $strs]"),
        *(
            "[i * n % 1000 for i, n in enumerate($ints)]",
            "[a - b for a, b in zip($ints, $ints)]",
            "list($dict.values())",
        ),
        *(
            "[*$ints, $int]",
            "[ord(c) for c in $str]",
            "[n for n in $ints if n % 2 == 0]",
            "$ints.copy()",
            "list($set)[:0]",
        ),
        *("[x + y for x in $ints[:3] for y in $ints[:3]]", "list(map(int, '1 2 30'.split()))", "($ints or [$int])"),
    ),
    "strs": (
        *(
            "$str.split($separator)",
            "[$str, $str]",
            "[str(n) for n in $ints]",
            "sorted($strs, key=len)",
            "sorted($strs)",
        ),
        *("list($str[:5])", "list($dict)", "[w.upper() for w in $strs if w]", "$strs[$bounds]", "sorted({*$strs})"),
        *(
            "[k + str(v) for k, v in $dict.items()]",
            "list(map(str, $ints))",
            "$str.splitlines()",
            "[f'{n:>3}' for n in $ints]",
        ),
    ),
    "dict": (
        *("{$key: $int, $key: $int}", "{w: len(w) for w in $strs}", "dict(zip($strs, $ints))", "{**$dict, $key: $int}"),
        *("dict(a=$int, b=$int)", "{k: v // 2 for k, v in $dict.items()}", "{str(n): n for n in $ints}", "dict($dict)"),
    ),
    "set": (
        *("($set $set_op $set)", "{n % 5 for n in $ints}", "{$int, $int, 1}", "set($ints)", "set(map(abs, $ints))"),
        *("set(range($small))", "$set.union($ints)"),
    ),
    "pair": ("($int, $str)", "(len($strs), $str)", "divmod($int, 7)[:1] + ($str,)"),
}
SIMPLE = {"ints": "[$int0, $int0, $int0]", "strs": "[$str0, $str0]", "dict": "{$key: $int0}", "set": "{$int0, 4}"}
SIMPLE["pair"] = "($int0, $str0)"
GROWING: tuple[tuple[str, Callable[[int, int], int]], ...] = (
    *((f"($big {op} $big)", lambda a, b: a + b) for op in "+-"),
    ("($big * $big)", lambda a, b: a * b),
    ("($big // ($big or -7))", lambda a, _: a + 1),
    ("($big % ($big or 3))", lambda _, b: max(b, 7)),
    *((f"($big {op} $big)", lambda a, b: 2 * max(a, b) + 1) for op in "&|^"),
    ("($big << $small) + 0 * $big", lambda a, b: (a << 8) + b),
    ("($big >> $small) - $big", lambda a, b: a + b),
    ("(-$big) + (~$big)", lambda a, b: a + b + 1),
    ("($big) ** 3 - $big", lambda a, b: a**3 + b),
    ("pow($big, 5, 1009) + $big", lambda _, b: 1009 + b),
)
"""Forms of integers that may get larger, and how large, from the sizes of both parts."""
_PLACE = re.compile(r"\$(mapped_|call_|spec_)?([a-z_]+)(0?)")


class Expressions:
    """Writes expressions over the names in sight, each a pair of name and type."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: list[tuple[str, str]] = []
        self.functions: list[tuple[str, list[str], str]] = []
        self.counter = 0
        self.pure = False
        """Whether calls are left out, as within what is done often."""

    def fresh(self, stem: str) -> str:
        self.counter += 1
        return f"{stem}{self.counter}"

    def known(self, type_: str) -> list[str]:
        return [name for name, one in self.names if one == type_]

    def fill(self, form: str, depth: int) -> str:
        """Put expressions into a form's places."""
        return _PLACE.sub(lambda found: self._filled(found, depth), form)

    def _filled(self, found: re.Match[str], depth: int) -> str:
        sort, type_, simple = found.groups()
        if sort == "mapped_":
            return self._mapped(type_)
        if sort == "call_":
            return self._call(type_, depth) or self.value(type_, depth)
        return self.value(f"{sort or ''}{type_}", 0 if simple else depth)

    def value(self, type_: str, depth: int = 2) -> str:  # noqa: PLR0911 - a case for each sort of type
        """Write an expression of a type; integers are smaller than `BOUND`."""
        if type_ == "small":
            return str(self.random.randrange(7))
        if type_ == "text":
            return self._text()
        if type_ == "any":
            return self.value(self.random.choice(list(FORMS)), depth)
        known = self.known(type_)
        if known and self.random.random() < (0.3 if depth > 0 else 0.7):
            return self.random.choice(known)
        if type_ in SIMPLE and depth <= 0:
            return self.fill(SIMPLE[type_], 0)
        if type_ not in FORMS or depth <= 0:
            return self.random.choice(CONSTANTS[type_])
        if type_ == "int" and self.random.random() < 0.5:
            text, bound = self.big(depth)
            return text if bound < BOUND else f"({text}) % {MODULUS}"
        return self.fill(self.random.choice(FORMS[type_]), depth - 1)

    def big(self, depth: int) -> tuple[str, int]:
        """Write an integer; gives it with the largest magnitude it can have."""
        if depth <= 0 or self.random.random() < 0.3:
            return self.value("int", 0 if self.random.random() < 0.6 else depth - 1), BOUND
        parts = [self.big(depth - 1), self.big(depth - 1)]
        form, grown = self.random.choice(GROWING)
        bound = grown(parts[0][1], parts[1][1])
        if bound >= LIMIT:
            return parts[0]
        texts = iter([one for one, _ in parts])
        return "(" + self.fill(re.sub(r"\$big", lambda _: f"({next(texts)})", form), 0) + ")", bound

    def _mapped(self, type_: str) -> str:
        """Write what a comprehension has between its brackets, with its own name in sight."""
        name, pure = self.fresh("q"), self.pure
        over = self.value("ints", 1)
        self.names.append((name, "int"))
        self.pure = True
        text = f"{self.value(type_, 1)} for {name} in {over}"
        if self.random.random() < 0.4:
            text += f" if {self.value('bool', 1)}"
        self.pure = pure
        self.names.pop()
        return text

    def _call(self, type_: str, depth: int) -> str:
        fitting = [one for one in self.functions if one[2] == type_]
        if self.pure or not fitting:
            return ""
        name, params, _ = self.random.choice(fitting)
        return f"{name}({', '.join(self.value(one, min(depth, 1)) for one in params)})"

    def _text(self) -> str:
        """Write an f-string; within its braces stand names only, so that no quotation mark ends it."""
        parts = []
        for type_ in self.random.choices(("int", "float", "str"), k=2):
            known = self.known(type_)
            parts += [f"{{{self.random.choice(known)}{self.value(f'spec_{type_}')}}}"] if known else []
            parts.append(self.random.choice(("|", " ", "{{}}", "=")))
        return 'f"' + "".join(parts) + '"'
