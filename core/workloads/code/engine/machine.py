"""This file is about the Engine's state between two cards: Store, Mill, indices, levers, and what goes in and out."""

from dataclasses import dataclass, field

from core.workloads.code.engine.cards import Card, Mode, Program
from core.workloads.code.engine.printing import Printer
from core.workloads.code.engine.reading import Reader
from core.workloads.code.engine.traps import Trap, Trapped
from core.workloads.code.engine.words import LARGEST, STORE_WORDS

TOO_DEEP = ": too deep a recursion, or too large variables"
"""What a stack that is full mostly comes of."""


@dataclass(slots=True)
class Mill:
    """The axes that the Mill's own cards (`operations/mill.py`) work with."""

    operation: int = 0
    ingress: int = 0
    ingress_upper: int = 0
    ready: bool = False
    """Whether the first ingress axis has been given a number."""
    egress: int = 0
    egress_upper: int = 0
    picture: str = ""
    in_rows: bool = True


@dataclass(slots=True)
class Machine:
    """The Engine with a program hung in, stopped before `card`. Every word in it is at most 50 digits long."""

    program: Program
    printer: Printer
    reader: Reader
    registers: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    upper: int = 0
    """A′, the upper half of long products and dividends; the remainder of long divisions."""
    compare: int = 0
    """-1, 0 or 1 as the last comparison found less, equal, greater; 2 for unordered floats."""
    run_up: bool = False
    """The run-up lever: set by arithmetic in lever mode only."""
    lever_mode: bool = False
    """Whether arithmetic that runs out of the word sets the lever instead of stopping the Engine."""
    stack: int = STORE_WORDS
    """S: address of the stack's top; the Store's end while it is empty."""
    frame: int = STORE_WORDS
    """F: address of the present frame's lowest column."""
    floor: int = 0
    """Lowest column that the stack may take."""
    card: int = 0
    """Number of the card to be executed next."""
    steps: int = 0
    """Cards executed."""
    seconds: int = 0
    """Engine time, s."""
    halted: bool = False
    exit_value: int = 0
    mill: Mill = field(default_factory=Mill)
    store: list[int] = field(default_factory=lambda: [0] * STORE_WORDS)

    def address(self, card: Card) -> int:
        """Return the column that a card's operand names; raises `Trapped` outside the Store."""
        address = card.value
        if card.mode is Mode.FRAME:
            address += self.frame
        elif card.mode is not Mode.STORE:
            address += self.registers[card.mode - Mode.AT_A]
        if not 0 <= address < STORE_WORDS:
            raise Trapped(Trap.STORE_BOUNDS, f"there is no column V{address}; the Store ends with V{STORE_WORDS - 1}")
        return address

    def operand(self, card: Card) -> int:
        """Return a card's x."""
        if card.mode is Mode.REGISTER:
            return self.registers[card.value]
        if card.mode is Mode.SMALL or card.mode is Mode.NUMBER:
            return card.value
        return self.store[self.address(card)]

    def settle(self, register: int, value: int) -> None:
        """Set a register to a result that must fit the word."""
        self.registers[register] = checked(value)

    def push(self, value: int) -> None:
        """Put a word on the stack."""
        if self.stack <= self.floor:
            raise Trapped(
                Trap.STACK,
                f"the stack reached V{self.floor}, where the heap or the data end{TOO_DEEP}",
            )
        self.stack -= 1
        self.store[self.stack] = value

    def pop(self) -> int:
        """Take a word off the stack."""
        if self.stack >= STORE_WORDS:
            raise Trapped(Trap.STORE_BOUNDS, f"the stack is empty: there is no column V{STORE_WORDS}")
        self.stack += 1
        return self.store[self.stack - 1]

    def jump(self, target: int) -> None:
        """Go on with another card."""
        if not 0 <= target < len(self.program.cards):
            raise Trapped(Trap.BAD_JUMP, f"there is no card {target}; the chain has {len(self.program.cards)}")
        self.card = target


def start(program: Program, *, stdin: bytes = b"", output_bytes: int = 1 << 16) -> Machine:
    """Hang a program into an Engine and lay its data into the Store."""
    machine = Machine(program, Printer(output_bytes), Reader(stdin), floor=program.floor)
    for address, word in program.words.items():
        machine.store[address] = word
    return machine


def checked(value: int) -> int:
    """Return a word; raises `Trapped` where a number does not fit one."""
    if -LARGEST <= value <= LARGEST:
        return value
    raise Trapped(Trap.OVERFLOW, "the result has more than 50 digits")
