"""Calls of small functions that call nothing themselves, replaced by what they do."""

from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.module import Block, Function, Module

LARGEST = 10
"""Instructions of a function that is worth putting in place of its calls."""
_CALLS = frozenset({"call", "callp", "tail", "tailp", "mark", "unwind", "stack_top"})


def inline(module: Module, keep: frozenset[str]) -> list[Function]:
    """Put small leaves in place of their calls; gives the functions that changed."""
    leaves = {name: one for name, one in module.functions.items() if _is_small_leaf(one)}
    changed = []
    for function in module.functions.values():
        if function.name not in keep and function.name not in leaves and _calls_any(function, leaves):
            _Inliner(function, leaves).run()
            changed.append(function)
    return changed


def _is_small_leaf(function: Function) -> bool:
    instructions = [one for block in function.blocks.values() for one in block.instructions]
    if len(instructions) > LARGEST or function.slots:
        return False
    return not any(one.op in _CALLS for one in instructions)


def _calls_any(function: Function, leaves: dict[str, Function]) -> bool:
    return any(_is_inlined(one, leaves) for block in function.blocks.values() for one in block.instructions)


def _is_inlined(one: Instruction, leaves: dict[str, Function]) -> bool:
    return one.op == "call" and one.symbol in leaves and len(one.args) == len(leaves[one.symbol].params)


class _Inliner:
    """Rewrites one function; every block after a call that is replaced gets a label of its own."""

    def __init__(self, function: Function, leaves: dict[str, Function]) -> None:
        self.function = function
        self.leaves = leaves
        self.count = 0
        self.blocks: dict[str, Block] = {}

    def run(self) -> None:
        for label, block in self.function.blocks.items():
            present = self.blocks[label] = Block(label)
            for one in block.instructions:
                if _is_inlined(one, self.leaves):
                    present = self._expand(present, one)
                else:
                    present.instructions.append(one)
        self.function.blocks = self.blocks

    def _expand(self, present: Block, call: Instruction) -> Block:
        callee = self.leaves[call.symbol]
        self.count += 1
        prefix = f"{callee.name}.in.{self.count}"
        registers: dict[int, Register] = {}
        for param, arg in zip(callee.params, call.args, strict=True):
            fresh = registers[param.number] = self.function.register(param.type, param.name)
            present.instructions.append(Instruction("copy", param.type, fresh, (arg,), at=call.at))
        present.instructions.append(Instruction("jump", targets=(f"{prefix}.{callee.entry.label}",), at=call.at))
        for label, block in callee.blocks.items():
            copied = self.blocks[f"{prefix}.{label}"] = Block(f"{prefix}.{label}")
            for one in block.instructions:
                copied.instructions += self._copied(one, call, prefix, registers)
        after = self.blocks[f"{prefix}.after"] = Block(f"{prefix}.after")
        return after

    def _copied(
        self, one: Instruction, call: Instruction, prefix: str, registers: dict[int, Register]
    ) -> list[Instruction]:
        args = tuple(self._operand(arg, registers) for arg in one.args)
        at = one.at or call.at  # what has no place in the source, as a library has none, stands where it is called
        if one.op == "return":
            leave = Instruction("jump", targets=(f"{prefix}.after",), at=at)
            if call.dest is None:
                return [leave]
            return [Instruction("copy", call.dest.type, call.dest, (args[0] if args else 0,), at=at), leave]
        dest = None if one.dest is None else self._register(one.dest, registers)
        targets = tuple(f"{prefix}.{label}" for label in one.targets)
        return [Instruction(one.op, one.type, dest, args, one.symbol, one.offset, targets, one.cases, one.note, at)]

    def _operand(self, arg: Operand, registers: dict[int, Register]) -> Operand:
        return arg if isinstance(arg, int) else self._register(arg, registers)

    def _register(self, one: Register, registers: dict[int, Register]) -> Register:
        if one.number not in registers:
            registers[one.number] = self.function.register(one.type, one.name)
        return registers[one.number]
