"""Laying the cards of one function: registers for operands, the frame, and cards with their places in the source."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from core.workloads.code.backend.allocation import Allocation, allocate
from core.workloads.code.backend.deferring import deferred, held
from core.workloads.code.backend.liveness import Interval
from core.workloads.code.engine.cards import Card, Mode, Operand, number
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.ir import instructions as ir
from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Function

ALL_REGISTERS = (3, 2, 1, 0)
"""Searched in this order for one that is free, so that A stays so for results."""
LINKAGE_WORDS = 2
"""Between the frame and the arguments: the caller's frame index and the return card."""
_ADDRESSES = {"global": 1, "global_bytes": 8}
_COMPUTED_ANEW = frozenset({"slot", "slot_bytes"})


class CardLayer:
    """One function on its way to cards."""

    any_operand: ClassVar[frozenset[str]] = frozenset()
    """Operations whose last operand may be a word of the frame."""

    def __init__(self, function: Function, chain: Chain, addresses: dict[str, int], registers: int) -> None:
        self.function = function
        self.chain = chain
        self.addresses = addresses
        single = _assigned_once(function)
        self.known: dict[int, Operand | Symbol] = {}
        """Registers whose value is known before the program runs."""
        self.anew: dict[int, Instruction] = {}
        """Registers that are addresses in the frame: computed where they are wanted, if they have no register."""
        for register, one in single.items():
            if one.op in _ADDRESSES or one.op == "function":
                self.known[register] = self.constant(one)
            elif one.op in _COMPUTED_ANEW:
                self.anew[register] = one
        slots = {number: one for number, one in self.anew.items() if one.op == "slot"}
        self.deferred = deferred(function, slots, single, self.any_operand)
        """Registers that are words of the frame, each with what reads it."""
        without, homeless = self._without_register(), frozenset(self.anew) | self.deferred.keys()
        self.allocation: Allocation = allocate(function, registers, without, homeless)
        self.slots: dict[str, int] = {}
        words = 0
        for name, count in function.slots.items():
            self.slots[name] = words
            words += count
        self.homes = words
        self.frame = words + self.allocation.words
        self.params = {one.number: place for place, one in enumerate(function.params)}
        self.line = self.column = 0
        self.place = 0
        self.busy: set[int] = set()
        """Registers that hold what is still wanted, or were given out for this instruction."""
        self.used: set[int] = set()
        """Registers that this instruction reads or writes, so that they cannot be borrowed."""
        self.given: list[int] = []
        self.pushed: list[int] = []
        self._held: list[Interval] = self.allocation.held
        self._next_held = 0
        self._active: list[Interval] = []

    def constant(self, one: Instruction) -> Operand | Symbol:
        """Give the address that an instruction names."""
        if one.op == "function":
            return Symbol(pointer_label(one.symbol))
        return number(self.addresses[one.symbol] * _ADDRESSES[one.op] + one.offset)

    def _without_register(self) -> frozenset[int]:
        """List registers that stand as they are wherever they are read: columns, cards, words of the frame."""
        words = {number for number, one in self.anew.items() if one.op == "slot"} | self.deferred.keys()
        wanted = held(self.function, self.any_operand)
        return frozenset(
            words | {register for register, x in self.known.items() if isinstance(x, Symbol) or register not in wanted}
        )

    # Cards.

    def card(self, op: str, r: int = 0, s: int = 0, x: Operand | Symbol | None = None) -> None:
        """Lay a card."""
        if x is None:
            self.chain.cards.append(Card(op, r, s, line=self.line, column=self.column))
        elif isinstance(x, Symbol):
            self.chain.cards.append((Card(op, r, s, line=self.line, column=self.column), x))
        else:
            self.chain.cards.append(Card(op, r, s, x.mode, x.value, self.line, self.column))

    def label(self, name: str) -> str:
        """Name a block of this function so that no other block is called so."""
        return f"{self.function.name}/{name}"

    # Where the allocation is followed.

    def begin(self, one: Instruction) -> None:
        """Note where in the source the next cards come from, and which registers are taken there."""
        if one.at is not None:
            self.line, self.column = one.at.line, one.at.column
        place = self.place
        held, active = self._held, self._active
        while self._next_held < len(held) and held[self._next_held].start <= place:
            active.append(held[self._next_held])
            self._next_held += 1
        if active:
            self._active = active = [interval for interval in active if interval.end >= place]
        registers = self.allocation.registers
        self.busy = {registers[interval.register.number] for interval in active}
        self.used = self.allocated(one.args if one.dest is None else (*one.args, one.dest))
        self.given = []

    def allocated(self, args: Iterable[ir.Operand]) -> set[int]:
        """Give the Engine's registers that some of these have."""
        registers = self.allocation.registers
        found = (registers.get(one.number, -1) for one in args if not isinstance(one, int))
        return {register for register in found if register >= 0}

    def end(self) -> None:
        """Give back registers that were borrowed, and go on to the next instruction."""
        self.release()
        self.place += 2

    def release(self) -> None:
        """Give back registers that were borrowed; what the last card compared stays."""
        while self.pushed:
            self.card("POP", self.pushed.pop())

    def home(self, register: Register) -> Operand:
        """Give the word of the frame where a register without one of the Engine lives."""
        if register.number in self.params and register.number not in self.allocation.homes:
            return Operand(Mode.FRAME, self.frame + LINKAGE_WORDS + self.params[register.number])
        return Operand(Mode.FRAME, self.homes + self.allocation.homes[register.number])

    def frame_word(self, one: Instruction) -> Operand:
        """Give the word of the frame whose address an instruction asks for."""
        scale = 8 if one.op == "slot_bytes" else 1
        return Operand(Mode.FRAME, self.slots[one.symbol] + one.offset // scale)

    def scratch(self) -> int:
        """Give a register that may be overwritten until this instruction ends."""
        for register in ALL_REGISTERS:
            if register not in self.busy:
                self.busy.add(register)
                self.given.append(register)
                return register
        borrowed = next(one for one in ALL_REGISTERS if one not in self.given and one not in self.used)
        self.card("PUSH", x=Operand(Mode.REGISTER, borrowed))
        self.pushed.append(borrowed)
        self.given.append(borrowed)
        return borrowed

    # Operands.

    def operand(self, arg: ir.Operand) -> Operand | Symbol:
        """Give what stands for `x`: a number, a register, or a word of the frame."""
        if isinstance(arg, int):
            return number(arg)
        found = self.known.get(arg.number)
        if found is not None:
            return found
        register = self.allocation.registers.get(arg.number)
        if register is not None:
            return Operand(Mode.REGISTER, register)
        if arg.number in self.deferred:
            return self.deferred_word(self.deferred[arg.number])
        if arg.number in self.anew:
            return Operand(Mode.REGISTER, self.source(arg))
        return self.home(arg)

    def deferred_word(self, peek: Instruction) -> Operand:
        """Give the word of the frame that an instruction reads."""
        address = peek.args[0]
        assert isinstance(address, Register)
        return Operand(Mode.FRAME, self.frame_word(self.anew[address.number]).value + peek.offset)

    def source(self, arg: ir.Operand) -> int:
        """Give a register that holds the value, loading it if need be."""
        register = -1 if isinstance(arg, int) else self.allocation.registers.get(arg.number, -1)
        if register >= 0:
            return register
        register = self.scratch()
        self.load(register, arg)
        return register

    def load(self, register: int, arg: ir.Operand) -> None:
        """Bring a value into a register of the Engine."""
        if not isinstance(arg, int) and arg.number in self.anew and arg.number not in self.allocation.registers:
            self.address(register, self.anew[arg.number])
            return
        x = self.operand(arg)
        if x != Operand(Mode.REGISTER, register):
            self.card("LD", register, x=x)

    def address(self, register: int, one: Instruction) -> None:
        """Bring an address in the frame into a register."""
        self.card("LEB" if one.op == "slot_bytes" else "LEA", register, x=self.frame_word(one))
        if one.op == "slot_bytes" and one.offset % 8:
            self.card("ADD", register, register, number(one.offset % 8))

    def into(self, dest: Register | None, lay: Callable[[int], None]) -> None:
        """Have `lay` lay cards that leave the result in the register it is given, and put it where it belongs."""
        if dest is None:
            lay(self.scratch())
            return
        register = self.allocation.registers.get(dest.number)
        if register is not None:
            lay(register)
            return
        # What was read has been read when the result comes, so that a register given out before serves again.
        register = self.given[0] if self.given else self.scratch()
        lay(register)
        if dest.number not in self.known and dest.number not in self.anew:
            self.card("ST", register, x=self.home(dest))


def pointer_label(name: str) -> str:
    """Name the card that a pointer to a function leads to."""
    return f"{name}/pointer"


def _assigned_once(function: Function) -> dict[int, Instruction]:
    found: dict[int, Instruction | None] = {one.number: None for one in function.params}
    for block in function.blocks.values():
        for one in block.instructions:
            if one.dest is not None:
                found[one.dest.number] = None if one.dest.number in found else one
    return {number: one for number, one in found.items() if one is not None}
