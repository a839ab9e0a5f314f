"""Running a module as it stands: the meaning of the IR, against which the code generator is tested."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from core.workloads.code.ir import memory
from core.workloads.code.ir.arithmetic import Trapped, compare, evaluate
from core.workloads.code.ir.instructions import Instruction, Operand, Position
from core.workloads.code.ir.layout import BYTES_PER_WORD, STACK_GUARD, STORE_WORDS, lay_out
from core.workloads.code.ir.module import Block, Function, Module
from core.workloads.code.ir.operations import TRAPS
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.verifier import ENTRY

FRAME_WORDS = 2
"""What a call takes of the stack besides the slots: where to go on, and the caller's frame."""


@dataclass(frozen=True, slots=True)
class Stop:
    """How a program ended: with an exit code, or with a trap somewhere."""

    exit_code: int | None
    trap: str = ""
    message: str = ""
    at: Position | None = None
    steps: int = 0


class StepLimit(Exception):
    """The program did not end within the instructions it was given."""


class _Exit(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True, eq=False)
class _Frame:
    function: Function
    registers: list[int]
    base: int  # word address of its slots
    slots: dict[str, int]
    block: Block
    next: int = 0
    caller_dest: Instruction | None = None


@dataclass(slots=True, eq=False)
class Interpreter:
    """A module on its way: the store, the frames, and what it reads and prints."""

    module: Module
    streams: Streams
    steps: int = 20_000_000
    store: list[int] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    marks: list[tuple[_Frame, str]] = field(default_factory=list)
    floor: int = 0

    def run(self) -> Stop:
        """Run from `main` to the end; raises StepLimit or OutputLimit."""
        # Pointers to functions are numbers from 1 on here, and card numbers on the Engine: programs cannot tell.
        names = list(self.module.functions)
        layout = lay_out(self.module, {name: number for number, name in enumerate(names, 1)})
        self.store = [0] * STORE_WORDS
        for address, value in layout.initial.items():
            self.store[address] = value
        self._addresses, self._names, self.floor = layout.addresses, names, layout.heap
        budget = self.steps
        try:
            self._enter(self.module.functions[ENTRY], (), None)
            return Stop(self._loop(), steps=budget - self.steps)
        except _Exit as stop:
            return Stop(stop.code, steps=budget - self.steps)
        except Trapped as trap:
            frame = self.frames[-1]
            at = frame.block.instructions[frame.next - 1].at if frame.next else frame.function.at
            return Stop(None, trap.code, trap.note or TRAPS[trap.code], at, budget - self.steps)

    _addresses: dict[str, int] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)
    _result: int = 0

    def _loop(self) -> int:
        while self.frames:
            frame = self.frames[-1]
            one = frame.block.instructions[frame.next]
            frame.next += 1
            self.steps -= 1
            if self.steps < 0:
                raise StepLimit
            self._execute(one, frame)
        return self._result

    def _execute(self, one: Instruction, frame: _Frame) -> None:
        handler = self._HANDLERS.get(one.op)
        args = tuple(self._value(arg, frame) for arg in one.args)
        result = handler(self, one, frame, args) if handler is not None else evaluate(one.op, one.type, args)
        if one.dest is not None and result is not None:
            frame.registers[one.dest.number] = result

    @staticmethod
    def _value(arg: Operand, frame: _Frame) -> int:
        return arg if isinstance(arg, int) else frame.registers[arg.number]

    # Frames.

    def _enter(self, function: Function, args: tuple[int, ...], call: Instruction | None) -> None:
        if len(args) != len(function.params):
            raise Trapped("bad_jump", f"{function.name} takes {len(function.params)} arguments, not {len(args)}")
        top = self.frames[-1].base if self.frames else STORE_WORDS
        base = top - FRAME_WORDS - sum(function.slots.values())
        if base < self.floor:
            raise Trapped("stack")
        slots, at = {}, base
        for name, words in function.slots.items():
            slots[name] = at
            at += words
        registers = [0] * function.registers
        registers[: len(args)] = args
        self.frames.append(_Frame(function, registers, base, slots, function.entry, 0, call))

    def _leave(self, value: int | None) -> None:
        call = self.frames.pop().caller_dest
        self._result = value or 0
        if self.frames and call is not None and call.dest is not None:
            self.frames[-1].registers[call.dest.number] = self._result

    def _named(self, pointer: int) -> Function:
        if not 1 <= pointer <= len(self._names):
            raise Trapped("bad_jump", "a call through what is no pointer to a function")
        return self.module.functions[self._names[pointer - 1]]

    @staticmethod
    def _go(frame: _Frame, label: str) -> None:
        frame.block, frame.next = frame.function.blocks[label], 0

    # Instructions that do more than compute: each gives the word for the destination, or None.

    def _load(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> int:
        return memory.load(self.store, one.type, args[0] + one.offset)

    def _store(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> None:
        memory.store_value(self.store, one.type, args[0] + one.offset, args[1])

    def _peek(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> int:
        return memory.peek(self.store, args[0] + one.offset)

    def _poke(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> None:
        memory.poke(self.store, args[0] + one.offset, args[1])

    def _slot(self, one: Instruction, frame: _Frame, _: tuple[int, ...]) -> int:
        return frame.slots[one.symbol] + one.offset

    def _slot_bytes(self, one: Instruction, frame: _Frame, _: tuple[int, ...]) -> int:
        return frame.slots[one.symbol] * BYTES_PER_WORD + one.offset

    def _global(self, one: Instruction, _: _Frame, __: tuple[int, ...]) -> int:
        return self._addresses[one.symbol] + one.offset

    def _global_bytes(self, one: Instruction, _: _Frame, __: tuple[int, ...]) -> int:
        return self._addresses[one.symbol] * BYTES_PER_WORD + one.offset

    def _stack_top(self, _: Instruction, frame: _Frame, __: tuple[int, ...]) -> int:
        return frame.base

    def _function(self, one: Instruction, _: _Frame, __: tuple[int, ...]) -> int:
        return self._names.index(one.symbol) + 1

    def _call(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> None:
        self._enter(self.module.functions[one.symbol], args, one)

    def _callp(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> None:
        self._enter(self._named(args[0]), args[1:], one)

    def _tail(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> None:
        call = self.frames.pop().caller_dest
        self._enter(self.module.functions[one.symbol], args, call)

    def _tailp(self, _: Instruction, __: _Frame, args: tuple[int, ...]) -> None:
        function = self._named(args[0])
        call = self.frames.pop().caller_dest
        self._enter(function, args[1:], call)

    def _return(self, _: Instruction, __: _Frame, args: tuple[int, ...]) -> None:
        self._leave(args[0] if args else None)

    def _service(self, one: Instruction, _: _Frame, args: tuple[int, ...]) -> int | None:
        if one.symbol == "exit":
            raise _Exit(args[0])
        if one.symbol == "set_floor":
            self._set_floor(args[0])
            return None
        result: int | None = getattr(self.streams, one.symbol)(*args)
        return result

    def _set_floor(self, floor: int) -> None:
        if not 0 <= floor <= self.frames[-1].base - STACK_GUARD:
            raise Trapped("heap", f"the heap would reach word {floor}, and the stack is at {self.frames[-1].base}")
        self.floor = floor

    def _jump(self, one: Instruction, frame: _Frame, _: tuple[int, ...]) -> None:
        self._go(frame, one.targets[0])

    def _branch(self, one: Instruction, frame: _Frame, args: tuple[int, ...]) -> None:
        self._go(frame, one.targets[0 if compare(one.symbol, *args) else 1])

    def _switch(self, one: Instruction, frame: _Frame, args: tuple[int, ...]) -> None:
        place = one.cases.index(args[0]) if args[0] in one.cases else -1
        self._go(frame, one.targets[place])

    def _mark(self, one: Instruction, frame: _Frame, args: tuple[int, ...]) -> None:
        memory.poke(self.store, args[0], len(self.marks))
        self.marks.append((frame, one.targets[1]))
        self._go(frame, one.targets[0])

    def _unwind(self, _: Instruction, __: _Frame, args: tuple[int, ...]) -> None:
        number = memory.peek(self.store, args[0])
        if not 0 <= number < len(self.marks) or self.marks[number][0] not in self.frames:
            raise Trapped("bad_jump", "back to a place that has been left")
        frame, label = self.marks[number]
        while self.frames[-1] is not frame:
            self.frames.pop()
        self._go(frame, label)

    def _trap(self, one: Instruction, _: _Frame, __: tuple[int, ...]) -> None:
        raise Trapped(one.symbol, one.note)

    _HANDLERS: ClassVar[dict[str, Callable[..., int | None]]] = {
        "load": _load,
        "store": _store,
        "peek": _peek,
        "poke": _poke,
        "slot": _slot,
        "slot_bytes": _slot_bytes,
        "global": _global,
        "global_bytes": _global_bytes,
        "stack_top": _stack_top,
        "function": _function,
        "call": _call,
        "callp": _callp,
        "tail": _tail,
        "tailp": _tailp,
        "return": _return,
        "service": _service,
        "jump": _jump,
        "branch": _branch,
        "switch": _switch,
        "mark": _mark,
        "unwind": _unwind,
        "trap": _trap,
    }
