"""From text to tokens: names, operators, literals; comments nest."""

import re
import sys
from dataclasses import dataclass

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.idris.problems import At, Refusal

KEYWORDS = frozenset(
    {"case", "data", "do", "else", "if", "import", "in", "infix", "infixl", "infixr", "prefix", "module", "let", "of"}
    | {"then", "where", "record", "interface", "implementation", "mutual", "with", "rewrite", "impossible", "total"}
    | {"partial", "covering", "export", "public", "private", "auto", "default", "namespace", "parameters", "using", "_"}
)
RESERVED = frozenset({"->", "=>", "=", ":", "|", "\\", "<-", "@", "**", ":=", "..", ".", "~", "?"})
_SIGN = r"!#$%&*+./<=>?@\\^|~:\-"
_TOKEN = re.compile(
    r"(?P<space>[ \n\f\r]+)|(?P<tab>\t)|(?P<line>--+(?![" + _SIGN + r"])[^\n]*|\|\|\|[^\n]*)|(?P<open>\{-)"
    r"|(?P<float>\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)|(?P<integer>0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)"
    r"|(?P<hole>\?[a-zA-Z_][\w']*)|(?P<directive>%[a-z_]+)"
    r"|(?P<name>[^\W\d_][\w']*(?:\.[^\W\d_][\w']*)*|_[\w']*)"
    r"|(?P<char>'(?:[^'\\\n]|\\(?:[abfnrtv\\\"'0]|\d+|x[0-9a-fA-F]+))')"
    r'|(?P<long>""")|(?P<string>"(?:[^"\\\n]|\\(?:[abfnrtv\\"\'0&]|\d+|x[0-9a-fA-F]+))*")'
    r"|(?P<field>\.[a-z][\w']*)|(?P<special>[()\[\],;`{}])|(?P<operator>[" + _SIGN + r"]+)|(?P<other>.)"
)
_MOST_DIGITS = 50
_HALVES = range(0xD800, 0xE000)
"""Halves of characters, which are none by themselves."""
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_ESCAPE = re.compile(r"\\(\d+|x[0-9a-fA-F]+|&|.)", re.DOTALL)
_OTHER = {
    '"': ("this text is never closed", 'write " behind it; \\ stands before n, t, " and \\'),
    "'": ("a character is one sign between quotes: 'a'", 'a text has double quotes: "abc"'),
}


@dataclass(frozen=True, slots=True)
class Token:
    """`name`, `operator`, `integer`, `char`, `string`, `hole`, `directive`, `field`, or itself."""

    kind: str
    text: str
    at: At
    starts_line: bool
    value: int | str = 0
    touches: bool = False
    """Whether nothing stands between it and the token before."""


def tokenize(source: str) -> list[Token]:
    """Take the source apart; the last token is `end`. Raises `Refusal`."""
    tokens: list[Token] = []
    place, line, start, last_line, touches = 0, 1, 0, 0, False
    while place < len(source):
        match = _TOKEN.match(source, place)
        assert match is not None
        at, group, text = At(line, place - start + 1), match.lastgroup or "", match[0]
        end = match.end()
        if group == "open":
            end = _comment_end(source, place, at)
            text = source[place:end]
        if group in ("open", "space", "line"):
            touches = False
        else:
            tokens.append(_token(group, text, at, line != last_line, touches))
            last_line, touches = line, True
        if "\n" in text:
            line += text.count("\n")
            start = place + text.rindex("\n") + 1
        place = end
    last = tokens[-1] if tokens else None
    at = At(last.at.line, last.at.column + len(last.text)) if last is not None else At(1, 1)
    tokens.append(Token("end", "", at, starts_line=True))
    return tokens


def _comment_end(source: str, place: int, at: At) -> int:
    depth = 0
    for match in re.compile(r"\{-|-\}").finditer(source, place):
        depth += 1 if match[0] == "{-" else -1
        if not depth:
            return match.end()
    raise Refusal(Phase.LEX, at, "this comment is never closed", "close it by -}")


def _token(group: str, text: str, at: At, starts_line: bool, touches: bool) -> Token:  # noqa: FBT001 - facts of a token
    kind, value = group, text
    number = 0
    match group:
        case "integer":
            number = int(text, 0) if text[1:2] in tuple("xXoObB") else _decimal(text, at)
            return Token("integer", text, at, starts_line, number, touches)
        case "char" | "string":
            value = unescaped(text[1:-1], at)
        case "name":
            kind = text if text in KEYWORDS else "name"
        case "special":
            kind = text
        case "operator":
            kind = text if text in RESERVED else "operator"
        case "tab":
            raise Refusal(Phase.LEX, at, "tabs are not taken, as the layout counts columns", "write spaces instead")
        case "float":
            raise Refusal(
                Phase.LEX, at, f"Double is not spoken here, and {text} is one", "compute with Integer or Nat instead"
            )
        case "long":
            raise Refusal(Phase.LEX, at, "texts of several lines are not spoken here", 'join lines by "\\n"')
        case "other":
            message, hint = _OTHER.get(text, (f"Idris has no sign {text!r}", ""))
            raise Refusal(Phase.LEX, at, message, hint)
    return Token(kind, text, at, starts_line, value, touches)


def _decimal(text: str, at: At) -> int:
    if len(text) > _MOST_DIGITS:
        raise Refusal(
            Phase.LEX, at, f"a number has {_MOST_DIGITS} digits at most", "that is what a word of the Engine holds"
        )
    return int(text)


def unescaped(text: str, at: At) -> str:
    """Replace the escapes of a literal; raises `Refusal` where there is no such character."""

    def replaced(match: re.Match[str]) -> str:
        inner = match[1]
        if inner == "&":
            return ""
        if inner[0].isdigit() or (inner[0] == "x" and len(inner) > 1):
            code = int(inner) if inner[0].isdigit() else int(inner[1:], 16)
            if code > sys.maxunicode or code in _HALVES:
                raise Refusal(Phase.LEX, at, f"there is no character {code}")
            return chr(code)
        return _ESCAPES.get(inner, inner)

    return _ESCAPE.sub(replaced, text)
