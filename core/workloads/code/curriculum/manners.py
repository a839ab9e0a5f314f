"""This file is about how the languages write comments, texts and names, and which of their words decide something."""

from dataclasses import dataclass

_DOUBLE = r'"(?:\\.|[^"\\\n])*"'
_SINGLE = r"'(?:\\.|[^'\\\n])*'"
_CHARACTER = r"'(?:\\.[^']*|[^'\\\n])'"
_NAME = r"[^\W\d]\w*"
_PRIMED = r"[^\W\d][\w']*"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a language is written."""

    comments: tuple[str, ...]
    """Patterns."""
    texts: str
    keywords: frozenset[str]
    decisions: frozenset[str]
    """Words and signs, each of which is one more way through a program."""
    names: str = _NAME
    opening: str = "{"
    """What a level of nesting begins with; nothing where it is indentation."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BRACED = (r"//[^\n]*", r"/\*.*?\*/")
_C_WORDS = "break case char const continue default do double else enum for goto if int long return short signed sizeof"
_FUNCTIONAL = (r"--[^\n]*", r"\{-.*?-\}")
_FUNCTIONAL_WORDS = _set("case class data do else if import in instance let module of otherwise then type where")

MANNERS: dict[str, Manner] = {
    "c": Manner(
        (*_BRACED, r"#include[^\n]*"),
        f"{_DOUBLE}|{_SINGLE}",
        _set(f"{_C_WORDS} static struct switch typedef union unsigned void while"),
        _set("if for while case && || ?"),
    ),
    "java": Manner(
        (*_BRACED, r"import[^\n;]*;"),
        f"{_DOUBLE}|{_SINGLE}",
        _set(f"{_C_WORDS} boolean catch class extends final implements interface new private public static this")
        | _set("throw try void while"),
        _set("if for while case catch && || ?"),
    ),
    "python": Manner(
        (r"\#[^\n]*",),
        rf'"""(?:.*?)"""|{_DOUBLE}|{_SINGLE}',
        _set(
            "and break class continue def del elif else except finally for from global if import in is lambda nonlocal"
        )
        | _set("not or pass raise return try while yield None True False"),
        _set("if elif for while except and or"),
        opening="",
    ),
    "lisp": Manner(
        (r";[^\n]*",),
        _DOUBLE,
        _set("and begin case cond define do else if lambda let let* letrec not or quote set!"),
        _set("if cond case and or do"),
        names=r"[^\s()\"';\d][^\s()\"';]*",
        opening="(",
    ),
    "haskell": Manner(
        _FUNCTIONAL, f"{_DOUBLE}|{_CHARACTER}", _FUNCTIONAL_WORDS, _set("if | && ||"), names=_PRIMED, opening=""
    ),
    "idris": Manner(
        (*_FUNCTIONAL, r"\|\|\|[^\n]*"),
        f"{_DOUBLE}|{_CHARACTER}",
        _FUNCTIONAL_WORDS | _set("total partial covering with rewrite impossible"),
        _set("if | && ||"),
        names=_PRIMED,
        opening="",
    ),
    "system-f": Manner(
        (r"/\*.*?\*/",), _DOUBLE, _set("if then else let in lambda All Some fix case of"), _set("if"), opening="("
    ),
    "assembly": Manner(
        (r";[^\n]*",), f"{_DOUBLE}|{_SINGLE}", frozenset(), _set("JEQ JNE JLT JLE JGT JGE JRU DJN"), opening=""
    ),
}
