"""A whole module as a chain of cards."""

from dataclasses import replace
from functools import lru_cache

from core.workloads.code.backend.cards import pointer_label
from core.workloads.code.backend.jumping import BAD_CALL, BAD_CALL_TRAP, FIRST_POINTER, LAST_POINTER, trap_number
from core.workloads.code.backend.liveness import CALLS
from core.workloads.code.backend.selection import Selector
from core.workloads.code.engine.cards import Card, Mode, Operand, Program, number
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.ir.layout import lay_out
from core.workloads.code.ir.module import Block, Function, Module, Reference
from core.workloads.code.ir.verifier import ENTRY

REGISTERS = 4


class ProgramTooLong(Exception):
    """The program needs more cards than can be hung into the Engine."""


def generate(module: Module, registers: int = REGISTERS, shared: frozenset[str] = frozenset()) -> Program:
    """Make the program, with so many registers to allocate (0 to 4); raises `layout.StoreTooSmall`.

    Functions named in `shared` are those of a library, the same objects in many modules: their cards are kept.
    """
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
    for name, function in module.functions.items():
        if name in shared:
            _lay_shared(function, chain, layout.addresses, registers)
        else:
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


def _lay_shared(function: Function, chain: Chain, addresses: dict[str, int], registers: int) -> None:
    """Lay a function whose cards may be known: they depend on nothing but the addresses that it mentions."""
    mentioned = _mentioned(function)
    key = (function, registers, tuple(addresses[name] for name in mentioned))
    kept = _KEPT.get(key)
    if kept is None:
        kept = Chain()
        _lay_function(function, kept, addresses, registers)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = kept
    first = len(chain.cards)
    chain.cards += kept.cards
    for name, place in kept.labels.items():
        chain.labels[name] = first + place
    if kept.messages:
        # Texts are numbered anew in each program.
        for place, card in enumerate(kept.cards):
            if isinstance(card, Card) and card.op == "TRP" and card.value in kept.messages:
                text = number(trap_number(chain, kept.messages[card.value]))
                chain.cards[first + place] = replace(card, value=text.value)


_STACKED = CALLS | {"stack_top", "service"}
MOST_KEPT = 1000
_KEPT: dict[tuple[Function, int, tuple[int, ...]], Chain] = {}


@lru_cache(maxsize=MOST_KEPT)
def _mentioned(function: Function) -> tuple[str, ...]:
    blocks = function.blocks.values()
    return tuple(one.symbol for block in blocks for one in block.instructions if one.op in ("global", "global_bytes"))


def _last_that_needs_the_stack(block: Block) -> int:
    """Give the place of the last instruction to which it matters where the stack is; giving the frame back sets it."""
    if block.instructions[-1].op != "return":
        return len(block.instructions)
    needing = (place for place, one in enumerate(block.instructions) if one.op in _STACKED)
    return max(needing, default=0)


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
        last = _last_that_needs_the_stack(block)
        for place, one in enumerate(block.instructions):
            selector.drops = place < last or not selector.has_frame
            selector.begin(one)
            if one.operation.ends:
                selector.finish(one)
            elif one.op in CALLS:
                selector.call(one)
            else:
                selector.select(one)
            selector.end()
