"""Which cards each operation of the IR becomes."""

from collections.abc import Callable
from typing import ClassVar

from core.workloads.code.backend.fitting import fit
from core.workloads.code.backend.jumping import JumpLayer
from core.workloads.code.engine.cards import Mode, Operand, column, indexed, number
from core.workloads.code.engine.linking import Symbol
from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.operations import COMPARISONS, FLOAT_COMPARISONS

_THREE = {
    "add": "ADD",
    "sub": "SUB",
    "mul": "MUL",
    "div": "DIV",
    "rem": "REM",
    "floordiv": "DVF",
    "floormod": "RMF",
    "and": "AND",
    "or": "OR",
    "xor": "XOR",
    "fadd": "FAD",
    "fsub": "FSU",
    "fmul": "FMU",
    "fdiv": "FDI",
    "frem": "FMO",
    "fpow": "FPW",
    "fdigits": "FDX",
    "fdecimal": "FMK",
}
_TWO = {"neg": "NEG", "not": "NOT", "itf": "ITF", "fti": "FTI", "fsqrt": "FSQ", "fexponent": "FEX", "fshort": "FSH"}
_SHIFTS = {"shl": "SHL", "shr": "SHR"}
_PRINTING = {"put_byte": "PRB", "put_char": "PRC", "put_number": "PRN", "set_floor": "FLR", "exit": "HLT"}
_READING = {"get_byte": "RDB", "get_char": "RDC"}
_SIGN_BIT = 1 << 63


class Selector(JumpLayer):
    """Lays the cards of a function, instruction after instruction."""

    any_operand = frozenset({*_THREE, *_TWO, "copy"})

    def select(self, one: Instruction) -> None:
        """Lay the cards of one instruction."""
        op = one.op
        if op in _THREE:
            self._three(one, _THREE[op])
        elif op in COMPARISONS or op in FLOAT_COMPARISONS:
            self._compare(one)
        elif op in _TWO:
            self._two(one, _TWO[op])
        else:
            self._SPECIAL[op](self, one)

    def _three(self, one: Instruction, op: str) -> None:
        left, right = one.args
        x = self.operand(right)
        s = self.source(left)
        self._result(one, op, s, x)

    def _two(self, one: Instruction, op: str) -> None:
        self._result(one, op, 0, self.operand(one.args[0]))

    def _result(self, one: Instruction, op: str, s: int, x: Operand | Symbol) -> None:
        """Lay the card that computes, and what makes its result fit."""

        def lay(register: int) -> None:
            self.card(op, register, s, x)
            fit(self, one, register)

        self.into(one.dest, lay)

    def _shift(self, one: Instruction) -> None:
        value, amount = one.args
        bits = one.type.bits
        if isinstance(amount, int):
            x: Operand | Symbol = number(amount)
            if bits and not 0 <= amount < bits:
                x = self._checked_amount(amount, bits)
        else:
            x = self._checked_amount(amount, bits) if bits else self.operand(amount)
        s = self.source(value)
        self._result(one, _SHIFTS[one.op], s, x)

    def _checked_amount(self, amount: Register | int, bits: int) -> Operand:
        """Trap where an amount is not below the bits of the type, all of which are powers of two."""
        s = self.source(amount)
        scratch = self.scratch()
        self.card("CKU", scratch, s, number(bits.bit_length() - 1))
        return Operand(Mode.REGISTER, scratch)

    def _compare(self, one: Instruction) -> None:
        floating = one.op[0] == "f"
        left = self.source(one.args[0])
        self.card("FCM" if floating else "CMP", left, x=self.operand(one.args[1]))
        condition = one.op[1:] if floating else one.op
        self.into(one.dest, lambda r: self.card("S" + condition.upper(), r))

    def _copy(self, one: Instruction) -> None:
        dest, value = one.dest, one.args[0]
        assert dest is not None
        if dest.number in self.allocation.registers:
            self.load(self.allocation.registers[dest.number], value)
        elif isinstance(value, Register) and value.number in self.allocation.registers:
            self.card("ST", self.allocation.registers[value.number], x=self.home(dest))
        elif value == 0:
            self.card("CLR", x=self.home(dest))
        else:
            self.into(dest, lambda r: self.load(r, value))

    def _cast(self, one: Instruction) -> None:
        s = self.source(one.args[0])
        checking = one.op == "check"
        if not one.type.bits:
            self.into(one.dest, lambda r: self._move(r, s))
            return
        op = ("CKS" if one.type.low else "CKU") if checking else ("WRS" if one.type.low else "WRU")
        self.into(one.dest, lambda r: self.card(op, r, s, number(one.type.bits)))

    def _move(self, r: int, s: int) -> None:
        if r != s:
            self.card("LD", r, x=Operand(Mode.REGISTER, s))

    def _negate_float(self, one: Instruction) -> None:
        s = self.source(one.args[0])
        self.into(one.dest, lambda r: self.card("XOR", r, s, number(_SIGN_BIT)))

    def _short_exponent(self, one: Instruction) -> None:
        x = self.operand(one.args[0])

        def lay(register: int) -> None:
            self.card("FSH", register, x=x)
            self.card("LDU", register)

        self.into(one.dest, lay)

    # Memory.

    def _load(self, one: Instruction) -> None:
        s = self.source(one.args[0])
        size = one.type.size_bytes
        op = f"GB{size}" if one.type.low else f"GU{size}"
        self.into(one.dest, lambda r: self.card(op, r, s, number(one.offset)))

    def _store(self, one: Instruction) -> None:
        address, value = one.args
        s = self.source(address)
        r = self.source(value)
        self.card(f"PB{one.type.size_bytes}", r, s, number(one.offset))

    def word(self, address: Register | int, offset: int) -> Operand:
        """Give the column that a word address and an offset lead to."""
        if isinstance(address, int):
            return column(address + offset)
        known = self.known.get(address.number)
        if isinstance(known, Operand):
            return column(known.value + offset)
        slot = self.anew.get(address.number)
        if slot is not None and slot.op == "slot" and address.number not in self.allocation.registers:
            place = self.frame_word(slot)
            return Operand(Mode.FRAME, place.value + offset)
        return indexed(self.source(address), offset)

    def _peek(self, one: Instruction) -> None:
        if one.dest is not None and one.dest.number in self.deferred:
            return
        m = self.word(one.args[0], one.offset)
        self.into(one.dest, lambda r: self.card("LD", r, x=m))

    def _poke(self, one: Instruction) -> None:
        address, value = one.args
        m = self.word(address, one.offset)
        if value == 0:
            self.card("CLR", x=m)
        else:
            self.card("ST", self.source(value), x=m)

    def _frame_address(self, one: Instruction) -> None:
        assert one.dest is not None
        if one.dest.number in self.allocation.registers:
            self.address(self.allocation.registers[one.dest.number], one)
        elif one.dest.number not in self.anew:
            self.into(one.dest, lambda r: self.address(r, one))

    def _known_address(self, one: Instruction) -> None:
        assert one.dest is not None
        if one.dest.number not in self.known:
            self.into(one.dest, lambda r: self.card("LD", r, x=self.constant(one)))
        elif one.dest.number in self.allocation.registers:
            self.card("LD", self.allocation.registers[one.dest.number], x=self.known[one.dest.number])

    def _stack_top(self, one: Instruction) -> None:
        self.into(one.dest, lambda r: self.card("LDS", r))

    def _service(self, one: Instruction) -> None:
        name = one.symbol
        if name in _READING:
            self.into(one.dest, lambda r: self.card(_READING[name], r))
        elif name == "select_roll":
            assert isinstance(one.args[0], int)
            self.card("SEL", x=number(one.args[0]))
        else:
            self.card(_PRINTING[name], x=self.operand(one.args[0]))

    _SPECIAL: ClassVar[dict[str, Callable[["Selector", Instruction], None]]] = {
        "copy": _copy,
        "cast": _cast,
        "check": _cast,
        "shl": _shift,
        "shr": _shift,
        "fneg": _negate_float,
        "fshortexp": _short_exponent,
        "load": _load,
        "store": _store,
        "peek": _peek,
        "poke": _poke,
        "slot": _frame_address,
        "slot_bytes": _frame_address,
        "global": _known_address,
        "global_bytes": _known_address,
        "function": _known_address,
        "stack_top": _stack_top,
        "service": _service,
    }
