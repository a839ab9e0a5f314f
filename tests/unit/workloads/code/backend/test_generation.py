"""Cards do what the IR means, with any number of registers."""

import pytest

from core.workloads.code.backend.generation import generate
from core.workloads.code.engine import machine
from core.workloads.code.engine.interpretation import Interpreter as Engine
from core.workloads.code.engine.traps import TrapReport
from core.workloads.code.engine.validation import verify as verify_cards
from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Operand
from core.workloads.code.ir.interpreter import Interpreter
from core.workloads.code.ir.module import Module, Reference
from core.workloads.code.ir.streams import Streams
from core.workloads.code.ir.types import I32, S32, U32, WORD
from core.workloads.code.ir.verifier import verify
from core.workloads.code.passes.pipeline import optimize

REGISTERS = pytest.mark.parametrize("registers", [4, 3, 2, 1, 0])


def engine(module: Module, registers: int, stdin: bytes = b"") -> tuple[bytes, int, TrapReport | None]:
    program = generate(module, registers)
    verify_cards(program)
    hung = machine.start(program, stdin=stdin)
    trap = Engine(hung).run(1_000_000)
    return bytes(hung.printer.rolls[0]), hung.exit_value, trap


def agree(module: Module, registers: int, stdin: bytes = b"") -> bytes:
    """Run on both, before and after the passes; gives what all of them printed."""
    found = []
    for _ in range(2):
        assert verify(module) == []
        streams = Streams(stdin)
        stop = Interpreter(module, streams).run()
        output, code, trap = engine(module, registers, stdin)
        assert (output, None if trap else code) == (streams.output, stop.exit_code)
        assert (trap.trap.value if trap else "") == stop.trap
        if trap is not None and stop.at is not None:
            assert (trap.line, trap.column) == (stop.at.line, stop.at.column)
        found.append(output)
        optimize(module)
    assert found[0] == found[1]
    return found[0]


def show(build: FunctionBuilder, value: Operand) -> None:
    build.service("put_number", [value])
    build.service("put_byte", [32])


@REGISTERS
def test_more_values_than_registers_live_at_once(registers: int) -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    values = [build.service("get_byte", [], WORD) or 0 for _ in range(9)]
    total: Operand = 0
    for place, value in enumerate(values):
        total = build.compute(
            "add", WORD, build.compute("mul", WORD, total, 10), build.compute("sub", WORD, value, 48 - place)
        )
    for value in (*values, total):
        show(build, value)
    build.give_back(0)
    assert agree(module, registers, b"123456789").split()[-1] == str(int("123456789") + 12345678).encode()


@REGISTERS
def test_values_live_through_calls_and_loops(registers: int) -> None:
    module = Module()
    half = FunctionBuilder(module, "half", [("n", I32), ("by", I32)], I32)
    half.branch("lt", half.param(0), 2, "small", "large")
    half.block("small")
    half.give_back(half.param(0))
    half.block("large")
    inner = half.call("half", [half.compute("div", I32, half.param(0), half.param(1)), half.param(1)], I32)
    assert inner is not None
    half.give_back(half.compute("add", I32, inner, half.param(0)))
    build = FunctionBuilder(module, "main", [], I32)
    count, total = build.variable(I32, "count", 12), build.variable(I32, "total", 0)
    build.block("body")
    got = build.call("half", [count, 2], I32)
    assert got is not None
    build.assign(total, build.compute("add", I32, total, got))
    build.assign(count, build.compute("sub", I32, count, 1))
    build.branch("gt", count, 0, "body", "end")
    build.block("end")
    show(build, total)
    build.give_back(count)
    agree(module, registers)


@REGISTERS
def test_pointers_to_functions_and_what_is_none(registers: int) -> None:
    for pointer in (None, 0, 2, 4, 17, 10**40, -1):
        module = Module()
        twice = FunctionBuilder(module, "twice", [("n", WORD)], WORD)
        twice.give_back(twice.compute("mul", WORD, twice.param(0), 2))
        module.place("table", 2, {1: Reference("twice")})
        build = FunctionBuilder(module, "main", [], I32)
        table = build.compute("global", WORD, symbol="table")
        found = build.compute("peek", WORD, table, offset=1)
        result = build.call_pointer(found if pointer is None else build.compute("copy", WORD, pointer), [21], WORD)
        assert result is not None
        show(build, result)
        build.give_back(0)
        output, _, trap = engine(module, registers)
        assert (output == b"42 ") == (trap is None) == (pointer is None)
        assert trap is None or "no pointer to a function" in trap.message


@REGISTERS
def test_switches_of_all_sizes(registers: int) -> None:
    for count in (1, 5, 6, 40):
        module = Module()
        choose = FunctionBuilder(module, "choose", [("n", WORD)], WORD)
        choose.switch(choose.param(0), {3 * case - 20: f"case.{case}" for case in range(count)}, "other")
        for case in range(count):
            choose.block(f"case.{case}")
            choose.give_back(case + 100)
        choose.block("other")
        choose.give_back(-1)
        build = FunctionBuilder(module, "main", [], I32)
        for value in range(-25, 3 * count, 2):
            show(build, build.call("choose", [value], WORD) or 0)
        build.give_back(0)
        agree(module, registers)


@REGISTERS
def test_a_switch_where_all_registers_are_taken(registers: int) -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    values = [build.service("get_byte", [], WORD) or 0 for _ in range(7)]
    for value in values[:3]:
        build.switch(value, {65: (yes := build.label("yes"))}, no := build.label("no"))
        build.block(yes)
        build.service("put_byte", [89])
        build.block(no)
        for other in values[3:]:
            show(build, other)
    show(build, values[2])
    build.give_back(0)
    agree(module, registers, b"ABACDEF")


@REGISTERS
def test_words_and_bytes_in_frames_and_globals(registers: int) -> None:
    module = Module()
    module.place("numbers", 3, {0: 5, 2: -(10**49)})
    build = FunctionBuilder(module, "main", [], I32)
    slot = build.slot("room", 3)
    words, numbers = build.compute("slot", WORD, symbol=slot), build.compute("global", WORD, symbol="numbers")
    index = build.service("get_byte", [], WORD) or 0
    build.poke(build.compute("add", WORD, words, build.compute("sub", WORD, index, 48)), 77)
    build.poke(words, build.compute("peek", WORD, numbers, offset=2))
    build.poke(numbers, 0, 1)
    bytes_ = build.compute("slot_bytes", WORD, symbol=slot, offset=16)
    build.store(U32, bytes_, 4_000_000_000, 4)
    show(build, build.compute("load", I32, bytes_, offset=4))
    for place in range(2):
        show(build, build.compute("peek", WORD, words, offset=place))
        show(build, build.compute("peek", WORD, numbers, offset=place))
    build.give_back(0)
    assert agree(module, registers, b"1").startswith(b"-294967296 -1" + b"0" * 49 + b" 5 77 0")


@REGISTERS
@pytest.mark.parametrize(
    ("op", "type_", "args"),
    [
        ("add", I32, (2**31 - 1, 1)),
        ("sub", U32, (3, 5)),
        ("mul", S32, (2**30, 4)),
        ("mul", WORD, (10**30, 10**30)),
        ("div", I32, (-(2**31), -1)),
        ("div", I32, (7, 0)),
        ("rem", U32, (7, 0)),
        ("shl", U32, (3, 31)),
        ("shl", U32, (3, 32)),
        ("shr", I32, (-9, 2)),
        ("shr", I32, (-9, -1)),
        ("not", U32, (5,)),
        ("neg", I32, (-(2**31),)),
        ("check", U32, (-1,)),
        ("cast", I32, (2**31,)),
    ],
)
def test_results_at_the_ends_of_types(op: str, type_: type[object], args: tuple[int, ...], registers: int) -> None:
    module = Module()
    build = FunctionBuilder(module, "main", [], I32)
    # Read back from the store, so that nothing is known beforehand.
    module.place("given", 2, dict(enumerate(args)))
    base = build.compute("global", WORD, symbol="given")
    values = [build.compute("peek", WORD, base, offset=place) for place in range(len(args))]
    show(build, build.compute(op, type_, *values))  # type: ignore[arg-type]  # one of the IR's types
    build.give_back(0)
    agree(module, registers)


@REGISTERS
def test_an_unwinding_finds_its_frame_and_its_variables(registers: int) -> None:
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
    kept = build.service("get_byte", [], WORD) or 0
    address = build.compute("global", WORD, symbol="mark")
    build.emit(Instruction("mark", args=(address,), targets=("try", "caught")))
    build.block("try")
    build.call("deep", [9], None)
    build.give_back(1)
    build.block("caught")
    show(build, kept)
    build.give_back(7)
    assert agree(module, registers, b"A") == b"65 "


@REGISTERS
def test_tail_calls_take_no_stack(registers: int) -> None:
    module = Module()
    count = FunctionBuilder(module, "count", [("n", WORD), ("total", WORD)], WORD)
    count.branch("eq", count.param(0), 0, "end", "more")
    count.block("end")
    count.give_back(count.param(1))
    count.block("more")
    total = count.compute("add", WORD, count.param(1), count.param(0))
    rest = count.compute("sub", WORD, count.param(0), 1)
    pointer = count.compute("function", WORD, symbol="count")
    count.branch("gt", rest, 1000, "direct", "through")
    count.block("direct")
    count.emit(Instruction("tail", args=(rest, total), symbol="count"))
    count.block("through")
    count.emit(Instruction("tailp", args=(pointer, rest, total)))
    build = FunctionBuilder(module, "main", [], I32)
    show(build, build.call("count", [3000, 0], WORD) or 0)
    build.give_back(0)
    assert agree(module, registers) == b"4501500 "
