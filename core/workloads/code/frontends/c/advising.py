"""Advice on names that nothing has: words of other languages, and what was nearly meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from core.workloads.code.frontends.c import headers, library
from core.workloads.code.frontends.c.tokens import KEYWORDS

_BOOLEAN = "add #include <stdbool.h>"
FOREIGN_TYPES = {
    "bool": _BOOLEAN,
    **dict.fromkeys(("string", "String", "str"), "a text is an array of characters: char name[20], or char *name"),
    **dict.fromkeys(("boolean", "Boolean"), "write bool, with #include <stdbool.h>"),
    **dict.fromkeys(("public", "private", "class", "import"), "that is Java; a C program begins in int main(void)"),
    **dict.fromkeys(("using", "namespace", "template"), "that is C++, and is not needed in C"),
    **dict.fromkeys(("def", "function", "func", "fn"), "a function begins with the type of its result: int name(void)"),
    **dict.fromkeys(("let", "var", "auto"), "a variable begins with its type: int name"),
    "byte": "write unsigned char",
}
FOREIGN_NAMES = {
    **dict.fromkeys(("print", "println", "cout", "System"), 'write printf("…"), with #include <stdio.h>'),
    **dict.fromkeys(("cin", "input"), 'write scanf("%d", &name), with #include <stdio.h>'),
    **dict.fromkeys(("true", "false"), _BOOLEAN),
    **dict.fromkeys(("True", "False"), "in C they are true and false, with #include <stdbool.h>"),
    **dict.fromkeys(("null", "None", "nil", "nullptr"), "write NULL, with #include <stddef.h>"),
    **dict.fromkeys(
        ("len", "length"), "strlen counts a text's characters; an array has sizeof a / sizeof a[0] elements"
    ),
    "endl": 'write "\\n" in the text',
}
OPERATORS = {"and": "&&", "or": "||", "not": "!", "mod": "%", "div": "/"}
"""What some languages have words for."""
_CHAINS = frozenset({"elif", "elseif", "elsif", "elsIf"})
_BEGINNINGS = ("if", "else", "while", "for", "do", "switch", "case", "return", "goto", "break", "continue", "default")


def of_type(name: str, otherwise: str) -> str:
    """Advise where a type of this name was asked for."""
    return FOREIGN_TYPES.get(name) or _alike(name, KEYWORDS) or otherwise


def of_name(name: str, known: Iterable[str]) -> str:
    """Advise where nothing has this name; `known` are the names that something has."""
    everything = [*known, *library.names()]
    return FOREIGN_NAMES.get(name) or _alike(name, everything) or "declare it before it is used"


def of_word(name: str) -> str:
    """Advise where a statement begins with a name as if it were a word of the language; nothing where it is none."""
    return "write else if" if name in _CHAINS else _alike(name, _BEGINNINGS)


def of_header(name: str) -> str:
    """Advise where there is no header of this name."""
    if "." not in name:
        return f"that is C++; {', '.join(headers.MACROS)} are headers of C"
    return _alike(name, headers.MACROS) or "there are " + ", ".join(headers.MACROS)


def _alike(name: str, known: Iterable[str]) -> str:
    found = get_close_matches(name, sorted(set(known)), 1, 0.7)
    return f"did you mean '{found[0]}'?" if found else ""
