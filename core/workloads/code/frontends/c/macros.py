"""Macros: their definitions, and tokens with every macro replaced."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.workloads.code.frontends.c.diagnosing import Reporter, TooManyErrors
from core.workloads.code.frontends.c.tokens import KEYWORD, KEYWORDS, NAME, NUMBER, STRING, Token
from core.workloads.code.ir.instructions import Position

MOST_TOKENS = 60_000
"""A program that macros make longer than this is refused: it would be a bomb, not a program."""


@dataclass(frozen=True, slots=True)
class Macro:
    """What a name stands for; `params` is None where it takes no parentheses."""

    name: str
    params: tuple[str, ...] | None
    body: tuple[Token, ...]
    variadic: bool = False
    dynamic: Callable[[Token], Token] | None = None


@dataclass(slots=True)
class Expander:
    """The macros defined so far, and how many tokens they have made."""

    report: Reporter
    macros: dict[str, Macro] = field(default_factory=dict)
    made: int = 0

    def expand(self, tokens: list[Token]) -> list[Token]:
        """Replace all macros."""
        macros = self.macros
        out: list[Token] = []
        waiting = tokens[::-1]
        while waiting:
            token = waiting.pop()
            macro = macros.get(token.text) if token.kind == NAME else None
            if macro is None or macro.name in token.hidden:
                out.append(token)
                continue
            replacement = self._replace(macro, token, waiting)
            if replacement is None:
                out.append(token)
                continue
            self._count(len(replacement), token)
            waiting.extend(reversed(replacement))
        return out

    def _count(self, tokens: int, at: Token) -> None:
        self.made += tokens + 1
        if self.made > MOST_TOKENS:
            message = f"macros make more than {MOST_TOKENS} tokens of this program"
            self.report.error("preprocess", at.at, message, "let them be shorter, or fewer", len(at.text))
            raise TooManyErrors

    def _replace(self, macro: Macro, use: Token, waiting: list[Token]) -> list[Token] | None:
        if macro.dynamic is not None:
            return [macro.dynamic(use)]
        hidden = use.hidden | {macro.name}
        if macro.params is None:
            return self._placed(list(macro.body), use, hidden)
        if not waiting or waiting[-1].text != "(":
            return None
        arguments = self._arguments(macro, use, waiting)
        if arguments is None:
            return []
        return self._placed(self._substitute(macro, arguments, use), use, hidden)

    def _placed(self, body: list[Token], use: Token, hidden: frozenset[str]) -> list[Token]:
        placed = [Token(one.kind, one.text, use.at, spaced=one.spaced, hidden=one.hidden | hidden) for one in body]
        if placed:
            placed[0].spaced = use.spaced
        return placed

    def _arguments(self, macro: Macro, use: Token, waiting: list[Token]) -> list[list[Token]] | None:
        params = macro.params or ()
        waiting.pop()
        arguments: list[list[Token]] = [[]]
        depth = 0
        while waiting:
            token = waiting.pop()
            if token.text == ")" and depth == 0 and token.kind != STRING:
                break
            if token.text == "," and depth == 0 and not (macro.variadic and len(arguments) > len(params)):
                arguments.append([])
                continue
            depth += (token.text == "(") - (token.text == ")")
            arguments[-1].append(token)
        else:
            self.report.error(
                "preprocess",
                use.at,
                f"the arguments of the macro {macro.name} are not closed",
                "write )",
                len(use.text),
            )
            return None
        if not params and not macro.variadic and arguments == [[]]:
            arguments = []
        if macro.variadic and len(arguments) == len(params):
            arguments.append([])
        if len(arguments) != len(params) + macro.variadic:
            message = f"the macro {macro.name} takes {len(params)} arguments, not {len(arguments)}"
            self.report.error("preprocess", use.at, message, "", len(use.text))
            return None
        return arguments

    def _substitute(self, macro: Macro, arguments: list[list[Token]], use: Token) -> list[Token]:
        names = [*(macro.params or ()), *(["__VA_ARGS__"] if macro.variadic else [])]
        given = dict(zip(names, arguments, strict=True))
        out: list[Token] = []
        body, at = macro.body, 0
        while at < len(body):
            token = body[at]
            following = body[at + 1].text if at + 1 < len(body) else ""
            if token.text == "#" and following in given:
                out.append(_stringify(given[following], use.at))
                at += 2
            elif token.text == "##" and out and at + 1 < len(body):
                right = given.get(following, [body[at + 1]])
                if right:
                    self._paste(out, right[0], use)
                    out.extend(right[1:])
                at += 2
            else:
                out.extend(self._argument(token, following, given))
                at += 1
            self._count(0, use)
        return out

    def _argument(self, token: Token, following: str, given: dict[str, list[Token]]) -> list[Token]:
        argument = given.get(token.text) if token.kind == NAME else None
        if argument is None:
            return [token]
        return list(argument) if following == "##" else self.expand(argument)

    def _paste(self, out: list[Token], right: Token, use: Token) -> None:
        left = out.pop()
        text = left.text + right.text
        kind = (
            KEYWORD if text in KEYWORDS else NAME if text.isidentifier() else NUMBER if text[0].isdigit() else left.kind
        )
        out.append(Token(kind, text, use.at, spaced=left.spaced))


def _stringify(tokens: list[Token], at: Position) -> Token:
    text = "".join((" " if one.spaced and place else "") + one.text for place, one in enumerate(tokens))
    return Token(STRING, '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"', at)
