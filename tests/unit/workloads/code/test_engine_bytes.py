"""The byte unit: values of 1, 2, 4 and 8 bytes lie in columns as in the memory of a little-endian machine."""

import struct

import pytest

from core.workloads.code.engine.cards import Operand, column, framed, number
from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.engine.linking import Chain
from core.workloads.code.engine.machine import Machine, start
from core.workloads.code.engine.traps import Trap, TrapReport
from core.workloads.code.engine.validation import verify

A, B = range(2)
BASE = 100
FORMATS = {1: "bB", 2: "hH", 4: "iI", 8: "qQ"}
Step = tuple[str, int, int, Operand | None]


def ran(*steps: Step) -> tuple[Machine, TrapReport | None]:
    chain = Chain()
    for op, r, s, x in (*steps, ("HLT", 0, 0, number(0))):
        chain.add(op, r=r, s=s, x=x)
    program = chain.link()
    verify(program)
    machine = start(program)
    return machine, Interpreter(machine).run(100)


def put(size: int, address: int, value: int) -> tuple[Step, ...]:
    return ("LD", A, 0, number(value)), ("LD", B, 0, number(8 * BASE)), (f"PB{size}", A, B, number(address))


@pytest.mark.parametrize("size", FORMATS)
@pytest.mark.parametrize("value", [0, 1, -1, 127, 128, -128, 0x0123456789ABCDEF, -(2**63), 2**64 - 1])
def test_what_is_put_is_got_as_python_packs_it(size: int, value: int) -> None:
    memory = bytearray(range(1, 17))
    words = [int.from_bytes(memory[at : at + 8], "little", signed=True) for at in (0, 8)]
    prepared = [step for at, word in enumerate(words) for step in put(8, 8 * at, word)]
    for address in range(0, 16, size):
        memory[address : address + size] = (value % 2 ** (8 * size)).to_bytes(size, "little")
        prepared += put(size, address, value)
        for op, letter in zip(("GB", "GU"), FORMATS[size], strict=True):
            machine, report = ran(*prepared, (f"{op}{size}", A, B, number(address)))
            assert report is None
            assert machine.registers[A] == struct.unpack_from(f"<{letter}", memory, address)[0]
        assert struct.pack("<qq", *machine.store[BASE : BASE + 2]) == bytes(memory)


@pytest.mark.parametrize(
    ("op", "address", "message"),
    [
        ("GB1", 127, "null pointer"),
        ("PB8", 0, "null pointer"),
        ("GU1", 16_000, "no byte 16000"),
        ("GU1", -1, "no byte -1"),
        ("GB2", 801, "no value of 2 bytes"),
        ("PB4", 802, "no value of 4 bytes"),
        ("GU8", 804, "no value of 8 bytes"),
    ],
)
def test_where_nothing_lies(op: str, address: int, message: str) -> None:
    _, report = ran(("LD", B, 0, number(address)), (op, A, B, number(0)))
    assert report is not None
    assert report.trap is Trap.STORE_BOUNDS
    assert message in report.message


@pytest.mark.parametrize(("op", "address"), [("GB1", 128), ("GU1", 15_999), ("PB8", 15_992)])
def test_where_something_lies_just_within(op: str, address: int) -> None:
    assert ran(("LD", B, 0, number(address)), (op, A, B, number(0)))[1] is None


def test_the_byte_address_of_a_column() -> None:
    machine, _ = ran(("ENT", 0, 0, number(3)), ("LEB", A, 0, framed(2)), ("LEB", B, 0, column(17)))
    assert machine.registers[:2] == [8 * (machine.frame + 2), 136]
