"""This file is about the instruction table: every operation there is, by name and by code."""

from core.workloads.code.engine.operations import (
    arithmetic,
    attendance,
    bits,
    floating,
    jumps,
    mill,
    packing,
    passages,
    stacking,
    transfers,
)
from core.workloads.code.engine.operations.base import Operation

GROUPS: dict[str, tuple[Operation, ...]] = {
    "attendance": attendance.OPERATIONS,
    "transfers": transfers.OPERATIONS,
    "arithmetic": arithmetic.OPERATIONS,
    "bits": bits.OPERATIONS,
    "bytes": packing.OPERATIONS,
    "comparing and jumping": jumps.OPERATIONS,
    "stack and frames": stacking.OPERATIONS,
    "passages in and out": passages.OPERATIONS,
    "floats": floating.OPERATIONS,
    "the Mill's own cards": mill.OPERATIONS,
}
OPERATIONS: tuple[Operation, ...] = tuple(one for group in GROUPS.values() for one in group)
BY_NAME: dict[str, Operation] = {one.name: one for one in OPERATIONS}
BY_CODE: dict[int, Operation] = {one.code: one for one in OPERATIONS}
