"""From text to tokens: names, operators, literals; comments nest."""

import re
import sys
from dataclasses import dataclass

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.haskell.problems import At, Refusal

KEYWORDS = frozenset(
    {"case", "class", "data", "deriving", "do", "else", "if", "import", "in", "infix", "infixl", "infixr", "instance"}
    | {"let", "module", "newtype", "of", "then", "type", "where", "_"}
)
RESERVED = frozenset({"..", ":", "::", "=", "\\", "|", "<-", "->", "@", "~", "=>"})
_TOKEN = re.compile(
    r"(?P<space>[ \n\f\r]+)|(?P<tab>\t)|(?P<line>--+(?![!#$%&*+./<=>?@\\^|~:-])[^\n]*)|(?P<open>\{-)"
    r"|(?P<float>\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)|(?P<integer>0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)"
    r"|(?P<qualified>(?:[A-Z][\w']*\.)+[\w']+)|(?P<word>[^\W\d][\w']*)"
    r"|(?P<char>'(?:[^'\\\n]|\\(?:[abfnrtv\\\"'0]|\d+|x[0-9a-fA-F]+))')"
    r'|(?P<string>"(?:[^"\\\n]|\\(?:[abfnrtv\\"\'0&]|\d+|x[0-9a-fA-F]+|\s+\\))*")'
    r"|(?P<special>[()\[\],;`{}])|(?P<operator>[!#$%&*+./<=>?@\\^|~:-]+)|(?P<other>.)"
)
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_ESCAPE = re.compile(r"\\(\d+|x[0-9a-fA-F]+|&|\s+\\|.)", re.DOTALL)
_OTHER = {'"': "this text is never closed", "'": "a character is one sign between quotes: 'a'"}


@dataclass(frozen=True, slots=True)
class Token:
    """`name`, `Name`, `operator`, `integer`, `float`, `char`, `string`, or itself for keywords and signs."""

    kind: str
    text: str
    at: At
    starts_line: bool
    value: int | float | str = 0


def tokenize(source: str) -> list[Token]:
    """Take the source apart; the last token is `end`. Raises `Refusal`."""
    tokens: list[Token] = []
    place, line, start, last_line = 0, 1, 0, 0
    while place < len(source):
        match = _TOKEN.match(source, place)
        assert match is not None
        at, group, text = At(line, place - start + 1), match.lastgroup or "", match[0]
        end = match.end()
        if group == "open":
            end = _comment_end(source, place, at)
            text = source[place:end]
        elif group not in ("space", "line"):
            tokens.append(_token(group, text, at, starts_line=line != last_line))
            last_line = line
        if "\n" in text:
            line += text.count("\n")
            start = place + text.rindex("\n") + 1
        place = end
    tokens.append(Token("end", "", At(line + 1, 0), starts_line=True))
    return tokens


def _comment_end(source: str, place: int, at: At) -> int:
    depth = 0
    for match in re.compile(r"\{-|-\}").finditer(source, place):
        depth += 1 if match[0] == "{-" else -1
        if not depth:
            return match.end()
    raise Refusal(Phase.LEX, at, "this comment is never closed", "close it by -}")


def _token(group: str, text: str, at: At, *, starts_line: bool) -> Token:  # noqa: PLR0911 - a case for each sort
    match group:
        case "float":
            return Token("float", text, at, starts_line, float(text))
        case "integer":
            return Token("integer", text, at, starts_line, _whole(text))
        case "char":
            return Token("char", text, at, starts_line, unescaped(text[1:-1], at))
        case "string":
            return Token("string", text, at, starts_line, unescaped(text[1:-1], at))
        case "word":
            kind = text if text in KEYWORDS else "Name" if text[0].isupper() else "name"
            return Token(kind, text, at, starts_line)
        case "special":
            return Token(text, text, at, starts_line)
        case "operator":
            return Token(text if text in RESERVED else "operator", text, at, starts_line)
        case "tab":
            raise Refusal(Phase.LEX, at, "tabs are not taken, as the layout counts columns", "write spaces instead")
        case "qualified":
            return Token("qualified", text, at, starts_line)
    raise Refusal(Phase.LEX, at, _OTHER.get(text, f"Haskell has no sign {text!r}"))


def _whole(text: str) -> int:
    """Read digits, of endless ones no more than what shows that there are too many."""
    text = text[:400]
    return int(text, 0) if text[1:2] in tuple("xXoObB") else int(text)


def _character(code: int, at: At) -> str:
    if code > sys.maxunicode:
        raise Refusal(Phase.LEX, at, "this escape names no character", f"the last one is \\{sys.maxunicode}")
    return chr(code)


def unescaped(text: str, at: At) -> str:
    """Replace the escapes of a literal; raises `Refusal` where there is no such character."""

    def replaced(match: re.Match[str]) -> str:
        inner = match[1]
        if inner == "&" or inner[0].isspace():
            return ""
        if inner[0].isdigit():
            return _character(int(inner[:20]), at)
        return _character(int(inner[1:20], 16), at) if inner[0] == "x" else _ESCAPES.get(inner, inner)

    return _ESCAPE.sub(replaced, text)
