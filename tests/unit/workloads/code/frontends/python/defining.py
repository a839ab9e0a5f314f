"""Random definitions: functions, closures, generators, classes with operators, exceptions, each tried at once."""

from random import Random

from tests.unit.workloads.code.frontends.python.expressing import MODULUS, Expressions

TYPES = ("int", "int", "float", "str", "bool", "ints", "strs", "dict", "set", "pair")
CHANGES = {
    "int": [f"@ = (@ {op} $int) % {MODULUS}" for op in ("+", "-", "^", "|", "&", "*")],
    "float": ["@ += 1.5", "@ -= 3", "@ /= 0.1", "@ *= -1"],
    "str": ["@ += $str0; @ = @[-20:]", "@ = $str0 + @[:9]"],
    "bool": ["@ = not @", "@ = @ and $bool"],
    "ints": [
        *(f"@.{change}; del @[9:]" for change in ("append($int)", "insert(-2, $int)", "extend($ints)", "insert(1, 4)")),
        *("@.reverse()", "@.sort()", "@.sort(key=lambda k: -k)", "@ += [$int]; @[-1] += 1; del @[9:]"),
    ],
    "strs": ["@.append($str[:9]); @[:] = @[-4:]", "@.sort()"],
    "dict": ["@[$key] = $int", "@.pop($key, None)", "@.setdefault($key, 8)", "@.update({$key: $int})"],
    "set": ["@.add($int)", "@.discard($int)", "@ &= set(range(30))", "@ |= {4, 5}; @ -= {1}"],
    "pair": ["@ = (@[0] // 2, @[1][:8])"],
}


class Definitions(Expressions):
    """Writes definitions, as lines."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.loops = 0
        self.global_names: list[str] = []

    def function(self) -> list[str]:
        random = self.random
        name, result = self.fresh("f"), random.choice(("int", "int", "str"))
        types = [random.choice(("int", "int", "str", "ints", "float", "bool")) for _ in range(random.randint(0, 3))]
        params = [(self.fresh("p"), type_) for type_ in types]
        outer, loops = self.names, self.loops
        self.names = [*outer, *params]
        self.loops = max(loops, 1)
        body: list[str] = []
        if self.global_names and random.random() < 0.4:
            written = random.choice(self.global_names)
            body += [f"global {written}", f"{written} = ({written} + {self.value('int', 1)}) % {MODULUS}"]
        # Names of the program itself are only read within.
        self.names = [one for one in self.names if one[1] not in ("ints", "dict", "set", "strs")] + params
        for _ in range(random.randint(0, 2)):
            body += self._local(1)
        if random.random() < 0.4:
            body += [f"if {self.value('bool', 1)}:", f"    return {self.value(result, 1)}"]
        body.append(f"return {self.value(result, 2)}")
        self.names, self.loops = outer, loops
        written_params = ", ".join(one for one, _ in params)
        if params and params[-1][1] == "int" and random.random() < 0.5:
            written_params += " = 5"
            if random.random() < 0.5:
                types = types[:-1]
        if random.random() < 0.2:
            written_params = f"{written_params}, *rest".removeprefix(", ")
            body.insert(0, "print('rest', rest, len(rest))")
        self.functions.append((name, types, result))
        return [f"def {name}({written_params}):", *indented(body)]

    def _local(self, depth: int) -> list[str]:
        """Write statements that make and change names of their own only."""
        type_ = self.random.choice(TYPES)
        name = self.fresh("v")
        lines = [f"{name} = {self.value(type_, depth)}"]
        self.names.append((name, type_))
        if self.random.random() < 0.5:
            lines += self.changed(name, type_)
        return lines

    def closure(self) -> list[str]:
        make, step, count = self.fresh("make"), self.fresh("step"), self.fresh("count")
        made = self.fresh("f")
        self.functions.append((made, ["int"], "int"))
        start = self.value("int", 1)
        return [
            f"def {make}({count}):",
            f"    def {step}(by):",
            f"        nonlocal {count}",
            f"        {count} = ({count} * 3 + by) % {MODULUS}",
            f"        return {count}",
            f"    return {step}",
            f"{made} = {make}({start})",
            f"print({made}({self.value('int', 1)}), {make}(1)({self.value('int', 1)}))",
        ]

    def handed_on(self) -> list[str]:
        """Write functions that are values nowhere but within others, those that come later among them."""
        change, apply, use, late = self.fresh("f"), self.fresh("apply"), self.fresh("use"), self.fresh("late")
        random = self.random
        how, key = random.choice((change, late, "abs", "str")), random.choice((change, late, "abs"))
        return [
            f"def {change}(n, by={self.value('int', 0)}):",
            f"    return (n * {random.randint(-3, 9)} + by) % {MODULUS}",
            f"def {apply}(how, *values):",
            "    return [how(value) for value in values]",
            f"def {use}(n, other={random.choice(('None', change))}):",
            f"    kept = {{'late': {late}, 'how': {how}}}",
            f"    chosen = kept['how'] if n % 2 else other or {late}",
            f"    return {apply}(chosen, n, n + 1), {apply}(kept['late'], -n), sorted([n, 3, -7], key={key})",
            f"def {late}(n):",
            f"    return n if n < 2 else {apply}({change}, n)[0]",
            f"print({use}({self.value('int', 1)}), {use}(4, {late}), list(map({late}, {self.value('ints', 1)})))",
        ]

    def generator(self) -> list[str]:
        name, turns = self.fresh("gen"), self.random.randint(1, 6)
        inner = self.fresh("n")
        self.names.append((inner, "int"))
        condition, value = self.value("bool", 1), self.value("int", 1)
        self.names.pop()
        return [
            f"def {name}(turns):",
            f"    {inner} = turns",
            f"    while {inner} > 0:",
            f"        {inner} -= 1",
            f"        if {condition}:",
            f"            yield {value}",
            "        else:",
            f"            yield from ({inner}, -{inner})",
            f"    return {self.random.choice((None, 3))}",
            f"print(list({name}({turns})), sum({name}(2)))",
            f"for item in {name}({turns}):",
            f"    if item > {self.random.randint(-5, 50)}:",
            "        break",
            f"    print(item, end={self.random.choice((' ', ';'))!r})",
            "else:",
            "    print('all', end='')",
            "print()",
        ]

    def classes(self) -> list[str]:
        base, derived, object_ = self.fresh("Base"), self.fresh("Derived"), self.fresh("o")
        special = self.random.choice(("__add__", "__sub__", "__mul__"))
        op = {"__add__": "+", "__sub__": "-", "__mul__": "*"}[special]
        return [
            f"class {base}:",
            f"    kind = {self.value('str', 0)}",
            "    def __init__(self, size, label='none'):",
            f"        self.size = size % {MODULUS}",
            "        self.label = label",
            "    def grow(self, by=2):",
            f"        self.size = (self.size + by * {self.random.randint(1, 9)}) % {MODULUS}",
            "        return self",
            f"    def {special}(self, other):",
            f"        return {base}(self.size {op} other.size, self.label[:5] + other.label[:5])",
            "    def __eq__(self, other):",
            f"        return isinstance(other, {base}) and self.size == other.size",
            "    def __lt__(self, other):",
            "        return self.size < other.size",
            f"    def {self.random.choice(('__repr__', '__str__'))}(self):",
            "        return f'<{self.label}:{self.size}>'" if self.random.random() < 0.8 else "        return 'fixed'",
            f"class {derived}({base}):",
            "    def grow(self, by=1):",
            "        super().grow(by + 1)",
            f"        self.label = self.label[:6] + {self.value('str', 0)}[:3]",
            "        return self",
            "    @property",
            "    def double(self):",
            "        return self.size * 2",
            f"{object_} = {derived}({self.value('int', 1)}, {self.value('str', 1)})",
            f"{object_}.grow().grow({self.value('int', 0)})",
            f"print({object_}.double, {object_}.kind, ({object_} {op} {base}(3)).size, {object_} == {base}(4))",
            f"print([x.size for x in sorted([{object_}, {base}({self.value('int', 0)}), {derived}(5)])])",
        ]

    def error(self) -> list[str]:
        name, check = self.fresh("Problem"), self.fresh("check")
        above = self.random.choice(("Exception", "ValueError", "KeyError"))
        return [
            f"class {name}({above}):",
            "    pass",
            f"def {check}(n):",
            f"    if n > {self.random.randint(0, 100)}:",
            f"        raise {name}('too large', n)",
            "    try:",
            f"        return {self.random.choice(('100 // n', '[5, 6][n]', 'int(str(n) + chr(48))'))}",
            "    finally:",
            "        print('checked', n)",
            f"for number in (0, 1, -1, {self.value('int', 1)}):",
            "    try:",
            f"        print({check}(number))",
            f"    except {name} as problem:",
            f"        print({name!r}, problem.args[1:], isinstance(problem, {above}))",
            "    except (ZeroDivisionError, IndexError) as problem:",
            "        print(type(problem).__name__)",
        ]

    def changed(self, name: str, type_: str) -> list[str]:
        forms = self.random.choice(CHANGES[type_])
        return [self.fill(one, 1).replace("@", name) for one in forms.split("; ")]


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
