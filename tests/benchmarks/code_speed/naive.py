"""The peer that is always there: an interpreter of cards as one writes it in an afternoon, one if after the other."""

from core.workloads.code.engine.cards import Mode, Program
from core.workloads.code.engine.words import LARGEST, STORE_WORDS


class Naive:
    """The operations that the benchmark's programs use."""

    def __init__(self, program: Program) -> None:
        self.cards = [(card.op, card.r, card.s, int(card.mode), card.value) for card in program.cards]
        self.store = [0] * STORE_WORDS
        self.registers = [0, 0, 0, 0]
        self.compare, self.stack, self.frame, self.at = 0, STORE_WORDS, STORE_WORDS, 0

    def run(self) -> int:  # noqa: C901, PLR0912 - being naive is what it is for
        """Execute the program; returns the cards executed."""
        cards, store, registers, steps = self.cards, self.store, self.registers, 0
        while True:
            op, r, s, mode, value = cards[self.at]
            self.at += 1
            steps += 1
            place, x = 0, value
            if mode == Mode.REGISTER:
                x = registers[value]
            elif mode >= Mode.STORE:
                place = value
                if mode == Mode.FRAME:
                    place += self.frame
                elif mode > Mode.FRAME:
                    place += registers[mode - Mode.AT_A]
                if not 0 <= place < STORE_WORDS:
                    raise IndexError(place)
                x = store[place]
            if op == "LD":
                registers[r] = x
            elif op == "ST":
                store[place] = registers[r]
            elif op == "CMP":
                self.compare = (registers[r] > x) - (registers[r] < x)
            elif op in ("ADD", "SUB", "MUL", "REM", "CKS"):
                registers[r] = computed(op, registers[s], x)
            elif op == "DJN":
                registers[r] -= 1
                self.at = x if registers[r] else self.at
            elif op == "HLT":
                return steps
            elif not self.go(op, x):
                self.call(op, x)

    def go(self, op: str, x: int) -> bool:
        """Jump, if the operation is a jump."""
        if op == "JGT":
            holds = self.compare > 0
        elif op == "JGE":
            holds = self.compare >= 0
        elif op == "JLT":
            holds = self.compare < 0
        elif op == "JEQ":
            holds = self.compare == 0
        elif op == "JMP":
            holds = True
        else:
            return False
        if holds:
            self.at = x
        return True

    def call(self, op: str, x: int) -> None:
        """Call, return, and what frames need."""
        if op == "PUSH":
            self.stack -= 1
            self.store[self.stack] = x
        elif op == "CALL":
            self.stack -= 1
            self.store[self.stack] = self.at
            self.at = x
        elif op == "RET":
            self.at = self.store[self.stack]
            self.stack += 1
        elif op == "ENT":
            self.store[self.stack - 1] = self.frame
            self.stack = self.frame = self.stack - 1 - x
        elif op == "LVE":
            self.stack = self.frame + x + 1
            self.frame = self.store[self.frame + x]
        elif op == "ADS":
            self.stack += x
        else:
            raise NotImplementedError(op)


def computed(op: str, first: int, x: int) -> int:
    """Return what an arithmetic operation gives."""
    if op == "ADD":
        result = first + x
    elif op == "SUB":
        result = first - x
    elif op == "MUL":
        result = first * x
    elif op == "REM":
        result = abs(first) % abs(x) * (-1 if first < 0 else 1)
    elif -(1 << (x - 1)) <= first < 1 << (x - 1):
        result = first
    else:
        raise OverflowError(first)
    if not -LARGEST <= result <= LARGEST:
        raise OverflowError(result)
    return result


def run(program: Program) -> int:
    """Execute a program; returns the cards executed."""
    return Naive(program).run()
