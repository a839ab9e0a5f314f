"""The store as compiled programs see it: words, and bytes within them.

A word address counts words. A byte address counts bytes, eight to a word, the least significant first, so that a C
program finds its variables where it would on x86-64: four bytes an `int`, eight a `long`, a pointer or a `double`. A
word written as bytes is read as two's complement of 64 bits.
"""

from core.workloads.code.ir.arithmetic import Trapped
from core.workloads.code.ir.layout import BYTES_PER_WORD, RESERVED_WORDS, STORE_WORDS
from core.workloads.code.ir.types import S64, WORD, Type


def load(store: list[int], type_: Type, address: int) -> int:
    """Read a value of the type at a byte address."""
    place, byte = _locate(type_, address)
    if type_.size_bytes == BYTES_PER_WORD:
        return store[place] if type_ is WORD else _whole(type_, store[place])
    bits = (store[place] >> 8 * byte) & ((1 << type_.bits) - 1)
    return bits if bits <= type_.high else bits - (1 << type_.bits)


def store_value(store: list[int], type_: Type, address: int, value: int) -> None:
    """Write a value of the type at a byte address; a part of a word leaves the other parts as they are."""
    place, byte = _locate(type_, address)
    if type_.size_bytes == BYTES_PER_WORD:
        store[place] = value
        return
    mask = (1 << type_.bits) - 1
    store[place] = S64.wrap((store[place] & ~(mask << 8 * byte)) | ((value & mask) << 8 * byte))


def peek(store: list[int], address: int) -> int:
    """Read the word at a word address."""
    return store[_word(address)]


def poke(store: list[int], address: int, value: int) -> None:
    """Write the word at a word address."""
    store[_word(address)] = value


def _whole(type_: Type, word: int) -> int:
    if type_.low <= word <= type_.high:
        return word
    word &= (1 << 64) - 1
    return word if word <= type_.high else word - (1 << 64)


def _locate(type_: Type, address: int) -> tuple[int, int]:
    place, byte = divmod(address, BYTES_PER_WORD)
    if not RESERVED_WORDS <= place < STORE_WORDS:
        null = 0 <= place < RESERVED_WORDS
        raise Trapped("store_bounds", "access through a null pointer" if null else f"there is no byte {address}")
    if byte % type_.size_bytes:
        raise Trapped("store_bounds", f"at byte {address} no value of {type_.size_bytes} bytes can lie")
    return place, byte


def _word(address: int) -> int:
    if not 0 <= address < STORE_WORDS:
        raise Trapped("store_bounds", f"there is no word {address}")
    return address
