"""Where things lie in the 2,000 words of the store: reserved words, globals, heap growing up, stack growing down."""

from dataclasses import dataclass

from core.workloads.code.ir.module import Module, Reference

STORE_WORDS = 2000
RESERVED_WORDS = 16
"""Words 0 to 15 belong to the run-time library. No pointer leads there, so that an access through null is seen."""
HEAP_START = 1
"""The reserved word that holds the address of the first word that no global takes; the heap may begin there."""
STACK_GUARD = 16
"""Words that stay free between heap and stack when the floor is moved by the service `set_floor`."""
BYTES_PER_WORD = 8


class StoreTooSmall(Exception):
    """The globals of the program do not fit into the store."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Word addresses of the globals, the first word of the heap, and the store as it is when the program starts."""

    addresses: dict[str, int]
    heap: int
    initial: dict[int, int]


def lay_out(module: Module, functions: dict[str, int], store_words: int = STORE_WORDS) -> Layout:
    """Place the globals one after another in their order; `functions` gives the pointer of each function."""
    addresses: dict[str, int] = {}
    free = RESERVED_WORDS
    for one in module.globals.values():
        addresses[one.name] = free
        free += one.words
    if free > store_words:
        raise StoreTooSmall(f"the program's variables take {free} words, and the store has {store_words}")
    initial = {HEAP_START: free}
    for one in module.globals.values():
        for place, value in one.initial.items():
            initial[addresses[one.name] + place] = _resolve(value, addresses, functions)
    return Layout(addresses, free, initial)


def _resolve(value: int | Reference, addresses: dict[str, int], functions: dict[str, int]) -> int:
    if isinstance(value, int):
        return value
    if value.symbol in functions:
        return functions[value.symbol]
    unit = BYTES_PER_WORD if value.in_bytes else 1
    return addresses[value.symbol] * unit + value.offset
