"""From text to tokens."""

import re
from dataclasses import dataclass

from core.workloads.code.frontends.base import Diagnostic, Phase
from core.workloads.code.frontends.system_f.syntax import OPERATORS, At
from core.workloads.code.ir.types import LARGEST_WORD

_WORDS = frozenset(
    {"lambda", "All", "Some", "if", "then", "else", "true", "false", "unit", "let", "letrec", "in", "as"}
)
KEYWORDS = _WORDS | {"fix", "option", "Nat", "Bool", "Unit", *OPERATORS}
_SIGNS = {"λ": "lambda", "Λ": "lambda", "\\": "lambda", "∀": "All", "∃": "Some", "→": "->", "×": "*"}
_TOKEN = re.compile(
    r"(?P<space>[ \t\n\f]+)|(?P<comment>/\*(?:[^*]|\*(?!/))*\*/)|(?P<open>/\*)|(?P<number>\d+)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_']*)|(?P<sign>->|::|[λΛ\\∀∃→×(){}\[\].,:;=*])|(?P<other>.)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source: `number`, `name`, `Name`, or itself for keywords and signs."""

    kind: str
    text: str
    at: At


def tokenize(source: str) -> tuple[list[Token], list[Diagnostic]]:
    """Take the source apart; the last token is `end`."""
    tokens: list[Token] = []
    problems: list[Diagnostic] = []
    line, start = 1, 0
    for match in _TOKEN.finditer(source):
        text, group = match[0], match.lastgroup or ""
        at = At(line, match.start() - start + 1, line, match.end() - start + 1)
        if group in ("open", "other"):
            problems.append(_problem(group, text, at))
            if group == "open":
                break
        elif group == "number" and int(text[:60]) > LARGEST_WORD:
            message = "a number has at most 50 digits here"
            problems.append(Diagnostic(Phase.LEX, message, at.line, at.column, at.end_line, at.end_column))
        elif group not in ("space", "comment"):
            tokens.append(Token(_kind(group, text), text, at))
        if "\n" in text:
            line += text.count("\n")
            start = match.start() + text.rindex("\n") + 1
    last = source.rstrip()
    end_line = last.count("\n") + 1
    column = len(last) - (last.rfind("\n") + 1) + 1
    tokens.append(Token("end", "", At(end_line, column, end_line, column + 1)))
    return tokens, problems


def _kind(group: str, text: str) -> str:
    if group == "number":
        return "number"
    if group == "sign" or text in KEYWORDS:
        return _SIGNS.get(text, text)
    return "Name" if text[0].isupper() else "name"


def _problem(group: str, text: str, at: At) -> Diagnostic:
    if group == "open":
        message, hint = "this comment is never closed", "close it by */"
    else:
        message, hint = f"System F has no sign {text!r}", _HINTS.get(text, "")
    return Diagnostic(Phase.LEX, message, at.line, at.column, at.end_line, at.end_column, hint)


_HINTS = {
    "+": "write plus a b",
    "-": "write minus a b, or -> for function types",
    '"': "there are no texts here: Nat, Bool, Unit, records and functions",
    "|": "variants are not spoken here: records and packages are",
    "<": "variants and bounded quantification are not spoken here; to compare, write less a b",
    "&": "write if a then b else false",
}
