"""When each virtual register is wanted: one interval of places from its first to its last use, loops included."""

from dataclasses import dataclass

from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Block, Function

LOOP_WEIGHT = 8
CALLS = frozenset({"call", "callp", "tail", "tailp"})


@dataclass(slots=True, eq=False)
class Interval:
    """Where a register lives: reads stand at even places, writes at odd ones behind them.

    `weight` counts uses, those in loops more. `forced` says that it cannot stay in a register of the Engine: it lives
    through a call, or into where an unwinding leads.
    """

    register: Register
    start: int
    end: int
    weight: float = 0.0
    forced: bool = False
    copied_from: Register | None = None


def intervals(function: Function) -> list[Interval]:
    """Compute all intervals, in the order of their starts."""
    blocks = list(function.blocks.values())
    live_in, live_out = _flow(blocks)
    starts: dict[str, int] = {}
    place = 0
    for block in blocks:
        starts[block.label] = place
        place += 2 * len(block.instructions)
    depths = _depths(blocks, starts)
    found: dict[int, Interval] = {one.number: Interval(one, 0, 0) for one in function.params}
    calls: list[int] = []
    for block in blocks:
        start = starts[block.label]
        end = start + 2 * len(block.instructions)
        _cover(found, live_in[block.label], start)
        _walk(block, start, LOOP_WEIGHT ** min(depths[block.label], 4), found, calls)
        _cover(found, live_out[block.label], end)
    _force(
        found,
        calls,
        [live_in[block.instructions[-1].targets[1]] for block in blocks if block.instructions[-1].op == "mark"],
    )
    return sorted(found.values(), key=lambda one: (one.start, one.register.number))


def live_at_entry(function: Function) -> int:
    """Give the registers that may be read before they are written, as bits by their numbers; parameters among them."""
    return _flow(list(function.blocks.values()))[0][function.entry.label]


def _walk(block: Block, start: int, weight: float, found: dict[int, Interval], calls: list[int]) -> None:
    place = start
    for one in block.instructions:
        for register in one.args:
            if type(register) is Register:
                interval = found.get(register.number)
                if interval is None:
                    interval = found[register.number] = Interval(register, place, place)
                interval.end = max(interval.end, place)
                interval.weight += weight
        if one.op in CALLS:
            calls.append(place)
        dest = one.dest
        if dest is not None:
            interval = found.get(dest.number)
            if interval is None:
                interval = found[dest.number] = Interval(dest, place + 1, place + 1)
                if one.op == "copy" and type(one.args[0]) is Register:
                    interval.copied_from = one.args[0]
            interval.end = max(interval.end, place + 1)
            interval.start = min(interval.start, place + 1)
            interval.weight += weight
        place += 2


def _cover(found: dict[int, Interval], mask: int, place: int) -> None:
    while mask:
        low = mask & -mask
        number = low.bit_length() - 1
        mask ^= low
        interval = found.get(number)
        if interval is not None:
            interval.start = min(interval.start, place)
            interval.end = max(interval.end, place)
        else:
            _waiting(found, number, place)


def _waiting(found: dict[int, Interval], number: int, place: int) -> None:
    """Begin the interval of a register that is live before it was seen: only a jump back leads to where it is read."""
    found[number] = Interval(Register(number), place, place)


def _force(found: dict[int, Interval], calls: list[int], caught: list[int]) -> None:
    for interval in found.values():
        interval.forced = any(interval.start <= place < interval.end for place in _between(calls, interval))
    for mask in caught:
        for number, interval in found.items():
            interval.forced = interval.forced or bool(mask >> number & 1)


def _between(calls: list[int], interval: Interval) -> list[int]:
    """List the first call from an interval's start on; calls are in order, so that it tells whether there is any."""
    low, high = 0, len(calls)
    while low < high:
        middle = (low + high) // 2
        if calls[middle] < interval.start:
            low = middle + 1
        else:
            high = middle
    return calls[low : low + 1]


def _flow(blocks: list[Block]) -> tuple[dict[str, int], dict[str, int]]:
    uses, kills = {}, {}
    for block in blocks:
        uses[block.label], kills[block.label] = _uses(block.instructions)
    live_in = dict(uses)
    live_out = dict.fromkeys(uses, 0)
    changed = True
    while changed:
        changed = False
        for block in reversed(blocks):
            label = block.label
            out = 0
            for target in block.targets:
                out |= live_in[target]
            if out != live_out[label]:
                live_out[label] = out
                live_in[label] = uses[label] | (out & ~kills[label])
                changed = True
    return live_in, live_out


def _uses(instructions: list[Instruction]) -> tuple[int, int]:
    use = kill = 0
    for one in instructions:
        for register in one.args:
            if type(register) is Register and not kill >> register.number & 1:
                use |= 1 << register.number
        if one.dest is not None:
            kill |= 1 << one.dest.number
    return use, kill


def _depths(blocks: list[Block], starts: dict[str, int]) -> dict[str, int]:
    """How many loops each block lies in, a loop being what lies between a jump back and where it leads."""
    order = {block.label: place for place, block in enumerate(blocks)}
    depths = dict.fromkeys(starts, 0)
    for block in blocks:
        for target in set(block.targets):
            if order[target] <= order[block.label]:
                for inner in blocks[order[target] : order[block.label] + 1]:
                    depths[inner.label] += 1
    return depths
