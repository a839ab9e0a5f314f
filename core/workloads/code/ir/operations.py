"""The operations of the IR, as data: what each takes, what it leaves, whether it may be dropped or may trap."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """The shape of one operation.

    `arguments` is None where the number varies. `pure` operations have no effect but their result and never trap, so
    that one whose result nobody reads may go. `symbol` and `targets` say whether the instruction names something, and
    how many blocks it may continue in (None: any number).
    """

    name: str
    arguments: int | None
    gives: bool = False
    pure: bool = False
    symbol: bool = False
    targets: int | None = 0
    ends: bool = False


def _table(*operations: Operation) -> dict[str, Operation]:
    return {one.name: one for one in operations}


COMPARISONS = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
"""Each comparison with its opposite; exact on words, whatever their integer type."""
FLOAT_COMPARISONS = ("feq", "fne", "flt", "fle", "fgt", "fge")
"""Of binary64 values; all but `fne` are false when one side is not a number, so that none has an opposite."""
MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
"""The comparison with its sides exchanged."""
ARITHMETIC = ("add", "sub", "mul", "div", "rem", "floordiv", "floormod", "shl", "shr")
BITWISE = ("and", "or", "xor")
FLOAT_ARITHMETIC = ("fadd", "fsub", "fmul", "fdiv", "frem", "fpow")
"""As IEEE 754 has it, `frem` as C's fmod and `fpow` as C's pow; none traps."""
COMMUTATIVE = frozenset({"add", "mul", "and", "or", "xor", "eq", "ne", "fadd", "fmul", "feq", "fne"})

OPERATIONS = _table(
    Operation("copy", 1, gives=True, pure=True),
    # Integers. The result is computed exactly, then made to fit the instruction's type.
    *(Operation(name, 2, gives=True) for name in ARITHMETIC),
    *(Operation(name, 2, gives=True) for name in BITWISE),
    Operation("neg", 1, gives=True),
    Operation("not", 1, gives=True),
    Operation("cast", 1, gives=True, pure=True),  # wrap to the type, never a trap
    Operation("check", 1, gives=True),  # trap where the value does not fit the type
    *(Operation(name, 2, gives=True, pure=True) for name in COMPARISONS),
    # Floating point.
    *(Operation(name, 2, gives=True, pure=True) for name in FLOAT_ARITHMETIC),
    *(Operation(name, 2, gives=True, pure=True) for name in FLOAT_COMPARISONS),
    Operation("fneg", 1, gives=True, pure=True),
    Operation("fsqrt", 1, gives=True, pure=True),
    Operation("itf", 1, gives=True, pure=True),  # nearest binary64 of an integer
    Operation("fti", 1, gives=True),  # towards zero, then made to fit
    # Between binary64 and decimal digits, exactly; for printing and reading.
    Operation("fdigits", 2, gives=True),  # the float times 10^places as the nearest integer, half to even
    Operation("fexponent", 1, gives=True),  # e with 10^e <= |x| < 10^(e+1); 0 for zero
    Operation("fshort", 1, gives=True),  # the fewest digits that read back as the float ...
    Operation("fshortexp", 1, gives=True),  # ... and the power of ten they are to be multiplied by
    Operation("fdecimal", 2, gives=True, pure=True),  # the float nearest to digits times 10^exponent
    # Memory. `load` and `store` take byte addresses (eight bytes a word), `peek` and `poke` word addresses.
    Operation("load", 1, gives=True),
    Operation("store", 2),
    Operation("peek", 1, gives=True),
    Operation("poke", 2),
    Operation("slot", 0, gives=True, pure=True, symbol=True),  # word address of a stack slot
    Operation("slot_bytes", 0, gives=True, pure=True, symbol=True),  # its byte address
    Operation("global", 0, gives=True, pure=True, symbol=True),  # word address of a global
    Operation("global_bytes", 0, gives=True, pure=True, symbol=True),
    Operation("stack_top", 0, gives=True),  # word address of the lowest word of the stack in use
    Operation("function", 0, gives=True, pure=True, symbol=True),  # a pointer for `callp`
    # Calls. Whether one gives a result is the callee's matter.
    Operation("call", None, symbol=True),
    Operation("callp", None),  # the first argument is the function pointer
    Operation("service", None, symbol=True),
    # What ends a block.
    Operation("jump", 0, targets=1, ends=True),
    Operation("branch", 2, symbol=True, targets=2, ends=True),  # the symbol is the comparison
    Operation("switch", 1, targets=None, ends=True),
    Operation("return", None, ends=True),
    Operation("tail", None, symbol=True, ends=True),  # call in place of this frame
    Operation("tailp", None, ends=True),
    Operation("mark", 1, targets=2, ends=True),  # remember this frame; comes back at the second target
    Operation("unwind", 1, ends=True),  # back to a mark
    Operation("trap", 0, symbol=True, ends=True),
)


@dataclass(frozen=True, slots=True)
class Service:
    """Something asked of the Engine's outside: arguments taken, whether a word comes back."""

    name: str
    arguments: int
    gives: bool


SERVICES = {
    one.name: one
    for one in (
        Service("put_byte", 1, gives=False),  # to the printer; must be 0 to 255
        Service("put_char", 1, gives=False),  # a Unicode character, as UTF-8
        Service("put_number", 1, gives=False),  # a word in decimal
        Service("get_byte", 0, gives=True),  # of the input, -1 at its end
        Service("get_char", 0, gives=True),  # a Unicode character of the input, -1 at its end
        Service("select_roll", 1, gives=False),  # print on stdout (0) or stderr (1); a constant
        Service("set_floor", 1, gives=False),  # word address that the stack must not come below; traps as `heap`
        Service("exit", 1, gives=False),  # stop with this exit code
    )
}
"""The code generator has a card for each."""

TRAPS = {
    "overflow": "the result does not fit",
    "div_zero": "division by zero",
    "store_bounds": "access outside the store",
    "stack": "the stack has met the heap: too deep a recursion, or too large variables",
    "heap": "the heap is exhausted",
    "bad_jump": "call of something that is no function",
    "bad_float": "a float that is no whole number",
    "bad_character": "a number that stands for no character or byte",
    "raised": "stopped by the program",
}
"""Why a program stops, in the Engine's words, and what is said when the instruction carries no note of its own."""
