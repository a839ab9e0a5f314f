"""What a program reads and prints while the interpreter runs it."""

from core.workloads.code.ir.arithmetic import Trapped

LARGEST_BYTE = 255
REPLACEMENT = 0xFFFD
"""What stands for a byte that belongs to no character."""


class OutputLimit(Exception):
    """The program printed more than it may."""


class Streams:
    """Input as bytes, and what was printed on the two rolls: stdout and stderr."""

    def __init__(self, stdin: bytes = b"", output_bytes: int = 1 << 20) -> None:
        self.rolls = (bytearray(), bytearray())
        self._selected = 0
        self._input = stdin
        self._read = 0
        self._left = output_bytes

    @property
    def output(self) -> bytes:
        """What was printed on stdout."""
        return bytes(self.rolls[0])

    def put_byte(self, value: int) -> None:
        """Print one byte."""
        if not 0 <= value <= LARGEST_BYTE:
            raise Trapped("bad_character", f"{value} is no byte")
        self._put(bytes((value,)))

    def put_char(self, value: int) -> None:
        """Print one Unicode character as UTF-8."""
        try:
            self._put(chr(value).encode())
        except (ValueError, OverflowError):
            raise Trapped("bad_character", f"there is no character of the number {value}") from None

    def put_number(self, value: int) -> None:
        """Print a word in decimal."""
        self._put(b"%d" % value)

    def select_roll(self, roll: int) -> None:
        """Print on stdout (0) or stderr (1) from now on."""
        self._selected = roll

    def get_byte(self) -> int:
        """Read the next byte, or -1 at the end."""
        if self._read == len(self._input):
            return -1
        self._read += 1
        return self._input[self._read - 1]

    def get_char(self) -> int:
        """Read the next character of UTF-8 text, U+FFFD for a byte that belongs to none, or -1 at the end."""
        rest = self._input[self._read : self._read + 4]
        if not rest:
            return -1
        for length in range(1, len(rest) + 1):
            try:
                character = ord(rest[:length].decode())
            except UnicodeDecodeError:
                continue
            self._read += length
            return character
        self._read += 1
        return REPLACEMENT

    def _put(self, text: bytes) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise OutputLimit
        self.rolls[self._selected].extend(text)
