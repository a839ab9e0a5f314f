"""This file is about the byte unit in Python's words."""

from collections.abc import Iterator

from core.workloads.code.engine.accelerated.terms import Known, Phrase, address
from core.workloads.code.engine.cards import REGISTERS, Card
from core.workloads.code.engine.operations.packing import BYTES
from core.workloads.code.engine.words import FIRST_FREE, STORE_WORDS


def _byte_place(card: Card, size: int) -> Iterator[str]:
    """Write y, a byte address that a value of so many bytes may have."""
    yield f"y = {REGISTERS[card.s]} + {card.value}"
    aligned = "" if size == 1 else f" or y & {size - 1}"
    yield f"if not {BYTES * FIRST_FREE} <= y < {BYTES * STORE_WORDS}{aligned}: raise leave"


def _get_bytes(size: int, *, signed: bool) -> Phrase:
    bits = 8 * size

    def phrase(card: Card, known: Known) -> Iterator[str]:
        yield from _byte_place(card, size)
        yield "x = store[y >> 3]" if size == BYTES else f"x = store[y >> 3] >> ((y & 7) << 3) & {(1 << bits) - 1}"
        name, half = REGISTERS[card.r], 1 << (bits - 1)
        if signed and size == BYTES:
            yield f"{name} = x if {-half} <= x < {half} else (x + {half} & {(1 << bits) - 1}) - {half}"
        elif signed:
            yield f"{name} = (x ^ {half}) - {half}"
        else:
            yield f"{name} = x & {(1 << bits) - 1}"
        known.learn(name, 1 << bits, natural=not signed)

    return phrase


def _put_bytes(size: int) -> Phrase:
    mask, half = (1 << 8 * size) - 1, 1 << 63

    def phrase(card: Card, _known: Known) -> Iterator[str]:
        yield from _byte_place(card, size)
        if size == BYTES:
            yield f"x = {REGISTERS[card.r]}"
        else:
            yield "z = (y & 7) << 3"
            yield f"x = store[y >> 3] & ~({mask} << z) | ({REGISTERS[card.r]} & {mask}) << z"
        yield f"store[y >> 3] = x if {-half} <= x < {half} else (x + {half} & {(1 << 64) - 1}) - {half}"

    return phrase


def _byte_address(card: Card, known: Known) -> Iterator[str]:
    place, before = address(card, known)
    yield from before
    yield f"x = {place}"
    yield f"if x >= {STORE_WORDS}: raise leave"
    yield f"{REGISTERS[card.r]} = x << 3"
    known.learn(REGISTERS[card.r], BYTES * STORE_WORDS, natural=True)


BYTE_UNIT: dict[str, Phrase] = {
    **{f"GB{size}": _get_bytes(size, signed=True) for size in (1, 2, 4, 8)},
    **{f"GU{size}": _get_bytes(size, signed=False) for size in (1, 2, 4, 8)},
    **{f"PB{size}": _put_bytes(size) for size in (1, 2, 4, 8)},
    "LEB": _byte_address,
}
