"""The IR as text, the same for the same module: what `emit: ["ir"]` shows and what the parser reads back."""

import math

from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.module import Function, Global, Module, Reference
from core.workloads.code.ir.types import F64, image_float


def print_module(module: Module) -> str:
    """Show the whole program."""
    parts = [_global(one) for one in module.globals.values()]
    parts += [print_function(one) for one in module.functions.values()]
    return "\n".join(parts)


def print_function(function: Function) -> str:
    """Show one function."""
    params = ", ".join(f"{one}: {one.type.name}" for one in function.params)
    returns = f" -> {function.returns.name}" if function.returns else ""
    lines = [f"function {function.name}({params}){returns}"]
    lines += [f"  slot {name}: {words}" for name, words in function.slots.items()]
    for block in function.blocks.values():
        lines.append(f"{block.label}:")
        lines += [f"    {print_instruction(one)}" for one in block.instructions]
    return "\n".join([*lines, ""])


def print_instruction(one: Instruction) -> str:
    """Show one instruction, its result first."""
    words = [one.op]
    if one.op == "branch":
        words[0] = f"branch {one.symbol}"
    elif one.operation.symbol:
        words.append(f"@{one.symbol}")
    if one.dest is not None or one.op == "store":
        words.insert(1, one.type.name)
    if one.args:
        words.append(", ".join(_operand(arg, one, place) for place, arg in enumerate(one.args)))
    if one.offset:
        words.append(f"+{one.offset}" if one.offset > 0 else str(one.offset))
    if one.cases:
        words.append(
            "[" + " ".join(f"{case}:{label}" for case, label in zip(one.cases, one.targets, strict=False)) + "]"
        )
        words.append(f"else {one.targets[-1]}")
    elif one.targets:
        words.append("-> " + ", ".join(one.targets))
    if one.note:
        words.append(f'"{one.note}"')
    return (f"{one.dest} = " if one.dest is not None else "") + " ".join(words)


_FLOATING_ARGUMENTS = frozenset({"fadd", "fsub", "fmul", "fdiv", "fneg", "fsqrt", "fti"})


def _operand(arg: Operand, one: Instruction, place: int) -> str:
    if not isinstance(arg, int):
        return str(arg)
    name = one.symbol if one.op == "branch" else one.op
    floating = name in _FLOATING_ARGUMENTS or (name[0] == "f" and name[1:] in {"eq", "ne", "lt", "le", "gt", "ge"})
    floating = floating or (one.type is F64 and (one.op == "copy" or (one.op == "store" and place == 1)))
    if not floating:
        return str(arg)
    value = image_float(arg)
    return f"{value!r}f" if math.isfinite(value) else f"{arg:#x}f"


def _global(one: Global) -> str:
    values = ", ".join(f"{place}: {_initial(value)}" for place, value in sorted(one.initial.items()))
    return f"global {one.name}: {one.words}" + (f" = {{{values}}}" if values else "")


def _initial(value: int | Reference) -> str:
    if isinstance(value, int):
        return str(value)
    return f"@{value.symbol}" + (".bytes" if value.in_bytes else "") + (f"+{value.offset}" if value.offset else "")
