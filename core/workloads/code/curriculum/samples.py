"""This file is about the programs in a lesson: fenced blocks, each followed by what it is claimed to do.

    ```python run         a program that is run
    ```input              what it is given to read; may be left out
    ```output             what it prints; or, in its place,
    ```refused            a part of the message that it is refused with, or that it is trapped with

Other fenced blocks are only shown.
"""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.workloads.code.curriculum.parts import Sample
from core.workloads.code.frontends.languages import NAMES as LANGUAGES


class SampleInvalid(ValueError):
    """A program in a lesson has no claim, or no language; the text says which."""


def find_samples(text: str) -> Iterator[Sample]:
    """Yield the programs of a lesson; raises `SampleInvalid`."""
    tokens = MarkdownIt().parse(text)
    for place, token in enumerate(tokens):
        language = runs(token)
        if language is None:
            continue
        line = (token.map or [0])[0] + 1
        if language not in LANGUAGES:
            raise SampleInvalid(f"line {line}: {language!r} is no language; there are {', '.join(LANGUAGES)}")
        yield _sample(language, token, tokens[place + 1 : place + 3], line)


def runs(token: Token) -> str | None:
    """Return the language of a block that is run, None for any other."""
    words = token.info.split() if token.type == "fence" else []
    return words[0] if words[1:] == ["run"] else None


def _sample(language: str, token: Token, following: Sequence[Token], line: int) -> Sample:
    told = [(one.info.strip(), one.content) for one in following if one.type == "fence"]
    stdin = ""
    if told and told[0][0] == "input":
        stdin = told.pop(0)[1]
    if not told or told[0][0] not in {"output", "refused"}:
        raise SampleInvalid(f"line {line}: the program is followed by no block `output` or `refused`")
    return Sample(language, token.content, stdin, told[0][1], told[0][0] == "refused", line)
