"""The IR as text, and what the verifier refuses."""

from collections.abc import Callable

import pytest

from core.workloads.code.ir.builder import FunctionBuilder
from core.workloads.code.ir.instructions import Instruction, Register
from core.workloads.code.ir.module import Block, Module
from core.workloads.code.ir.printer import print_module
from core.workloads.code.ir.types import F64, I32, float_image
from core.workloads.code.ir.verifier import verify
from tests.unit.workloads.code.ir.programs import triangle


def test_a_module_is_shown_as_it_stands() -> None:
    assert print_module(triangle(3)) == (
        "function triangle(%0.n: i32) -> i32\n"
        "entry:\n"
        "    %1.total = copy i32 0\n"
        "    jump -> test\n"
        "test:\n"
        "    branch gt %0.n, 0 -> body, end\n"
        "body:\n"
        "    %2 = add i32 %1.total, %0.n\n"
        "    %1.total = copy i32 %2\n"
        "    %3 = sub i32 %0.n, 1\n"
        "    %0.n = copy i32 %3\n"
        "    jump -> test\n"
        "end:\n"
        "    return %1.total\n"
        "\n"
        "function main() -> i32\n"
        "entry:\n"
        "    %0 = call i32 @triangle 3\n"
        "    service @put_number %0\n"
        "    service @put_byte 10\n"
        "    %1 = rem word %0, 10\n"
        "    return %1\n"
    )


def test_floats_globals_and_switches_can_be_read() -> None:
    module = Module()
    module.place("numbers", 3, {0: 7, 2: -1})
    build = FunctionBuilder(module, "main", [], I32)
    build.slot("room", 4)
    half = build.compute("fmul", F64, float_image(0.5), float_image(1e300))
    build.store(F64, build.compute("slot_bytes", I32, symbol="room"), half, offset=8)
    build.switch(build.compute("fti", I32, half), {1: "one", 5: "one"}, "other")
    build.block("one")
    build.give_back(1)
    build.block("other")
    build.trap("raised", "no such case")
    assert print_module(module) == (
        "global numbers: 3 = {0: 7, 2: -1}\n"
        "function main() -> i32\n"
        "  slot room: 4\n"
        "entry:\n"
        "    %0 = fmul f64 0.5f, 1e+300f\n"
        "    %1 = slot_bytes i32 @room\n"
        "    store f64 %1, %0 +8\n"
        "    %2 = fti i32 %0\n"
        "    switch %2 [1:one 5:one] else other\n"
        "one:\n"
        "    return 1\n"
        "other:\n"
        '    trap @raised "no such case"\n'
    )


def append(instruction: Instruction) -> Callable[[Module], None]:
    return lambda module: module.functions["main"].entry.instructions.insert(0, instruction)


def forget_the_end(module: Module) -> None:
    module.functions["main"].entry.instructions.pop()


def add_an_empty_block(module: Module) -> None:
    module.functions["main"].blocks["empty"] = Block("empty")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (forget_the_end, "does not end"),
        (add_an_empty_block, "does not end"),
        (append(Instruction("jump", targets=("nowhere",))), "there is no block nowhere"),
        (append(Instruction("return", args=(1,))), "goes on after its end"),
        (append(Instruction("call", symbol="nobody")), "there is no function nobody"),
        (append(Instruction("call", symbol="triangle")), "takes 1 arguments, gets 0"),
        (append(Instruction("service", symbol="put_byte")), "takes 1 arguments"),
        (append(Instruction("service", symbol="dance")), "no service dance"),
        (append(Instruction("slot", dest=Register(77), symbol="room")), "nothing is called 'room'"),
        (append(Instruction("add", dest=Register(77), args=(1,))), "takes 2 arguments, has 1"),
        (append(Instruction("add", args=(1, 2))), "goes nowhere"),
        (append(Instruction("copy", dest=Register(0), args=(1,))), "two registers have the number 0"),
        (append(Instruction("copy", dest=Register(77), args=(10**50,))), "is no word"),
    ],
)
def test_the_verifier_sees_damage(damage: Callable[[Module], None], problem: str) -> None:
    module = triangle(3)
    assert verify(module) == []
    damage(module)
    assert any(problem in one for one in verify(module)), verify(module)
