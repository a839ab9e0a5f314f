"""This file is about what comes out of the Engine: two printers, the card punch and the bell."""

from dataclasses import dataclass, field

from core.workloads.code.engine.traps import Trap, Trapped


@dataclass(slots=True)
class Printer:
    """Prints bytes on one of two rolls, the reader's (0) and the attendant's (1), and no more than is allowed."""

    limit: int
    rolls: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    selected: int = 0
    left: int = field(init=False)
    punched: list[int] = field(default_factory=list)
    rung: int = 0

    def __post_init__(self) -> None:
        self.left = self.limit

    def put(self, printed: bytes) -> None:
        """Print; raises `Trapped` after the last byte that still fits."""
        roll = self.rolls[self.selected]
        if len(printed) > self.left:
            roll += printed[: self.left]
            self.left = 0
            raise Trapped(Trap.OUTPUT_LIMIT, f"more than {self.limit:,} bytes were printed")
        self.left -= len(printed)
        roll += printed

    def punch(self, number: int) -> None:
        """Punch a number card; its columns count as printed bytes."""
        cost = 1 + len(str(abs(number)))
        if cost > self.left:
            raise Trapped(Trap.OUTPUT_LIMIT, f"more than {self.limit:,} bytes were printed and punched")
        self.left -= cost
        self.punched.append(number)
