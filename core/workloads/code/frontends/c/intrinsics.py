"""What only the run-time library may call: operations of the IR under the names of C functions."""

from collections.abc import Callable

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.layout import HEAP_START
from core.workloads.code.ir.types import F64, I32, U64, WORD

Intrinsic = Callable[[FunctionBuilder, list[Operand]], Operand]

PROTOTYPES = """
void __put_byte(int byte); void __put_number(__word number); int __get_byte(void); void __roll_out(void);
void __roll_err(void); __word __stack_top(void); void __set_floor(__word word); __word __heap_start(void);
__word __peek(__word address); void __poke(__word address, __word value);
__word __fdigits(double x, __word places); __word __fexponent(double x);
double __fdecimal(__word digits, __word exponent);
unsigned long __image(double x); double __float(unsigned long image);
void __trap_heap(void); void __trap_digits(void); void __trap_format(void);
void __trap_free(void); void __trap_assert(void);
"""
"""As the library's sources see them; `__word` is an integer of all 50 digits."""


def _service(name: str, *fixed: int) -> Intrinsic:
    def lower(build: FunctionBuilder, args: list[Operand]) -> Operand:
        build.service(name, [*args, *fixed])
        return 0

    return lower


def _asked(name: str) -> Intrinsic:
    return lambda build, args: build.service(name, args, I32) or 0


def _trap(code: str, note: str) -> Intrinsic:
    def lower(build: FunctionBuilder, _: list[Operand]) -> Operand:
        build.trap(code, note)
        return 0

    return lower


def _poke(build: FunctionBuilder, args: list[Operand]) -> Operand:
    build.poke(args[0], args[1])
    return 0


INTRINSICS: dict[str, Intrinsic] = {
    "__put_byte": _service("put_byte"),
    "__put_number": _service("put_number"),
    "__get_byte": _asked("get_byte"),
    "__roll_out": _service("select_roll", 0),
    "__roll_err": _service("select_roll", 1),
    "__set_floor": _service("set_floor"),
    "__stack_top": lambda build, _: build.compute("stack_top", WORD),
    "__heap_start": lambda build, _: build.compute("peek", WORD, HEAP_START),
    "__peek": lambda build, args: build.compute("peek", WORD, args[0]),
    "__poke": _poke,
    "__fdigits": lambda build, args: build.compute("fdigits", WORD, *args),
    "__fexponent": lambda build, args: build.compute("fexponent", WORD, *args),
    "__fdecimal": lambda build, args: build.compute("fdecimal", F64, *args),
    "__image": lambda build, args: build.compute("copy", U64, args[0]),
    "__float": lambda build, args: build.compute("copy", F64, args[0]),
    "__trap_heap": _trap("heap", ""),
    "__trap_digits": _trap("raised", "a number of more than 50 digits cannot be printed this way"),
    "__trap_format": _trap("raised", "the format string asks for something that printf and scanf do not know"),
    "__trap_free": _trap("raised", "free() of what malloc() did not give, or of what was freed before"),
    "__trap_assert": _trap("raised", "an assertion failed"),
}
