"""Constants and copies carried forward, and operations on constants done beforehand."""

from dataclasses import dataclass, field

from core.workloads.code.ir.arithmetic import Trapped, compare, evaluate
from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.module import Function
from core.workloads.code.ir.operations import COMMUTATIVE, COMPARISONS, FLOAT_COMPARISONS
from core.workloads.code.ir.types import WORD
from core.workloads.code.passes.simplifying import simplify

_FOLDED = frozenset(
    {"copy", "add", "sub", "mul", "div", "rem", "floordiv", "floormod", "shl", "shr", "and", "or", "xor", "neg", "not"}
    | {"cast", "check", "fadd", "fsub", "fmul", "fdiv", "fneg", "fsqrt", "itf", "fti", "frem", "fpow"}
    | {*COMPARISONS, *FLOAT_COMPARISONS}
)
_ADDRESSED = frozenset({"load", "store", "peek", "poke"})
LARGEST_OFFSET = 100_000


def fold(function: Function) -> None:
    """Fold within each block; a register that is a constant everywhere is one in all blocks."""
    everywhere = _constants(function)
    for block in function.blocks.values():
        _Folder(dict(everywhere)).fold(block.instructions)


def _constants(function: Function) -> dict[int, int]:
    assigned: dict[int, Instruction | None] = {one.number: None for one in function.params}
    for block in function.blocks.values():
        for one in block.instructions:
            if one.dest is not None:
                assigned[one.dest.number] = None if one.dest.number in assigned else one
    return {
        number: one.args[0]
        for number, one in assigned.items()
        if one is not None and one.op == "copy" and isinstance(one.args[0], int)
    }


@dataclass(slots=True)
class _Folder:
    """What is known at a point of a block: constants, copies, and sums of a register and a constant."""

    constants: dict[int, int]
    copies: dict[int, tuple[Register, int]] = field(default_factory=dict)
    sums: dict[int, tuple[Register, int, int]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)

    def fold(self, instructions: list[Instruction]) -> None:
        for place, one in enumerate(instructions):
            if one.args:
                one.args = tuple([self._known(arg) if type(arg) is Register else arg for arg in one.args])
            if one.op in _FOLDED:
                one = instructions[place] = self._folded(one)  # noqa: PLW2901 - the instruction as it is now
            elif one.op in _ADDRESSED:
                self._move_offset(one)
            elif one.op in ("branch", "switch"):
                instructions[place] = _decided(one)
            if one.dest is not None:
                self._note(one, one.dest)

    def _known(self, arg: Register) -> Operand:
        number = arg.number
        if number in self.constants:
            return self.constants[number]
        copied = self.copies.get(number)
        if copied is not None and self.versions.get(copied[0].number, 0) == copied[1]:
            return copied[0]
        return arg

    def _folded(self, one: Instruction) -> Instruction:
        args = one.args
        if all(isinstance(arg, int) for arg in args):
            try:
                value = evaluate(one.op, one.type, args)  # type: ignore[arg-type]  # all are integers
            except Trapped:
                return one
            return Instruction("copy", one.type, one.dest, (value,), at=one.at)
        if one.op in COMMUTATIVE and isinstance(args[0], int):
            one.args = (args[1], args[0])
        return simplify(one)

    def _move_offset(self, one: Instruction) -> None:
        base = one.args[0]
        if not isinstance(base, Register):
            return
        found = self.sums.get(base.number)
        if found is not None and self.versions.get(found[0].number, 0) == found[1]:
            offset = one.offset + found[2]
            if abs(offset) < LARGEST_OFFSET:
                one.args = (found[0], *one.args[1:])
                one.offset = offset

    def _note(self, one: Instruction, dest: Register) -> None:
        number = dest.number
        self.versions[number] = self.versions.get(number, 0) + 1
        self.constants.pop(number, None)
        self.copies.pop(number, None)
        self.sums.pop(number, None)
        if one.op == "copy":
            source = one.args[0]
            if isinstance(source, int):
                self.constants[number] = source
            elif source is not dest:
                self.copies[number] = (source, self.versions.get(source.number, 0))
        elif one.op in ("add", "sub") and one.type is WORD:
            self._note_sum(one, dest)

    def _note_sum(self, one: Instruction, dest: Register) -> None:
        base, moved = one.args
        if isinstance(base, Register) and base is not dest and isinstance(moved, int):
            version = self.versions.get(base.number, 0)
            self.sums[dest.number] = (base, version, moved if one.op == "add" else -moved)


def _decided(one: Instruction) -> Instruction:
    values = [arg for arg in one.args if isinstance(arg, int)]
    if len(values) < len(one.args):
        return one
    if one.op == "branch":
        target = one.targets[0 if compare(one.symbol, *values) else 1]
    else:
        target = one.targets[one.cases.index(values[0]) if values[0] in one.cases else -1]
    return Instruction("jump", targets=(target,), at=one.at)
