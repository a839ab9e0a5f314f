"""Calls, returns, and what ends a block."""

from core.workloads.code.backend.cards import ALL_REGISTERS, LINKAGE_WORDS, CardLayer
from core.workloads.code.engine.cards import Mode, Operand, framed, indexed, number
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.ir import instructions as ir
from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.operations import COMPARISONS, MIRRORED

FIRST_POINTER, LAST_POINTER = "pointers/first", "pointers/last"
"""The cards that pointers to functions lead to lie between these."""
HEAP_TRAP, BAD_CALL_TRAP, FIRST_NOTE = 1, 2, 3
"""Numbers of `TRP` cards; from `FIRST_NOTE` on, each has a text of the program's."""
BAD_CALL = "a call through what is no pointer to a function"
_A = Operand(Mode.REGISTER, 0)
_FEW_CASES = 5


class JumpLayer(CardLayer):
    """Lays what leads elsewhere."""

    following: str = ""
    """The label of the block that is laid next."""
    drops: bool = True
    """Whether a call's arguments are taken off the stack at once: not where the frame is given back before the next."""

    def finish(self, one: Instruction) -> None:
        """Lay the cards of an instruction that ends a block, or calls."""
        getattr(self, f"_{one.op}")(one)

    # Calls.

    def call(self, one: Instruction) -> None:
        """Lay a call; its result comes back in A."""
        through = one.op == "callp"
        args = one.args[1:] if through else one.args
        for arg in reversed(args):
            self._push(arg)
        if through:
            self._call_pointer(one.args[0])
        else:
            self.card("CALL", x=Symbol(one.symbol))
        if args and self.drops:
            self.card("ADS", x=number(len(args)))
        if one.dest is not None:
            register = self.allocation.registers.get(one.dest.number)
            if register is None:
                self.card("ST", 0, x=self.home(one.dest))
            elif register:
                self.card("LD", register, x=_A)

    def _push(self, arg: ir.Operand) -> None:
        if not isinstance(arg, Register) or arg.number not in self.anew or arg.number in self.allocation.registers:
            self.card("PUSH", x=self.operand(arg))
            return
        # Where all registers are taken, A' keeps one of them for the moment.
        register = next((one for one in ALL_REGISTERS if one not in self.busy), -1)
        kept = register < 0
        register = max(register, 0)
        if kept:
            self.card("STU", x=Operand(Mode.REGISTER, register))
        self.address(register, self.anew[arg.number])
        self.card("PUSH", x=Operand(Mode.REGISTER, register))
        if kept:
            self.card("LDU", register)

    def _call_pointer(self, pointer: ir.Operand) -> None:
        """Lay a call through a pointer, which may lead to one of the cards that jump to functions, and nowhere else."""
        self.busy = self.allocated([pointer])
        register = self.source(pointer)
        self._check_pointer(register)
        self.card("CALL", x=Operand(Mode.REGISTER, register))

    def enter(self) -> None:
        """Lay the beginning of the function: its frame, and parameters that have registers."""
        if self.has_frame:
            self.card("ENT", x=number(self.frame))
        for param in self.function.params:
            register = self.allocation.registers.get(param.number)
            if register is not None:
                self.card("LD", register, x=framed(self.frame + LINKAGE_WORDS + self.params[param.number]))

    @property
    def has_frame(self) -> bool:
        """Whether anything of the frame is used: a word of it, or an argument beyond."""
        return bool(self.frame or self.function.params)

    def leave(self) -> None:
        """Lay the giving back of the frame."""
        if self.has_frame:
            self.card("LVE", x=number(self.frame))

    def _return(self, one: Instruction) -> None:
        if one.args:
            self.load(0, one.args[0])
        self.leave()
        self.card("RET")

    def _tail(self, one: Instruction) -> None:
        args = one.args[1:] if one.op == "tailp" else one.args
        if len(args) > len(self.function.params):
            # There is no room for the arguments where this function's own lie, so that a frame is taken after all.
            self.call(
                Instruction("callp" if one.op == "tailp" else "call", one.type, None, one.args, one.symbol, at=one.at)
            )
            self.leave()
            self.card("RET")
            return
        for arg in args:
            self._push(arg)
        pointer = -1
        if one.op == "tailp":
            self.busy = self.allocated(one.args[:1])
            pointer = self.source(one.args[0])
            self._check_pointer(pointer)
        scratch = next(register for register in ALL_REGISTERS if register != pointer)
        for place in reversed(range(len(args))):
            self.card("POP", scratch)
            self.card("ST", scratch, x=framed(self.frame + LINKAGE_WORDS + place))
        self.leave()
        self.card("JMP", x=Operand(Mode.REGISTER, pointer) if pointer >= 0 else Symbol(one.symbol))

    _tailp = _tail

    def _check_pointer(self, register: int) -> None:
        for bound, jump in ((FIRST_POINTER, "JLT"), (LAST_POINTER, "JGE")):
            self.card("CMP", register, x=Symbol(bound))
            self.card(jump, x=Symbol("pointers/bad"))

    # Jumps.

    def _jump(self, one: Instruction) -> None:
        self.release()
        if one.targets[0] != self.following:
            self.card("JMP", x=Symbol(self.label(one.targets[0])))

    def _branch(self, one: Instruction) -> None:
        left, right = one.args
        comparison = one.symbol
        floating = comparison not in COMPARISONS
        if isinstance(left, int) and not floating:
            left, right, comparison = right, left, MIRRORED[comparison]
        register = self.source(left)
        self.card("FCM" if floating else "CMP", register, x=self.operand(right))
        self.release()
        then, otherwise = one.targets
        if then == self.following and not floating:
            then, otherwise, comparison = otherwise, then, COMPARISONS[comparison]
        condition = comparison[1:] if floating else comparison
        self.card("J" + condition.upper(), x=Symbol(self.label(then)))
        if otherwise != self.following:
            self.card("JMP", x=Symbol(self.label(otherwise)))

    def _switch(self, one: Instruction) -> None:
        """Compare with one case after another where they are few, else halve their number each time."""
        labels = {target: self.label(target) for target in one.targets}
        value = one.args[0]
        register = self.allocation.registers.get(value.number, -1) if isinstance(value, Register) else -1
        if register < 0:
            register = next((free for free in ALL_REGISTERS if free not in self.busy), -1)
            if register < 0:
                # All registers are taken: A' keeps one, and each way out brings it back.
                register = 0
                labels = {target: f"{label}.from.{len(self.chain.cards)}" for target, label in labels.items()}
                self.card("STU", x=_A)
            self.load(register, value)
        pairs = sorted((case, labels[target]) for case, target in zip(one.cases, one.targets, strict=False))
        self._choose(register, pairs, labels[one.targets[-1]])
        for target, label in labels.items():
            if label != self.label(target):
                self.chain.label(label)
                self.card("LDU", 0)
                self.card("JMP", x=Symbol(self.label(target)))

    def _choose(self, register: int, pairs: list[tuple[int, str]], otherwise: str) -> None:
        if len(pairs) <= _FEW_CASES:
            for value, target in pairs:
                self.card("CMP", register, x=number(value))
                self.card("JEQ", x=Symbol(target))
            self.card("JMP", x=Symbol(otherwise))
            return
        middle = len(pairs) // 2
        value, target = pairs[middle]
        above = self.label(f"above.{len(self.chain.cards)}")
        self.card("CMP", register, x=number(value))
        self.card("JEQ", x=Symbol(target))
        self.card("JGT", x=Symbol(above))
        self._choose(register, pairs[:middle], otherwise)
        self.chain.label(above)
        self._choose(register, pairs[middle + 1 :], otherwise)

    def _mark(self, one: Instruction) -> None:
        """Lay what an unwinding needs at the mark: stack, frame, and the card where it goes on."""
        address = self.source(one.args[0])
        register = self.scratch()
        for place, (op, x) in enumerate((("LDS", None), ("LDF", None), ("LD", Symbol(self.label(one.targets[1]))))):
            self.card(op, register, x=x)
            self.card("ST", register, x=indexed(address, place))
        self.release()
        if one.targets[0] != self.following:
            self.card("JMP", x=Symbol(self.label(one.targets[0])))

    def _unwind(self, one: Instruction) -> None:
        address = self.source(one.args[0])
        register = next(other for other in (3, 2) if other != address)
        self.card("LD", register, x=indexed(address, 2))
        self.card("STS", x=indexed(address, 0))
        self.card("STF", x=indexed(address, 1))
        self.card("JMP", x=Operand(Mode.REGISTER, register))

    def _trap(self, one: Instruction) -> None:
        if one.symbol == "heap" and not one.note:
            self.card("TRP", x=number(HEAP_TRAP))
            return
        text = one.note or f"stopped: {one.symbol}"
        self.card("TRP", x=number(trap_number(self.chain, text)))


def trap_number(chain: Chain, text: str) -> int:
    """Give the number of the `TRP` card that says this text."""
    found = next((place for place, known in chain.messages.items() if known == text and place >= FIRST_NOTE), None)
    if found is None:
        found = max(chain.messages, default=BAD_CALL_TRAP) + 1
        chain.messages[found] = text
    return found
