"""Random C programs without undefined behavior, each the same for the same seed.

Signed values are kept within bounds that are tracked through every expression, so that nothing overflows; indices are
masked, divisors are never zero, loops end. What a program prints says what it computed.
"""

from dataclasses import dataclass, field
from random import Random

LIMIT = 2**31 - 1
SIGNED = ("int", "long", "short", "char")
UNSIGNED = ("unsigned", "unsigned long", "unsigned char")
BOUNDS = {"int": 10_000, "long": 10_000, "short": 1_000, "char": 100}
FORMATS = {"int": "%d", "long": "%ld", "short": "%d", "char": "%d", "unsigned": "%u", "unsigned long": "%lu"}
FORMATS |= {"unsigned char": "%d", "double": "%.9g"}


@dataclass
class Variable:
    name: str
    type: str
    length: int = 0


@dataclass
class Generator:
    """Writes one program, whose names begin with a prefix of its own."""

    seed: int
    random: Random = field(init=False)
    prefix: str = field(init=False)
    globals: list[Variable] = field(default_factory=list)
    functions: list[tuple[str, list[str]]] = field(default_factory=list)
    locals: list[Variable] = field(default_factory=list)
    counters: int = 0
    loops: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # the same program for the same seed
        self.prefix = f"p{self.seed}_"

    def program(self) -> str:
        """Write the program; it begins in the function `<prefix>main`."""
        parts = [self._struct(), *(self._global() for _ in range(self.random.randint(2, 4)))]
        parts += [self._function() for _ in range(self.random.randint(1, 2))]
        parts.append(self._main())
        return "\n".join(parts)

    # Declarations.

    def _struct(self) -> str:
        return f"struct {self.prefix}s {{ int a; unsigned char b; long c; double d; short e[3]; }};"

    def _global(self) -> str:
        variable = self._variable("g", array=self.random.random() < 0.4)
        self.globals.append(variable)
        if variable.length:
            values = ", ".join(self._constant(variable.type) for _ in range(variable.length))
            return f"static {variable.type} {variable.name}[{variable.length}] = {{{values}}};"
        return f"static {variable.type} {variable.name} = {self._constant(variable.type)};"

    def _variable(self, stem: str, *, array: bool = False, type_: str = "") -> Variable:
        self.counters += 1
        type_ = type_ or self.random.choice((*SIGNED, *UNSIGNED, "int", "int", "double"))
        return Variable(f"{self.prefix}{stem}{self.counters}", type_, self.random.choice((4, 8)) if array else 0)

    def _constant(self, type_: str) -> str:
        if type_ == "double":
            return f"{self.random.randint(-999, 999) / 8}"
        if type_ in BOUNDS:
            return str(self.random.randint(-BOUNDS[type_], BOUNDS[type_]))
        return str(self.random.randint(0, 255 if "char" in type_ else 4_000_000_000)) + "u"

    def _function(self) -> str:
        types = [self.random.choice(("int", "int", "unsigned", "double")) for _ in range(self.random.randint(1, 4))]
        self.counters += 1
        name = f"{self.prefix}f{self.counters}"
        self.locals = [self._variable("a", type_=one) for one in types]
        params = ", ".join(f"{one.type} {one.name}" for one in self.locals)
        # Arguments are bounded where they are signed; see `_call`.
        body = self._body(self.random.randint(1, 3))
        result = self._bounded("int")
        self.functions.append((name, types))
        return f"static int {name}({params}) {{\n{body}  return {result};\n}}"

    def _main(self) -> str:
        self.locals = []
        body = self._body(self.random.randint(2, 4))
        record = self._record()
        lines = "\n".join(_shown(one) for one in (*self.globals, *self.locals))
        return f'int {self.prefix}main(void) {{\n{body}{record}{lines}\n  printf("\\n");\n  return 0;\n}}'

    def _record(self) -> str:
        s, t = f"{self.prefix}r", f"{self.prefix}t"
        first, second = self._bounded("int"), self._bounded("long")
        lines = (
            f"struct {self.prefix}s {s} = {{{first}, 7, {second}, 0.5, {{1, 2}}}}, {t}, *{s}p = &{t};",
            f"{t} = {s}; {s}p->a += {self.random.randint(1, 9)}; {s}p->b -= {self.random.randint(1, 300)};",
            f"{t}.e[{self.random.randint(0, 2)}] ^= 5;",
            f'printf("%d %d %ld %g ", {t}.a, {t}.b, {s}p->c, {t}.d);',
            f'printf("%d %d %d ", {t}.e[0], {t}.e[2], {s}.e[1]);',
        )
        return "".join(f"  {line}\n" for line in lines)

    # Statements.

    def _body(self, count: int) -> str:
        lines = []
        for _ in range(2):
            variable = self._variable("v")
            lines.append(f"  {variable.type} {variable.name} = {self._value(variable.type)};\n")
            self.locals.append(variable)
        lines += [self._statement(2) for _ in range(count)]
        return "".join(lines)

    def _statement(self, depth: int) -> str:
        choices = [self._assignment, self._assignment, self._step, self._call]
        if depth:
            choices += [lambda: self._if(depth - 1), lambda: self._switch(depth - 1)]
            if self.loops < 2:
                choices += [lambda: self._for(depth - 1), lambda: self._while(depth - 1)]
        return self.random.choice(choices)()

    def _place(self) -> tuple[str, str]:
        variable = self.random.choice([*self.globals, *self.locals])
        if not variable.length:
            return variable.name, variable.type
        index = f"({self._integer(1)[0]}) & {variable.length - 1}"
        return self.random.choice((f"{variable.name}[{index}]", f"*({variable.name} + ({index}))")), variable.type

    def _assignment(self) -> str:
        place, type_ = self._place()
        return f"  {place} = {self._value(type_)};\n"

    def _step(self) -> str:
        place, type_ = self._place()
        if type_ in UNSIGNED:
            op = self.random.choice(("+=", "-=", "*=", "^=", "|=", "&="))
            return f"  {place} {op} {self._unsigned(1)};\n"
        if type_ == "double":
            return f"  {place} /= {self.random.choice((2, 3, -7))};\n"
        return f"  {place} = {self._bounded(type_)};\n"

    def _block(self, depth: int) -> str:
        return "".join(self._statement(depth) for _ in range(self.random.randint(1, 3)))

    def _if(self, depth: int) -> str:
        text = f"  if ({self._condition()}) {{\n{self._block(depth)}  }}"
        if self.random.random() < 0.5:
            text += f" else {{\n{self._block(depth)}  }}"
        return text + "\n"

    def _for(self, depth: int) -> str:
        self.counters += 1
        self.loops += 1
        name, turns = f"{self.prefix}i{self.counters}", self.random.randint(1, 6)
        escape = self.random.choice(("", f"  if ({name} == {turns - 1}) break;\n", f"  if ({name} & 1) continue;\n"))
        text = f"  for (int {name} = 0; {name} < {turns}; {name}++) {{\n{escape}{self._block(depth)}  }}\n"
        self.loops -= 1
        return text

    def _while(self, depth: int) -> str:
        self.counters += 1
        self.loops += 1
        name, turns = f"{self.prefix}n{self.counters}", self.random.randint(1, 5)
        block = self._block(depth)
        self.loops -= 1
        if self.random.random() < 0.5:
            return f"  {{ int {name} = {turns}; while ({name}-- > 0) {{\n{block}  }} }}\n"
        return f"  {{ unsigned {name} = {turns}; do {{\n{block}  }} while (--{name} && ({self._condition()})); }}\n"

    def _switch(self, depth: int) -> str:
        cases = self.random.sample(range(8), self.random.randint(2, 6))
        text = f"  switch (({self._integer(1)[0]}) & 7) {{\n"
        for case in cases:
            leave = "  break;\n" if self.random.random() < 0.7 else ""
            text += f"  case {case}:\n{self._block(depth)}{leave}"
        return text + f"  default:\n{self._block(0)}  }}\n"

    # Expressions.

    def _condition(self) -> str:
        op = self.random.choice(("<", ">", "<=", ">=", "==", "!="))
        left, right = self._integer(1)[0], self._integer(1)[0]
        text = f"{left} {op} {right}"
        if self.random.random() < 0.3:
            other = self.random.choice((f"!({self._integer(0)[0]})", f"{self._double(1)} < {self._double(1)}"))
            text = f"({text}) {self.random.choice(('&&', '||'))} ({other})"
        return text

    def _value(self, type_: str) -> str:
        if type_ == "double":
            return self._double(2)
        return self._unsigned(2) if type_ in UNSIGNED else self._bounded(type_)

    def _bounded(self, type_: str) -> str:
        text, bound = self._integer(3)
        return text if bound <= BOUNDS[type_] else f"({text}) % {BOUNDS[type_]}"

    def _integer(self, depth: int) -> tuple[str, int]:
        """Write a signed expression of type int; gives it with the largest magnitude it can have."""
        if not depth or self.random.random() < 0.2:
            return self._signed_leaf()
        (left, one), (right, other) = self._integer(depth - 1), self._integer(depth - 1)
        sum_, product, bits = one + other, one * other, 2 * max(one, other) + 1
        found = self.random.choice(
            [
                *([(f"({left} {op} {right})", sum_) for op in "+-"] if sum_ <= LIMIT else []),
                *([(f"({left} * {right})", product)] if product <= LIMIT else []),
                *((f"({left} {op} (({right} & 15) + 1))", one) for op in "/%"),
                *((f"({left} {op} {right})", bits) for op in "&|^"),
                *((f"({left} {op} {right})", 1) for op in ("<", ">=", "==")),
                ("?", max(one, other)),
                (f"({left} >> {self.random.randint(0, 12)})", one),
                (f"(~{left})", one + 1),
                (f"((signed char){self._unsigned(1)})", 128),
            ]
        )
        return (f"({self._condition()} ? {left} : {right})", found[1]) if found[0] == "?" else found

    def _call(self) -> str:
        """Write a call as a statement of its own: what it changes is read nowhere in the same expression."""
        targets = [one for one in self.locals if one.type in ("int", "long") and not one.length]
        if not self.functions or not targets or self.loops > 1:
            return self._assignment()
        name, types = self.random.choice(self.functions)
        args = ", ".join(self._bounded("int") if one == "int" else self._value(one) for one in types)
        return f"  {self.random.choice(targets).name} = {name}({args});\n"

    def _signed_leaf(self) -> tuple[str, int]:
        known = [one for one in (*self.globals, *self.locals) if one.type in BOUNDS]
        if known and self.random.random() < 0.75:
            one = self.random.choice(known)
            bound = BOUNDS[one.type]
            text = f"{one.name}[{self.random.randrange(one.length)}]" if one.length else one.name
            return (f"(int){text}" if one.type == "long" else text), bound
        value = self.random.choice((0, 1, -1, 2, 7, 10, 100, -128, 255, 1000))
        return (f"({value})" if value < 0 else str(value)), abs(value)

    def _unsigned(self, depth: int) -> str:
        if not depth:
            known = [one for one in (*self.globals, *self.locals) if one.type in UNSIGNED and not one.length]
            if known and self.random.random() < 0.6:
                return self.random.choice(known).name
            return f"{self.random.choice((0, 1, 3, 255, 65_536, 4_294_967_295))}u"
        left, right = self._unsigned(depth - 1), self._unsigned(depth - 1)
        return self.random.choice(
            [
                *(f"({left} {op} {right})" for op in ("+", "-", "*", "^", "|")),
                *(f"({left} {op} ({right} | 1u))" for op in "/%"),
                *(f"({left} {op} {self.random.randint(0, 6)})" for op in ("<<", ">>")),
                f"(~{left})",
                f"((unsigned){self._integer(1)[0]})",
            ]
        )

    def _double(self, depth: int) -> str:
        known = [one.name for one in (*self.globals, *self.locals) if one.type == "double" and not one.length]
        if not depth:
            return self.random.choice(known) if known and self.random.random() < 0.6 else self._constant("double")
        op = self.random.choice(("+", "-", "*", "/", "int", "-x"))
        if op == "int":
            return f"(double){self._signed_leaf()[0]}"
        if op == "-x":
            return f"(- {self._double(depth - 1)})"
        right = (
            self._constant("double")
            if op == "*"
            else f"({self._double(depth - 1)} * 0 + 3.5)"
            if op == "/"
            else self._double(depth - 1)
        )
        return f"({self._double(depth - 1)} {op} {right})"


def _shown(one: Variable) -> str:
    """Print a variable; what is no number is left out, since C does not say with which sign it prints."""
    place = f"{one.name}[i]" if one.length else one.name
    value = f"{place} == {place} ? {place} : 0.0" if one.type == "double" else place
    loop = f"for (int i = 0; i < {one.length}; i++) " if one.length else ""
    return f'  {loop}printf("{FORMATS[one.type]} ", {value});'
