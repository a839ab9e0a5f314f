"""A whole module as a chain of cards."""

from core.workloads.code.backend.cards import pointer_label
from core.workloads.code.backend.jumping import BAD_CALL, BAD_CALL_TRAP, FIRST_POINTER, LAST_POINTER
from core.workloads.code.backend.liveness import CALLS
from core.workloads.code.backend.selection import Selector
from core.workloads.code.engine.cards import Mode, Operand, Program, number
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.ir.layout import lay_out
from core.workloads.code.ir.module import Function, Module, Reference
from core.workloads.code.ir.verifier import ENTRY

REGISTERS = 4


class ProgramTooLong(Exception):
    """The program needs more cards than can be hung into the Engine."""


def generate(module: Module, registers: int = REGISTERS) -> Program:
    """Make the program, with so many registers to allocate (0 to 4); raises `layout.StoreTooSmall`."""
    chain = Chain()
    pointed = _pointed_at(module)
    layout = lay_out(module, dict.fromkeys(module.functions, 0))
    chain.free = layout.heap
    chain.words.update(layout.initial)
    for one in module.globals.values():
        chain.columns[one.name] = layout.addresses[one.name]
        for place, value in one.initial.items():
            if isinstance(value, Reference) and value.symbol in module.functions:
                chain.words[layout.addresses[one.name] + place] = Symbol(pointer_label(value.symbol))
    _begin(chain, pointed)
    for function in module.functions.values():
        _lay_function(function, chain, layout.addresses, registers)
    return chain.link()


def _pointed_at(module: Module) -> list[str]:
    found: dict[str, None] = {}
    for function in module.functions.values():
        for block in function.blocks.values():
            found.update((one.symbol, None) for one in block.instructions if one.op == "function")
    for variable in module.globals.values():
        for value in variable.initial.values():
            if isinstance(value, Reference) and value.symbol in module.functions:
                found[value.symbol] = None
    return list(found)


def _begin(chain: Chain, pointed: list[str]) -> None:
    """Lay what calls main and stops with its result, and the cards that pointers to functions lead to."""
    chain.add("CALL", x=Symbol(ENTRY))
    chain.add("HLT", x=Operand(Mode.REGISTER, 0))
    chain.messages[BAD_CALL_TRAP] = BAD_CALL
    chain.label("pointers/bad")
    chain.add("TRP", x=number(BAD_CALL_TRAP))
    chain.label(FIRST_POINTER)
    for name in pointed:
        chain.label(pointer_label(name))
        chain.add("JMP", x=Symbol(name))
    chain.label(LAST_POINTER)


def _lay_function(function: Function, chain: Chain, addresses: dict[str, int], registers: int) -> None:
    selector = Selector(function, chain, addresses, registers)
    chain.label(function.name)
    if function.at is not None:
        selector.line, selector.column = function.at.line, function.at.column
    selector.enter()
    blocks = list(function.blocks.values())
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        chain.label(selector.label(block.label))
        selector.following = following.label if following is not None else ""
        for one in block.instructions:
            selector.begin(one)
            if one.operation.ends:
                selector.finish(one)
            elif one.op in CALLS:
                selector.call(one)
            else:
                selector.select(one)
            selector.end()
