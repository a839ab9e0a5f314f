"""Random Python programs, each the same for the same seed; they end, and print what they computed.

What is raised on purpose is caught and told of; a few programs end with something that nothing catches.
"""

from random import Random

from tests.unit.workloads.code.frontends.python.defining import TYPES, Definitions, indented

SHOWN = {"set": "sorted({})"}
RISKS = (
    *("1 // $int", "$int % $int", "$ints[$int]", "$dict[$key]", "int($str)", "$str.index($str)", "float($str)"),
    *("$ints.index($int)", "$ints.pop()", "$str + $int", "next(iter($ints))", "$int / $int", "$strs[2]", "max($ints)"),
    *("[1, 2][$int % 5]", "$ints < $int", "len($int)", "ord($str)", "$str[$int % 9]", "None + $int", "{}[$pair]"),
    *(
        "$float // 0.0",
        "-$str",
        "$ints.remove($int)",
        "$set.remove($int)",
        "$dict.pop($key)",
        "int($float * 1e300 * 1e300)",
    ),
    *(
        "$int << $int % 9 - 4",
        "($int).size",
        "$str.push(1)",
        "$int()",
        "$ints[$str]",
        "{$ints: 1}",
        "[*$int]",
        "1 in $int",
    ),
    *("sorted([$int, $str])", "sum($strs)", "'%d' + $float", "$pair[2]", "range(1, 5, $int % 3)[1]", "chr(-$small)"),
)
"""Expressions that may raise something."""


class Generator(Definitions):
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        super().__init__(Random(seed))

    def program(self) -> str:
        """Write the program."""
        random = self.random
        lines: list[str] = []
        for type_ in random.sample(TYPES, 4):
            name = self.fresh("g")
            lines.append(f"{name} = {self.value(type_, 1)}")
            self.names.append((name, type_))
            self.global_names += [name] if type_ == "int" else []
        parts = [self.function, self.function, self.closure, self.handed_on, self.generator, self.classes, self.error]
        for part in random.sample(parts, random.randint(1, 3)):
            lines += part()
        for _ in range(random.randint(2, 5)):
            lines += self._statement(2)
        lines += [f"print({name!r}, {SHOWN.get(type_, '{}').format(name)})" for name, type_ in self.names]
        if random.random() < 0.1:
            lines += [f"print({self._risk()})", "raise ValueError('at the end')"]
        return "\n".join(lines) + "\n"

    # Statements.

    def _statement(self, depth: int) -> list[str]:
        choices = [
            self._assignment,
            self._assignment,
            self._change,
            self._change,
            self._printed,
            self._attempt,
            self._unpack,
        ]
        if depth and self.loops < 2:
            choices += [lambda: self._for(depth - 1), lambda: self._while(depth - 1)]
        if depth:
            choices += [lambda: self._if(depth - 1), lambda: self._if(depth - 1)]
        return self.random.choice(choices)()

    def _block(self, depth: int) -> list[str]:
        names = [*self.names]
        lines = [line for _ in range(self.random.randint(1, 3)) for line in self._statement(depth)]
        self.names = names  # what a block makes may not be there after it
        return indented(lines)

    def _assignment(self) -> list[str]:
        type_ = self.random.choice(TYPES)
        known = self.known(type_)
        if known and self.random.random() < 0.5:
            return [f"{self.random.choice(known)} = {self._short(type_)}"]
        name = self.fresh("v")
        value = self._short(type_)
        self.names.append((name, type_))
        return [f"{name} = {value}"]

    def _short(self, type_: str) -> str:
        """Write a value that does not grow from turn to turn."""
        value = self.value(type_, 2)
        cut = {"str": "[:20]", "ints": "[:9]", "strs": "[:5]"}.get(type_, "")
        return f"({value}){cut}" if cut else value

    def _change(self) -> list[str]:
        name, type_ = self.random.choice(self.names)
        return self.changed(name, type_)

    def _printed(self) -> list[str]:
        types = [self.random.choice(TYPES) for _ in range(self.random.randint(1, 3))]
        shown = [SHOWN.get(one, "{}").format(self.value(one, 2)) for one in types]
        extra = self.random.choice(("", "", ", sep='|'", ", end='.\\n'"))
        return [f"print({', '.join(shown)}{extra})"]

    def _unpack(self) -> list[str]:
        one, other = self.fresh("v"), self.fresh("v")
        value, ints = self.value("pair", 1), f"[{self.value('int', 1)}, *{self.value('ints', 1)}]"
        if self.random.random() < 0.5:
            self.names += [(one, "int"), (other, "str")]
            return [f"{one}, {other} = {value}"]
        self.names += [(one, "int"), (other, "ints")]
        return [f"{one}, *{other} = {ints}"]

    def _risk(self) -> str:
        return self.fill(self.random.choice(RISKS), 1)

    def _attempt(self) -> list[str]:
        risk = self._risk()
        shown = f"sorted({risk})" if risk.startswith("set") else risk
        lines = ["try:", f"    print({shown})"]
        if self.random.random() < 0.4:
            lines += ["except (KeyError, IndexError, ZeroDivisionError) as e:", "    print('caught', type(e).__name__)"]
        lines += ["except Exception as e:", "    print(type(e).__name__)"]
        lines += ["else:", "    print('fine')"] if self.random.random() < 0.3 else []
        lines += ["finally:", f"    print('finally', {self.value('int', 1)})"] if self.random.random() < 0.3 else []
        return lines

    def _if(self, depth: int) -> list[str]:
        lines = [f"if {self.value('bool', 2)}:", *self._block(depth)]
        if self.random.random() < 0.3:
            lines += [f"elif {self.value('ints', 1)}:", *self._block(depth)]
        return [*lines, "else:", *self._block(depth)] if self.random.random() < 0.5 else lines

    def _for(self, depth: int) -> list[str]:
        name, other = self.fresh("i"), self.fresh("i")
        head, names = self.random.choice(
            (
                (f"{name} in range({self.random.randint(1, 5)})", [(name, "int")]),
                (f"{name} in {self.value('ints', 1)}[:4]", [(name, "int")]),
                (f"{name} in {self.value('str', 1)}[:4]", [(name, "str")]),
                (f"{name}, {other} in enumerate({self.value('strs', 1)}[:3], 1)", [(name, "int"), (other, "str")]),
                (f"{name}, {other} in list({self.value('dict', 1)}.items())[:3]", [(name, "str"), (other, "int")]),
                (f"{name}, {other} in zip(range(4), {self.value('ints', 1)})", [(name, "int"), (other, "int")]),
                (f"{name} in sorted({self.value('set', 1)})[:3]", [(name, "int")]),
            )
        )
        outer = [*self.names]
        self.names += names
        self.loops += 1
        lines = [f"for {head}:", *self._block(depth)]
        if self.random.random() < 0.4:
            lines += indented([f"if {self.value('bool', 1)}:", f"    {self.random.choice(('break', 'continue'))}"])
            lines += self._block(0)
        if self.random.random() < 0.3:
            lines += ["else:", *self._block(0)]
        self.loops -= 1
        self.names = outer
        return lines

    def _while(self, depth: int) -> list[str]:
        name = self.fresh("n")
        self.loops += 1
        lines = [
            f"{name} = {self.random.randint(1, 4)}",
            f"while {name} > 0 and {self.value('bool', 1)}:",
            f"    {name} -= 1",
        ]
        lines += self._block(depth)
        self.loops -= 1
        return lines
