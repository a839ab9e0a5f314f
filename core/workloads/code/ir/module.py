"""A program in the IR: functions of blocks, and the globals that lie in the store."""

from dataclasses import dataclass, field

from core.workloads.code.ir.instructions import Instruction, Position, Register
from core.workloads.code.ir.types import WORD, Type


@dataclass(slots=True, eq=False)
class Block:
    """Instructions one after another; only the last one ends it, and one always does."""

    label: str
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it may continue."""
        return self.instructions[-1].targets if self.instructions else ()


@dataclass(slots=True, eq=False)
class Function:
    """Parameters arrive in registers; the first block is where it begins; `slots` are its stack variables in words."""

    name: str
    params: list[Register]
    returns: Type | None
    blocks: dict[str, Block] = field(default_factory=dict)
    slots: dict[str, int] = field(default_factory=dict)
    registers: int = 0
    at: Position | None = None

    def register(self, type_: Type = WORD, name: str = "") -> Register:
        """Make a register that nothing else uses."""
        self.registers += 1
        return Register(self.registers - 1, type_, name)

    @property
    def entry(self) -> Block:
        """Where it begins."""
        return next(iter(self.blocks.values()))

    def predecessors(self) -> dict[str, list[str]]:
        """List for each block those that continue in it, in their order."""
        found: dict[str, list[str]] = {label: [] for label in self.blocks}
        for block in self.blocks.values():
            for target in dict.fromkeys(block.targets):
                found[target].append(block.label)
        return found


@dataclass(frozen=True, slots=True)
class Reference:
    """An initial value known only when the store is laid out: the address of a global, or a function's pointer.

    A global's address counts words, or bytes where `in_bytes`; `offset` is added in the same unit.
    """

    symbol: str
    offset: int = 0
    in_bytes: bool = False


@dataclass(frozen=True, slots=True)
class Global:
    """Words of the store that are there from the start; those without an initial value are zero."""

    name: str
    words: int
    initial: dict[int, int | Reference] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Module:
    """A whole program; it begins in the function `main`, whose result is the exit code."""

    functions: dict[str, Function] = field(default_factory=dict)
    globals: dict[str, Global] = field(default_factory=dict)

    def add(self, function: Function) -> Function:
        """Take in a function; its name must be free."""
        if function.name in self.functions:
            raise KeyError(function.name)
        self.functions[function.name] = function
        return function

    def place(self, name: str, words: int, initial: dict[int, int | Reference] | None = None) -> Global:
        """Take in a global; its name must be free."""
        if name in self.globals:
            raise KeyError(name)
        self.globals[name] = Global(name, words, initial or {})
        return self.globals[name]
