"""This file is about what goes into the Engine while it runs: numbers, characters and bytes laid before its reader."""

import re
from dataclasses import dataclass

from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import DIGITS

_NUMBER = re.compile(rb"[+-]?[0-9]+")
_TOKEN = re.compile(rb"[ \t\r\n\f\v]*([^ \t\r\n\f\v]*)")


@dataclass(slots=True)
class Reader:
    """Bytes, and how far they were read."""

    content: bytes
    at: int = 0

    def number(self) -> int:
        """Skip white space and read a decimal number up to the next white space."""
        match = _TOKEN.match(self.content, self.at)
        token = match[1] if match else b""
        if match is None or not token:
            raise Trapped(Trap.INPUT_EXHAUSTED, "no number is left to read")
        if not _NUMBER.fullmatch(token):
            shown = token[:20].decode("utf-8", "replace")
            raise Trapped(Trap.BAD_INPUT, f"{shown!r} is no whole number")
        if len(token.lstrip(b"+-0")) > DIGITS:
            raise Trapped(Trap.OVERFLOW, f"a number of more than {DIGITS} digits was read")
        self.at = match.end()
        return int(token)

    def character(self) -> int:
        """Read one character of UTF-8 text; a byte that belongs to none counts as U+FFFD, the end as -1."""
        if self.at >= len(self.content):
            return -1
        first = self.content[self.at]
        length = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4  # noqa: PLR2004 - UTF-8
        try:
            text = self.content[self.at : self.at + length].decode()
        except UnicodeDecodeError:
            self.at += 1
            return 0xFFFD
        self.at += length
        return ord(text)

    def byte(self) -> int:
        """Read one byte; the end counts as -1."""
        if self.at >= len(self.content):
            return -1
        self.at += 1
        return self.content[self.at - 1]
