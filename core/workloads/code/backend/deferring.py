"""Which words of the frame stand where they are read, so that nothing is loaded first.

A word of a slot that is read once, by an operation of the same block that takes any operand there, is that operand:
`LD A, 3[F]`, `PUSH A` becomes `PUSH 3[F]`. Nothing in between may write to it.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from core.workloads.code.backend.liveness import CALLS
from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Block, Function
from core.workloads.code.ir.operations import COMPARISONS

_WRITING = CALLS | {"poke", "store", "service", "mark", "unwind"}
"""What may change a word of the frame; the collector of a library called does, too."""


def deferred(
    function: Function, slots: Mapping[int, Instruction], single: Collection[int], any_operand: Collection[str]
) -> dict[int, Instruction]:
    """Give for each register that stands for a word of the frame the `peek` that reads it.

    `slots` are the registers that are addresses of slots, `single` those assigned once, and `any_operand` names the
    operations whose last operand may be a word of the frame.
    """
    uses = Counter(arg.number for block in function.blocks.values() for arg in _read(block))
    found: dict[int, Instruction] = {}
    for block in function.blocks.values():
        waiting: dict[int, Instruction] = {}
        for one in block.instructions:
            for place, arg in enumerate(one.args):
                if isinstance(arg, Register) and arg.number in waiting:
                    if _takes_any(one, place, any_operand):
                        found[arg.number] = waiting[arg.number]
                    del waiting[arg.number]
            if one.op in _WRITING:
                _forget(waiting, one, slots)
            dest, address = one.dest, one.args[0] if one.op == "peek" else None
            if dest is None or not isinstance(address, Register) or address.number not in slots:
                continue
            if dest.number in single and uses[dest.number] == 1:
                waiting[dest.number] = one
    return found


def held(function: Function, any_operand: Collection[str]) -> frozenset[int]:
    """Give the registers that are read where only a register of the Engine will do."""
    return frozenset(
        arg.number
        for block in function.blocks.values()
        for one in block.instructions
        for place, arg in enumerate(one.args)
        if isinstance(arg, Register)
        and not (_takes_any(one, place, any_operand) or (one.op in ("peek", "poke") and place == 0))
    )


def _read(block: Block) -> list[Register]:
    return [arg for one in block.instructions for arg in one.args if isinstance(arg, Register)]


def _forget(waiting: dict[int, Instruction], one: Instruction, slots: Mapping[int, Instruction]) -> None:
    """Forget what an instruction may write to: a `poke` into a slot writes to that word alone."""
    address = one.args[0] if one.op == "poke" else None
    slot = slots.get(address.number) if isinstance(address, Register) else None
    if slot is None:
        waiting.clear()
        return
    for number, peek in list(waiting.items()):
        other = slots[peek.args[0].number]  # type: ignore[union-attr]  # only what is read at a slot is waiting
        if (other.symbol, other.offset + peek.offset) == (slot.symbol, slot.offset + one.offset):
            del waiting[number]


def _takes_any(one: Instruction, place: int, any_operand: Collection[str]) -> bool:
    """Whether a register at this place of an instruction may as well be a word of the frame."""
    if one.op in ("call", "tail", "return"):
        return True
    if one.op in ("callp", "tailp"):
        return place > 0
    if one.op in COMPARISONS or (one.op == "branch" and one.symbol in COMPARISONS):
        return place == 1 and isinstance(one.args[0], Register)
    return one.op in any_operand and place == len(one.args) - 1
