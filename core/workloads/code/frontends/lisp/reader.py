"""Reading: tokens become data, and each parenthesis finds its partner."""

from collections.abc import Sequence

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.lisp.atoms import atom
from core.workloads.code.frontends.lisp.data import Datum, List, Name, Token, Vector
from core.workloads.code.frontends.lisp.diagnosing import Report, Unreadable
from core.workloads.code.ir.instructions import Position

DEEPEST = 180
_QUOTES = {"'": "quote", "`": "quasiquote", ",": "unquote", ",@": "unquote-splicing"}
_PARTNERS = {"(": ")", "#(": ")", "[": "]"}


class Reader:
    """Reads data from tokens."""

    def __init__(self, tokens: Sequence[Token], report: Report) -> None:
        self.tokens, self.report, self.next, self.depth = tokens, report, 0, 0

    def all(self) -> list[Datum]:
        """Read everything."""
        found: list[Datum] = []
        try:
            while self.next < len(self.tokens):
                token = self.tokens[self.next]
                if token.kind == "close":
                    self.next += 1
                    self._error(
                        token, f"this {token.text} closes nothing", "take it out, or look for a missing ( before"
                    )
                else:
                    self._take(found)
        except Unreadable:
            pass
        return found

    def _error(self, token: Token, message: str, hint: str = "", phase: Phase = Phase.PARSE) -> Unreadable:
        return self.report.error(token.at, message, hint, phase, token.end)

    def _take(self, into: list[Datum]) -> None:
        """Read one datum into a list, if a comment does not take it away."""
        token = self.tokens[self.next]
        self.next += 1
        if token.kind == "datum_comment":
            self._one(token, "#;")
            return
        found = self._read(token)
        if found is not None:
            into.append(found)

    def _one(self, before: Token, what: str) -> Datum:
        found: list[Datum] = []
        while not found:
            if self.next == len(self.tokens) or self.tokens[self.next].kind == "close":
                raise self._error(before, f"nothing stands behind {what}", "write what it is for behind it")
            self._take(found)
        return found[0]

    def _read(self, token: Token) -> Datum | None:
        match token.kind:
            case "open":
                return self._list(token)
            case "quote":
                quoted = self._one(token, token.text)
                end = quoted.at if isinstance(quoted, Name) else quoted.end
                return List((Name(_QUOTES[token.text], token.at), quoted), token.at, end=end)
            case "barred":
                return Name(token.text[1:-1], token.at)
            case _:
                return atom(token, self.report)

    def _list(self, opening: Token) -> Datum:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(opening, f"more than {DEEPEST} lists within lists", "take the program apart")
        items: list[Datum] = []
        tail: list[Datum] | None = None
        while True:
            if self.next == len(self.tokens):
                raise self._missing(opening)
            token = self.tokens[self.next]
            if token.kind == "close":
                self.next += 1
                break
            if token.kind == "word" and token.text == "." and items and tail is None and opening.text != "#(":
                self.next += 1
                tail = []
                continue
            if tail:
                raise self._error(token, "only one thing may stand behind the dot", "close the list before this")
            self._take(items if tail is None else tail)
        self.depth -= 1
        if token.text != _PARTNERS[opening.text]:
            line, column = opening.at.line, opening.at.column
            self._error(
                token, f"{token.text} closes the {opening.text} of line {line}, column {column}", "use the same sort"
            )
        if tail == []:
            self._error(token, "nothing stands behind the dot", "write the end of the list there, or take the dot out")
        if opening.text == "#(":
            return Vector(tuple(items), opening.at, token.end)
        return List(tuple(items), opening.at, tail[0] if tail else None, token.end)

    def _missing(self, opening: Token) -> Unreadable:
        """Report a list without an end; where a later line begins anew at the margin, it was to end before that."""
        later = None
        for before, one in zip(self.tokens, self.tokens[1:], strict=False):
            begins = one.kind == "open" and one.at.column == 1 and before.at.line < one.at.line
            if begins and one.at.line > opening.at.line:
                later = one
                break
        hint = "count the parentheses of this list: one ) is missing"
        if later is not None:
            hint = f"one ) is missing, probably before line {later.at.line}, where a new form begins"
        return self._error(opening, f"this {opening.text} is never closed", hint)


def read(tokens: Sequence[Token], report: Report) -> list[Datum]:
    """Read all data of a source."""
    return Reader(tokens, report).all()


def end_of(datum: Datum) -> Position:
    """Tell where a datum ends."""
    return Position(datum.at.line, datum.at.column + len(datum.text)) if isinstance(datum, Name) else datum.end
