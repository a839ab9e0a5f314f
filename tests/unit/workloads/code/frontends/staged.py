"""Programs staged by feature, many in a file: each with its input, its output, and how it ends.

A file has one program after another: its source, a line `§ input` with what it reads, if anything, and a line
`§ output` with what the language's own implementation had it print; the last line tells how it ended.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
_PROGRAM = re.compile(
    r"§ program\n(?P<source>.*?)(?:§ input\n(?P<input>.*?))?§ output\n(?P<output>.*?)§ end (?P<end>.*?)\n", re.DOTALL
)
_LAST = re.compile(r"\\\n\Z")


@dataclass(frozen=True, slots=True)
class Staged:
    """A program of a feature."""

    feature: str
    number: int
    source: str
    stdin: str
    stdout: str
    end: str
    """`ok`, or what stopped it."""

    def __str__(self) -> str:
        return f"{self.feature}-{self.number}"


def features(language: str) -> list[Path]:
    """List the files of a language."""
    return sorted((FOLDER / language / "programs").glob("*.txt"))


def staged(path: Path) -> list[Staged]:
    """Read the programs of a file."""
    return list(_read(path))


def _read(path: Path) -> Iterator[Staged]:
    for number, match in enumerate(_PROGRAM.finditer(path.read_text()), 1):
        output = _LAST.sub("", match["output"])
        yield Staged(path.stem, number, match["source"], match["input"] or "", output, match["end"])


def written(programs: list[Staged]) -> str:
    """Write programs as a file has them; output that does not end with a line gets a backslash."""
    return "".join(
        f"§ program\n{one.source}"
        + (f"§ input\n{one.stdin}" if one.stdin else "")
        + f"§ output\n{_line_ended(one.stdout)}§ end {one.end}\n"
        for one in programs
    )


def _line_ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\\\n"
