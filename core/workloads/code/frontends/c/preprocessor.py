"""Directives: includes, definitions, conditions. What comes out are the tokens that the parser reads."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.c import advising, conditions, headers, lexer
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.macros import Expander, Macro
from core.workloads.code.frontends.c.tokens import END, KEYWORD, NAME, NUMBER, SIGN, STRING, Token
from core.workloads.code.ir.instructions import Position

_NOWHERE = Position(1, 1)
_STATEMENTS = frozenset({"(", "=", "{", "return", "break", "continue", "goto"})
"""What a macro holds that is a statement, and may end as one."""
_CONDITIONS = frozenset({"if", "ifdef", "ifndef", "elif", "else", "endif"})
_STANDARD = {"__STDC__": "1", "__STDC_VERSION__": "201112L", "__FILE__": '"main.c"', "__CHAR_BIT__": "8"}


@dataclass(slots=True)
class Preprocessed:
    """Tokens without directives and macros, and the headers that were included, in order."""

    tokens: list[Token]
    headers: list[str]


@dataclass(slots=True)
class _Branch:
    """One `#if` that is open: whether its present part counts, and whether one has counted already."""

    at: Token
    outer: bool
    active: bool
    taken: bool
    closed: bool = False


def preprocess(tokens: list[Token], report: Reporter) -> Preprocessed:
    """Carry out all directives."""
    return _Preprocessor(report).run(tokens)


@dataclass(slots=True)
class _Preprocessor:
    report: Reporter
    branches: list[_Branch] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    expander: Expander = field(init=False)

    def __post_init__(self) -> None:
        self.expander = Expander(self.report)
        for name, text in _STANDARD.items():
            self._predefine(name, text)
        line = Macro(
            "__LINE__", None, (), dynamic=lambda use: Token(NUMBER, str(use.at.line), use.at, spaced=use.spaced)
        )
        self.expander.macros["__LINE__"] = line

    @property
    def active(self) -> bool:
        return not self.branches or self.branches[-1].active

    def run(self, tokens: list[Token]) -> Preprocessed:
        out: list[Token] = []
        chunk: list[Token] = []
        at = 0
        while tokens[at].kind != END:
            token = tokens[at]
            if token.text == "#" and token.starts_line and token.kind == SIGN:
                end = at + 1
                while not tokens[end].starts_line:
                    end += 1
                if tokens[at + 1 : end]:
                    out += self.expander.expand(chunk)
                    chunk = []
                    self._directive(tokens[at + 1 : end])
                at = end
                continue
            if self.active:
                chunk.append(token)
            at += 1
        out += self.expander.expand(chunk)
        for branch in self.branches:
            self.report.error("preprocess", branch.at.at, f"#{branch.at.text} is never closed", "end it with #endif")
        return Preprocessed([*out, tokens[at]], self.headers)

    def _directive(self, line: list[Token]) -> None:
        name, rest = line[0], line[1:]
        if name.text in _CONDITIONS:
            self._condition(name, rest)
        elif not self.active:
            return
        elif name.text == "include":
            self._include(name, rest)
        elif name.text == "define":
            self._define(name, rest)
        elif name.text == "undef":
            if not rest or rest[0].kind != NAME:
                self._error(name, "#undef needs the name of a macro")
            else:
                self.expander.macros.pop(rest[0].text, None)
        elif name.text == "error":
            self._error(name, " ".join(one.text for one in rest) or "#error")
        elif name.text not in ("pragma", "line", "warning"):
            known = "include, define, undef, if, ifdef, ifndef, elif, else, endif and error"
            self._error(name, f"there is no directive #{name.text}", f"there are {known}")

    def _error(self, token: Token, message: str, hint: str = "") -> None:
        self.report.error("preprocess", token.at, message, hint, max(1, len(token.text)))

    # Includes.

    def _include(self, name: Token, rest: list[Token]) -> None:
        header = "".join(one.text for one in rest)
        if not rest or (not (header[0] == "<" and header[-1] == ">") and rest[0].kind != STRING):
            self._error(name, "#include needs the name of a header", "write it as <stdio.h>")
            return
        header = header[1:-1]
        if header not in headers.MACROS:
            self._error(rest[0], f"there is no header {header} here", advising.of_header(header))
            return
        if header in self.headers:
            return
        self.headers.append(header)
        for macro, text in headers.MACROS[header].items():
            self._predefine(macro, text)

    def _predefine(self, name: str, text: str) -> None:
        tokens = lexer.tokenize(f"{name} {text}", Reporter())[:-1]
        for one in tokens:
            one.at = _NOWHERE
        self._define(tokens[0], tokens, predefined=True)

    # Definitions.

    def _define(self, directive: Token, rest: list[Token], *, predefined: bool = False) -> None:
        if not rest or rest[0].kind not in (NAME, KEYWORD):
            self._error(directive, "#define needs a name", "a name begins with a letter or _")
            return
        name = rest[0]
        if name.text == "defined":
            self._error(name, "'defined' cannot be a macro")
            return
        params: tuple[str, ...] | None = None
        variadic, body = False, rest[1:]
        if body and body[0].text == "(" and not body[0].spaced:
            end = next((place for place, one in enumerate(body) if one.text == ")"), None)
            if end is None:
                self._error(name, f"the parameters of {name.text} are not closed", "write )")
                return
            names = [one.text for one in body[1:end]]
            variadic = names[-1:] == ["..."]
            params = tuple(names[: len(names) - variadic : 2])
            if not all(one.isidentifier() for one in params) or any(one != "," for one in names[1::2]):
                self._error(body[1], "parameters of a macro are names with commas between them")
                return
            body = body[end + 1 :]
        if (
            len(body) > 1
            and body[-1].text == ";"
            and not any(one.text in _STATEMENTS for one in body)
            and not predefined
        ):
            hint = "take it out: it would come along wherever the macro is used"
            self.report.warn("preprocess", body[-1].at, f"the macro {name.text} ends in a semicolon", hint)
        kind = NAME if name.kind == KEYWORD else name.kind
        if kind != name.kind and not predefined:
            self._error(name, f"'{name.text}' is a word of the language", "name the macro otherwise")
            return
        self.expander.macros[name.text] = Macro(name.text, params, tuple(body), variadic)

    # Conditions.

    def _condition(self, name: Token, rest: list[Token]) -> None:
        if name.text in ("if", "ifdef", "ifndef"):
            outer = self.active
            found = outer and self._asks(name, rest)
            self.branches.append(_Branch(name, outer, found, found))
            return
        if not self.branches:
            self._error(name, f"#{name.text} without an #if before it")
            return
        branch = self.branches[-1]
        if name.text == "endif":
            self.branches.pop()
        elif branch.closed:
            self._error(name, f"#{name.text} after #else", "end the #if with #endif first")
        elif name.text == "else":
            branch.active, branch.closed = branch.outer and not branch.taken, True
        else:
            branch.active = branch.outer and not branch.taken and self._asks(name, rest)
            branch.taken = branch.taken or branch.active

    def _asks(self, name: Token, rest: list[Token]) -> bool:
        if name.text in ("ifdef", "ifndef"):
            if not rest or rest[0].kind not in (NAME, KEYWORD):
                self._error(name, f"#{name.text} needs the name of a macro")
                return False
            return (rest[0].text in self.expander.macros) == (name.text == "ifdef")
        if not rest:
            self._error(name, f"#{name.text} needs a condition")
            return False
        tokens = self.expander.expand(self._defined(rest))
        end = Position(rest[-1].at.line, rest[-1].end_column)
        try:
            return conditions.holds([*tokens, Token(END, "", end)])
        except conditions.BadCondition as bad:
            self.report.error("preprocess", bad.token.at, bad.message, "", max(1, len(bad.token.text)))
            return False

    def _defined(self, tokens: list[Token]) -> list[Token]:
        out: list[Token] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.text != "defined":
                out.append(token)
                at += 1
                continue
            nested = at + 1 < len(tokens) and tokens[at + 1].text == "("
            place = at + 1 + nested
            name = tokens[place].text if place < len(tokens) else ""
            out.append(Token(NUMBER, str(int(name in self.expander.macros)), token.at))
            at = place + 1 + nested
        return out
