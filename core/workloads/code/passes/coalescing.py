"""A result that is only copied on goes where the copy would have taken it."""

from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Function


def coalesce(function: Function) -> None:
    """Turn `t = op …; v = copy t` into `v = op …`, where t is read nowhere else."""
    reads: dict[int, int] = {}
    writes: dict[int, int] = {}
    for block in function.blocks.values():
        for one in block.instructions:
            for register in one.reads():
                reads[register.number] = reads.get(register.number, 0) + 1
            if one.dest is not None:
                writes[one.dest.number] = writes.get(one.dest.number, 0) + 1
    for block in function.blocks.values():
        _coalesce_block(block.instructions, reads, writes)


def _coalesce_block(instructions: list[Instruction], reads: dict[int, int], writes: dict[int, int]) -> None:
    made: dict[int, int] = {}
    touched: dict[int, int] = {}
    drop: set[int] = set()
    for place, one in enumerate(instructions):
        source = one.args[0] if one.op == "copy" else None
        if isinstance(source, Register) and one.dest is not None and _only_copied(source, reads, writes):
            birth = made.get(source.number)
            if birth is not None and touched.get(one.dest.number, -1) <= birth and one.dest is not source:
                instructions[birth].dest = one.dest
                drop.add(place)
                made[one.dest.number] = birth
                touched[one.dest.number] = place
                continue
        for register in one.reads():
            touched[register.number] = place
        if one.dest is not None:
            made[one.dest.number] = place
            touched[one.dest.number] = place
    if drop:
        instructions[:] = [one for place, one in enumerate(instructions) if place not in drop]


def _only_copied(source: Register, reads: dict[int, int], writes: dict[int, int]) -> bool:
    return reads.get(source.number) == 1 and writes.get(source.number) == 1
