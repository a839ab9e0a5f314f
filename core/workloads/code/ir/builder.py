"""Writing a function, instruction after instruction: what front ends call.

    build = FunctionBuilder(module, "triangle", [("n", I32)], I32, Position(1, 1))
    total = build.variable(I32, "total", 0)
    build.jump("test")
    build.block("test")
    build.branch("gt", build.param(0), 0, "body", "end")
    ...

After an instruction that ends a block, further instructions go nowhere until the next `block`, as source after a
`return` does.
"""

from collections.abc import Sequence

from core.workloads.code.ir.instructions import Instruction, Operand, Position, Register
from core.workloads.code.ir.module import Block, Function, Module
from core.workloads.code.ir.operations import OPERATIONS
from core.workloads.code.ir.types import WORD, Type


class FunctionBuilder:
    """A function in the making. `here` is the position that new instructions get."""

    def __init__(
        self,
        module: Module,
        name: str,
        params: Sequence[tuple[str, Type]] = (),
        returns: Type | None = None,
        at: Position | None = None,
    ) -> None:
        registers = [Register(number, type_, param) for number, (param, type_) in enumerate(params)]
        self.function = module.add(Function(name, registers, returns, registers=len(registers), at=at))
        self.here = at
        self._block: Block | None = None
        self._labels: dict[str, int] = {}
        self.block("entry")

    # Blocks.

    def label(self, stem: str) -> str:
        """Give a label that no block of the function has yet; to be used for one block."""
        number = self._labels.get(stem, 0)
        self._labels[stem] = number + 1
        return f"{stem}.{number}" if number or stem == "entry" else stem

    def block(self, label: str) -> None:
        """Begin the block; a block that has not ended continues in it."""
        if self._block is not None:
            self.jump(label)
        if label in self.function.blocks:
            raise KeyError(label)
        self._block = Block(label)
        self.function.blocks[label] = self._block

    @property
    def is_open(self) -> bool:
        """Whether an instruction written now can be reached."""
        return self._block is not None

    # Values.

    def param(self, number: int) -> Register:
        """Give the register a parameter arrives in; it may be assigned like any other."""
        return self.function.params[number]

    def variable(self, type_: Type, name: str, initial: Operand | None = None) -> Register:
        """Make a register for a variable of the source."""
        register = self.function.register(type_, name)
        if initial is not None:
            self.assign(register, initial)
        return register

    def slot(self, name: str, words: int) -> str:
        """Reserve words of the stack frame; gives the name to ask for their address by."""
        taken = len(self.function.slots)
        unique = name if name not in self.function.slots else f"{name}.{taken}"
        self.function.slots[unique] = words
        return unique

    # Instructions.

    def emit(self, instruction: Instruction) -> None:
        """Append the instruction, unless no block is open."""
        if self._block is None:
            return
        instruction.at = instruction.at or self.here
        self._block.instructions.append(instruction)
        if OPERATIONS[instruction.op].ends:
            self._block = None

    def compute(self, op: str, type_: Type, *args: Operand, symbol: str = "", offset: int = 0) -> Register:
        """Write an operation that gives a result, and give the new register that has it."""
        dest = self.function.register(type_)
        self.emit(Instruction(op, type_, dest, args, symbol, offset))
        return dest

    def assign(self, dest: Register, value: Operand) -> None:
        """Copy the value into the register."""
        self.emit(Instruction("copy", dest.type, dest, (value,)))

    def store(self, type_: Type, address: Operand, value: Operand, offset: int = 0) -> None:
        """Put a value at a byte address."""
        self.emit(Instruction("store", type_, None, (address, value), offset=offset))

    def poke(self, address: Operand, value: Operand, offset: int = 0) -> None:
        """Put a word at a word address."""
        self.emit(Instruction("poke", WORD, None, (address, value), offset=offset))

    def call(self, name: str, args: Sequence[Operand], returns: Type | None) -> Register | None:
        """Call a function by its name; gives the register of its result, if it returns one."""
        return self._call("call", returns, tuple(args), name)

    def call_pointer(self, pointer: Operand, args: Sequence[Operand], returns: Type | None) -> Register | None:
        """Call what a pointer made by `function` points at."""
        return self._call("callp", returns, (pointer, *args), "")

    def service(self, name: str, args: Sequence[Operand] = (), returns: Type | None = None) -> Register | None:
        """Ask something of the Engine's outside; see `operations.SERVICES`."""
        return self._call("service", returns, tuple(args), name)

    def _call(self, op: str, returns: Type | None, args: tuple[Operand, ...], symbol: str) -> Register | None:
        dest = self.function.register(returns) if returns is not None else None
        self.emit(Instruction(op, returns or WORD, dest, args, symbol))
        return dest

    # Ends of blocks.

    def jump(self, label: str) -> None:
        """Continue in a block."""
        self.emit(Instruction("jump", targets=(label,)))

    def branch(self, comparison: str, left: Operand, right: Operand, then: str, otherwise: str) -> None:
        """Continue in one of two blocks as a comparison says."""
        self.emit(Instruction("branch", args=(left, right), symbol=comparison, targets=(then, otherwise)))

    def switch(self, value: Operand, cases: dict[int, str], otherwise: str) -> None:
        """Continue where the value's case says."""
        targets = (*cases.values(), otherwise)
        self.emit(Instruction("switch", args=(value,), targets=targets, cases=tuple(cases)))

    def give_back(self, value: Operand | None = None) -> None:
        """Return from the function."""
        self.emit(Instruction("return", args=() if value is None else (value,)))

    def trap(self, code: str, note: str = "") -> None:
        """Stop the program with one of `operations.TRAPS`."""
        self.emit(Instruction("trap", symbol=code, note=note))
