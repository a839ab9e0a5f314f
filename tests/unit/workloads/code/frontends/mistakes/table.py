"""Typical mistakes, with what is said of them here and elsewhere, and the page of the documentation that shows them.

In a source `§` stands before the place where the mistake is. `python -m <this module>` writes the page anew.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.workloads.code.frontends import languages, translation
from core.workloads.code.frontends.base import Diagnostic, Severity

PAGE = Path(__file__).parents[6] / "docs" / "mistakes.md"
_FILE = Path(__file__).parent / "mistakes.toml"
_TITLES = {"c": "C", "java": "Java", "haskell": "Haskell", "idris": "Idris", "python": "Python", "lisp": "Lisp"}
_PEERS = {"c": "GCC", "java": "javac", "haskell": "GHC", "idris": "Idris 2", "python": "CPython", "lisp": "Guile"}
_INTRODUCTION = """# Mistakes, side by side

{count} typical mistakes of students, with what is said of them here and by the compiler that a host would have. A
place is line and column; the mark ▸ stands in the source where the mistake is. Here the first thing that is told is at
the mark each time; the others' is at the same place in {same} of {count}, elsewhere in {elsewhere}, and without a
column, or nowhere, in {nowhere}. Warnings count, too: GCC compiles what it warns of.

The suite holds every row to what is said here; the deep one asks the compilers of the versions named anew. Idris 2 was
not at hand: its words are those that its own tests (`tests/idris2/` of its repository) expect of the same mistake in
another program, and its place is that of the same word here. This page is written from
`tests/unit/workloads/code/frontends/mistakes/mistakes.toml`.
"""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: the source, and what another compiler says of it."""

    language: str
    title: str
    marked: str
    place: str
    """Where the other compiler says it is."""
    words: str
    test: str = ""
    """The test of Idris 2 that the words are from."""

    @property
    def source(self) -> str:
        """Give the source without its mark."""
        return self.marked.replace("§", "")

    @property
    def mark(self) -> tuple[int, int]:
        """Give line and column of the mistake."""
        at = self.marked.index("§")
        return self.marked.count("\n", 0, at) + 1, at - self.marked.rfind("\n", 0, at)

    @property
    def line(self) -> str:
        """Give the line with the mark."""
        return self.marked.split("\n")[self.mark[0] - 1].strip().replace("§", "▸")

    def here(self) -> Diagnostic:
        """Say what is told of it here first: an error, or where there is none a warning."""
        found = translation.translate(languages.find(self.language), self.source).diagnostics
        return next((one for one in found if one.severity is Severity.ERROR), found[0])


def mistakes() -> list[Mistake]:
    """Read all of them."""
    return [Mistake(**one) for one in tomllib.loads(_FILE.read_text())["mistakes"]]


def versions() -> dict[str, str]:
    """Say which compilers were asked."""
    return dict(tomllib.loads(_FILE.read_text())["versions"])


def page() -> str:
    """Write the page."""
    every = mistakes()
    same = sum(one.place == f"{one.mark[0]}:{one.mark[1]}" for one in every)
    nowhere = sum(":" not in one.place for one in every)
    counts = {"count": len(every), "same": same, "nowhere": nowhere, "elsewhere": len(every) - same - nowhere}
    return _INTRODUCTION.format(**counts) + "".join(_table(language, every) for language in _TITLES)


def _table(language: str, every: list[Mistake]) -> str:
    head = f"\n## {_TITLES[language]}\n\n{versions()[language]}\n\n"
    head += f"| mistake | line | {_PEERS[language]} | here |\n| --- | --- | --- | --- |\n"
    return head + "".join(_rows(one for one in every if one.language == language))


def _rows(some: Iterator[Mistake]) -> Iterator[str]:
    for one in some:
        told = one.here()
        ours = f"{told.line}:{told.column} {told.message}{f' ({told.hint})' if told.hint else ''}"
        theirs = f"{one.place} {one.words}{f' [{one.test}]' if one.test else ''}"
        yield "| " + " | ".join(_cell(text) for text in (one.title, _code(one.line), theirs, ours)) + " |\n"


def _code(line: str) -> str:
    return f"`{line}`" if line else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;") if not text.startswith("`") else text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
