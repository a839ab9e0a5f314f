"""Blocks that nothing reaches, jumps to jumps, and blocks that follow only one other: all gone."""

from core.workloads.code.ir.instructions import Instruction
from core.workloads.code.ir.module import Function


def tidy(function: Function) -> None:
    """Thread jumps, drop what cannot be reached, and join blocks."""
    _thread(function)
    _drop_unreachable(function)
    _join(function)


def _thread(function: Function) -> None:
    leads = {}
    for label, block in function.blocks.items():
        first = block.instructions[0]
        if first.op == "jump" and first.targets[0] != label:
            leads[label] = first.targets[0]
    if not leads:
        return
    for block in function.blocks.values():
        last = block.instructions[-1]
        if any(target in leads for target in last.targets):
            last.targets = tuple(_final(target, leads) for target in last.targets)
            if last.op == "branch" and last.targets[0] == last.targets[1]:
                block.instructions[-1] = Instruction("jump", targets=last.targets[:1], at=last.at)


def _final(label: str, leads: dict[str, str]) -> str:
    seen = set()
    while label in leads and label not in seen:
        seen.add(label)
        label = leads[label]
    return label


def _drop_unreachable(function: Function) -> None:
    entry = next(iter(function.blocks))
    reached, waiting = {entry}, [entry]
    while waiting:
        for target in function.blocks[waiting.pop()].targets:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    if len(reached) < len(function.blocks):
        function.blocks = {label: block for label, block in function.blocks.items() if label in reached}


def _join(function: Function) -> None:
    predecessors = function.predecessors()
    entry = next(iter(function.blocks))
    for label in list(function.blocks):
        block = function.blocks.get(label)
        while block is not None and block.instructions[-1].op == "jump":
            target = block.instructions[-1].targets[0]
            if target in (entry, block.label) or predecessors[target] != [block.label]:
                break
            following = function.blocks.pop(target)
            block.instructions[-1:] = following.instructions
            for after in following.targets:
                predecessors[after] = [block.label if one == target else one for one in predecessors[after]]
