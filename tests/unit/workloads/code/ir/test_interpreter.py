"""The interpreter gives each operation its meaning, and stops where it has none."""

import pytest

from core.workloads.code.ir.arithmetic import Trapped, evaluate
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Operand, Position
from core.workloads.code.ir.interpreter import Interpreter, StepLimit, Stop
from core.workloads.code.ir.module import Module, Reference
from core.workloads.code.ir.streams import OutputLimit, Streams
from core.workloads.code.ir.types import F64, I8, I32, I64, S32, U8, U32, U64, WORD, Type, float_image, image_float
from core.workloads.code.ir.verifier import verify
from tests.unit.workloads.code.ir.programs import triangle


def run(module: Module, stdin: bytes = b"", **limits: int) -> tuple[Stop, bytes]:
    assert verify(module) == []
    streams = Streams(stdin, limits.get("output_bytes", 1000))
    return Interpreter(module, streams, limits.get("steps", 100_000)).run(), streams.output


def test_a_loop_in_a_function_counts_and_prints() -> None:
    stop, output = run(triangle(100))
    assert (stop.exit_code, output) == (0, b"5050\n")


def test_steps_and_output_end_exactly_at_their_limits() -> None:
    steps = run(triangle(5))[0].steps
    assert run(triangle(5), steps=steps)[0].steps == steps
    with pytest.raises(StepLimit):
        run(triangle(5), steps=steps - 1)
    assert run(triangle(5), output_bytes=3)[1] == b"15\n"
    with pytest.raises(OutputLimit):
        run(triangle(5), output_bytes=2)


def test_a_signed_result_outside_its_type_traps_where_it_was_computed() -> None:
    stop, _ = run(triangle(70_000), steps=1_000_000)
    assert (stop.exit_code, stop.trap, stop.at) == (None, "overflow", Position(3, 9))
    assert "does not fit 32 bits" in stop.message


@pytest.mark.parametrize(
    ("op", "type_", "args", "result"),
    [
        ("add", I32, (2**31 - 2, 1), 2**31 - 1),
        ("add", U32, (2**32 - 1, 1), 0),
        ("add", S32, (2**31 - 1, 1), -(2**31)),
        ("mul", U64, (2**63, 3), 2**63),
        ("mul", WORD, (10**25 - 1, 10**25), 10**50 - 10**25),
        ("div", I32, (-7, 2), -3),
        ("rem", I32, (-7, 2), -1),
        ("floordiv", WORD, (-7, 2), -4),
        ("floormod", WORD, (-7, 2), 1),
        ("shl", S32, (1, 31), -(2**31)),
        ("shr", I32, (-5, 1), -3),
        ("cast", U8, (-1,), 255),
        ("cast", I8, (200,), -56),
        ("not", U32, (0,), 2**32 - 1),
        ("xor", I64, (-1, 5), -6),
        ("ge", WORD, (3, 3), 1),
        ("fti", I32, (float_image(-2.9),), -2),
        ("fdigits", WORD, (float_image(0.125), 2), 12),
        ("fexponent", WORD, (float_image(999.9),), 2),
        ("fshort", WORD, (float_image(-1e22),), -1),
        ("fshortexp", WORD, (float_image(-1e22),), 22),
        ("flt", WORD, (float_image(float("nan")), 0), 0),
    ],
)
def test_computations(op: str, type_: Type, args: tuple[int, ...], result: int) -> None:
    assert evaluate(op, type_, args) == result


@pytest.mark.parametrize(
    ("op", "args", "result"),
    [
        ("fdiv", (1.0, -0.0), "-inf"),
        ("fdiv", (0.0, 0.0), "nan"),
        ("frem", (-5.5, 2.0), "-1.5"),
        ("fpow", (-8.0, 1 / 3), "nan"),
        ("fpow", (-10.0, 309.0), "-inf"),
        ("fmul", (1e308, 10.0), "inf"),
    ],
)
def test_floats_go_on_as_ieee_754_has_it(op: str, args: tuple[float, float], result: str) -> None:
    assert repr(image_float(evaluate(op, F64, (float_image(args[0]), float_image(args[1]))))) == result


@pytest.mark.parametrize(
    ("op", "type_", "args", "code"),
    [
        ("add", I32, (2**31 - 1, 1), "overflow"),
        ("neg", I32, (-(2**31),), "overflow"),
        ("div", I32, (-(2**31), -1), "overflow"),
        ("mul", WORD, (10**25, 10**25), "overflow"),
        ("check", U8, (256,), "overflow"),
        ("rem", I32, (1, 0), "div_zero"),
        ("shl", U32, (1, 32), "overflow"),
        ("shr", I32, (1, -1), "overflow"),
        ("fti", I32, (float_image(float("inf")),), "bad_float"),
    ],
)
def test_computations_without_a_result(op: str, type_: Type, args: tuple[int, ...], code: str) -> None:
    with pytest.raises(Trapped) as caught:
        evaluate(op, type_, args)
    assert caught.value.code == code


def test_bytes_lie_in_words_as_on_a_little_endian_machine() -> None:
    module = Module()
    module.place("text", 2, {0: int.from_bytes(b"Engine\x00\xff", "little")})
    build = FunctionBuilder(module, "main", [], I32)
    base = build.compute("global_bytes", WORD, symbol="text")
    build.store(I32, base, -2, offset=8)
    build.store(U8, base, ord("a"), offset=5)
    loads: list[tuple[Type, int]] = [(U8, 0), (U8, 5), (I8, 7), (U8, 7), (U32, 8), (I32, 8), (I64, 8)]
    for type_, offset in loads:
        build.service("put_number", [build.compute("load", type_, base, offset=offset)])
        build.service("put_byte", [32])
    build.give_back(0)
    assert run(module)[1] == b"69 97 -1 255 4294967294 -2 4294967294 "


@pytest.mark.parametrize(
    ("type_", "address", "message"),
    [
        (I32, 0, "null pointer"),
        (I32, 127, "null pointer"),
        (I32, 131, "no value of 4 bytes"),
        (U8, 16_000, "no byte 16000"),
        (U8, -1, "no byte -1"),
    ],
)
def test_addresses_that_nothing_lies_at(type_: Type, address: int, message: str) -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.give_back(build.compute("load", type_, address))
    stop, _ = run(module)
    assert stop.trap == "store_bounds"
    assert message in stop.message


def indirect(pointer: Operand | None) -> Module:
    module = Module()
    twice = FunctionBuilder(module, "twice", [("n", I32)], I32)
    twice.give_back(twice.compute("add", I32, twice.param(0), twice.param(0)))
    module.place("table", 1, {0: Reference("twice")})
    build = FunctionBuilder(module, "main", [], I32)
    found = build.compute("peek", WORD, build.compute("global", WORD, symbol="table"))
    result = build.call_pointer(found if pointer is None else pointer, [21], I32)
    assert result is not None
    build.give_back(result)
    return module


def test_functions_are_called_through_pointers() -> None:
    assert run(indirect(None))[0].exit_code == 42


def test_a_call_through_no_pointer_traps() -> None:
    assert run(indirect(12_345))[0].trap == "bad_jump"


def test_an_unwinding_leaves_the_frames_above_a_mark() -> None:
    module = Module()
    module.place("mark", 3)
    deep = FunctionBuilder(module, "deep", [("n", WORD)])
    deep.branch("eq", deep.param(0), 0, "out", "in")
    deep.block("out")
    deep.emit(Instruction("unwind", args=(deep.compute("global", WORD, symbol="mark"),)))
    deep.block("in")
    deep.call("deep", [deep.compute("sub", WORD, deep.param(0), 1)], None)
    deep.give_back()
    build = FunctionBuilder(module, "main", [], I32)
    address = build.compute("global", WORD, symbol="mark")
    build.emit(Instruction("mark", args=(address,), targets=("try", "caught")))
    build.block("try")
    build.call("deep", [9], None)
    build.give_back(1)
    build.block("caught")
    build.give_back(7)
    assert run(module)[0].exit_code == 7


def test_a_tail_call_takes_no_frame() -> None:
    module = Module()
    count = FunctionBuilder(module, "count", [("n", WORD)], WORD)
    count.branch("eq", count.param(0), 0, "end", "more")
    count.block("end")
    count.give_back(5)
    count.block("more")
    count.emit(Instruction("tail", args=(count.compute("sub", WORD, count.param(0), 1),), symbol="count"))
    build = FunctionBuilder(module, "main", [], I32)
    result = build.call("count", [5000], WORD)
    assert result is not None
    build.give_back(result)
    assert run(module)[0].exit_code == 5


def test_recursion_without_end_meets_the_heap() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    build.call("main", [], I32)
    build.give_back(0)
    assert run(module)[0].trap == "stack"


def test_the_floor_of_the_stack_keeps_its_distance() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    top = build.compute("stack_top", WORD)
    build.service("set_floor", [build.compute("sub", WORD, top, 16)])
    build.service("put_byte", [46])
    build.service("set_floor", [build.compute("sub", WORD, top, 15)])
    build.give_back(0)
    stop, output = run(module)
    assert (stop.trap, output) == ("heap", b".")


def test_input_is_read_as_bytes_and_as_characters() -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    for name in ("get_byte", "get_char", "get_char", "get_byte", "get_char"):
        read = build.service(name, [], WORD)
        assert read is not None
        build.service("put_number", [read])
        build.service("put_byte", [32])
    build.give_back(0)
    assert run(module, "aß\u20ac".encode() + b"\xff")[1] == b"97 223 8364 255 -1 "
