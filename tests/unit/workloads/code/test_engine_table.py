"""The instruction table: unambiguous, documented, and every operation does what its row says."""

import re

import pytest

from core.workloads.code.engine.cards import Operand, column, framed, indexed, number, register
from core.workloads.code.engine.floats import to_image
from core.workloads.code.engine.interpretation import Interpreter
from core.workloads.code.engine.linking import Chain, Symbol
from core.workloads.code.engine.machine import Machine, start
from core.workloads.code.engine.table import BY_CODE, BY_NAME, OPERATIONS
from core.workloads.code.engine.traps import Trap, TrapReport
from core.workloads.code.engine.validation import verify
from core.workloads.code.engine.words import LARGEST

A, B, C, D = range(4)
HALT = ("HLT", 0, 0, number(0))
Step = tuple[str, int, int, Operand | Symbol | None]


def ran(*steps: Step | str, stdin: bytes = b"", limit: int = 1000) -> tuple[Machine, TrapReport | None]:
    """Lay cards and labels, execute them, and return the Engine as it stopped."""
    chain = Chain()
    for step in steps:
        if isinstance(step, str):
            chain.label(step)
        else:
            chain.add(step[0], r=step[1], s=step[2], x=step[3], line=7, column=3)
    program = chain.link()
    verify(program)
    machine = start(program, stdin=stdin)
    return machine, Interpreter(machine).run(limit)


def test_codes_and_names_are_unique_and_fit_two_columns() -> None:
    assert len(BY_CODE) == len(BY_NAME) == len(OPERATIONS) >= 75
    assert set(BY_CODE) == set(range(len(OPERATIONS)))


def test_every_row_says_what_it_does() -> None:
    assert [one.name for one in OPERATIONS if not re.fullmatch(r".{5,}\.", one.meaning)] == []


@pytest.mark.parametrize(
    ("op", "s", "x", "expected"),
    [
        ("ADD", 2, 3, 5),
        ("ADD", LARGEST, -LARGEST, 0),
        ("SUB", 2, 3, -1),
        ("MUL", -7, 6, -42),
        ("DIV", -7, 2, -3),
        ("DIV", 7, -2, -3),
        ("REM", -7, 2, -1),
        ("REM", 7, -2, 1),
        ("DVF", -7, 2, -4),
        ("RMF", -7, 2, 1),
        ("RMF", 7, -2, -1),
        ("SUP", 12, 3, 12000),
        ("SDN", -12999, 3, -12),
        ("AND", -1, 255, 255),
        ("OR", 12, 3, 15),
        ("XOR", 6, 3, 5),
        ("SHL", 3, 4, 48),
        ("SHR", -5, 1, -3),
        ("SHR", -5, 10_000, -1),
        ("WRS", 2**31, 32, -(2**31)),
        ("WRS", -(2**31) - 1, 32, 2**31 - 1),
        ("WRU", -1, 32, 2**32 - 1),
        ("CKS", -(2**31), 32, -(2**31)),
        ("CKU", 2**64 - 1, 64, 2**64 - 1),
    ],
)
def test_arithmetic(op: str, s: int, x: int, expected: int) -> None:
    machine, report = ran(("LD", B, 0, number(s)), (op, A, B, number(x)), HALT)
    assert report is None
    assert machine.registers[A] == expected


@pytest.mark.parametrize(
    ("op", "s", "x", "trap"),
    [
        ("ADD", LARGEST, 1, Trap.OVERFLOW),
        ("SUB", -LARGEST, 1, Trap.OVERFLOW),
        ("MUL", 10**25, 10**25, Trap.OVERFLOW),
        ("SUP", 1, 50, Trap.OVERFLOW),
        ("SUP", 1, 51, Trap.OVERFLOW),
        ("SHL", 1, 167, Trap.OVERFLOW),
        ("SHL", 1, -1, Trap.OVERFLOW),
        ("OR", -LARGEST, -1, None),
        ("CKS", 2**31, 32, Trap.OVERFLOW),
        ("CKU", -1, 32, Trap.OVERFLOW),
        ("DIV", 1, 0, Trap.DIV_ZERO),
        ("RMF", 1, 0, Trap.DIV_ZERO),
        ("DVW", 1, 0, Trap.DIV_ZERO),
        ("FAD", -1, 0, Trap.BAD_FLOAT),
    ],
)
def test_a_trap_changes_nothing_and_says_where(op: str, s: int, x: int, trap: Trap | None) -> None:
    machine, report = ran(("LD", B, 0, number(s)), ("LD", A, 0, number(5)), (op, A, B, number(x)), HALT)
    if trap is None:
        assert report is None
        return
    assert report is not None
    assert (report.trap, report.card, report.line, report.column, report.recent) == (trap, 2, 7, 3, (0, 1))
    assert (machine.registers[A], machine.steps) == (5, 2)


def test_long_products_and_dividends_are_inverse() -> None:
    machine, report = ran(
        ("LD", B, 0, number(-LARGEST)),
        ("MUW", A, B, number(LARGEST - 1)),
        ("LDU", C, 0, None),
        ("DVW", D, A, number(LARGEST - 1)),
        HALT,
    )
    assert report is None
    assert machine.registers[C] * 10**50 + machine.registers[A] == -LARGEST * (LARGEST - 1)
    assert (machine.registers[D], machine.upper) == (-LARGEST, 0)


def test_lever_mode_sets_the_lever_instead_of_trapping() -> None:
    machine, report = ran(
        ("LEV", 0, 0, number(1)),
        ("LD", B, 0, number(LARGEST)),
        ("ADD", A, B, number(2)),
        ("JRU", 0, 0, Symbol("up")),
        ("HLT", 0, 0, number(1)),
        "up",
        ("SUB", C, A, number(1)),
        ("JRU", 0, 0, Symbol("wrong")),
        ("SUB", C, A, number(2)),
        ("JRU", 0, 0, Symbol("right")),
        "wrong",
        ("HLT", 0, 0, number(2)),
        "right",
        HALT,
    )
    assert report is None
    assert (machine.exit_value, machine.registers[A], machine.registers[C]) == (0, 1, -1)


@pytest.mark.parametrize(
    ("first", "second", "holding"),
    [(1, 2, {"NE", "LT", "LE"}), (2, 2, {"EQ", "LE", "GE"}), (3, 2, {"NE", "GT", "GE"})],
)
def test_conditions(first: int, second: int, holding: set[str]) -> None:
    found = set()
    for condition in ("EQ", "NE", "LT", "LE", "GT", "GE"):
        machine, report = ran(
            ("LD", A, 0, number(first)),
            ("CMP", A, 0, number(second)),
            (f"S{condition}", B, 0, None),
            (f"J{condition}", 0, 0, Symbol("yes")),
            ("HLT", 0, 0, register(B)),
            "yes",
            ("ADD", B, B, number(10)),
            ("HLT", 0, 0, register(B)),
        )
        assert report is None
        assert machine.exit_value in {0, 11}
        if machine.exit_value:
            found.add(condition)
    assert found == holding


def test_calls_frames_and_arguments() -> None:
    """Given the calling convention, a recursive factorial computes 20!."""
    machine, report = ran(
        ("PUSH", 0, 0, number(20)),
        ("CALL", 0, 0, Symbol("fact")),
        ("ADS", 0, 0, number(1)),
        ("HLT", 0, 0, register(A)),
        "fact",
        ("ENT", 0, 0, number(1)),
        ("LD", A, 0, framed(3)),
        ("CMP", A, 0, number(1)),
        ("JLE", 0, 0, Symbol("done")),
        ("ST", A, 0, framed(0)),
        ("SUB", A, A, number(1)),
        ("PUSH", 0, 0, register(A)),
        ("CALL", 0, 0, Symbol("fact")),
        ("ADS", 0, 0, number(1)),
        ("MUL", A, A, framed(0)),
        "done",
        ("LVE", 0, 0, number(1)),
        ("RET", 0, 0, None),
    )
    assert report is None
    assert machine.exit_value == 2432902008176640000
    assert (machine.stack, machine.frame) == (2000, 2000)
    assert machine.seconds == machine.steps + 19 * 59


@pytest.mark.parametrize(
    ("steps", "trap"),
    [
        ([("LD", B, 0, number(2000)), ("LD", A, 0, indexed(B)), HALT], Trap.STORE_BOUNDS),
        ([("LD", B, 0, number(-1)), ("ST", A, 0, indexed(B)), HALT], Trap.STORE_BOUNDS),
        ([("POP", A, 0, None), HALT], Trap.STORE_BOUNDS),
        (["again", ("PUSH", 0, 0, number(1)), ("JMP", 0, 0, Symbol("again"))], Trap.STEP_LIMIT),
        ([("FLR", 0, 0, number(1990)), HALT], Trap.HEAP),
        ([("TRP", 0, 0, number(1)), HALT], Trap.HEAP),
        ([("TRP", 0, 0, number(2)), HALT], Trap.RAISED),
        ([("JMP", 0, 0, register(A)), HALT], Trap.STEP_LIMIT),
        ([("LD", A, 0, number(9)), ("CALL", 0, 0, register(A)), HALT], Trap.BAD_JUMP),
        ([("NOP", 0, 0, None)], Trap.CHAIN_END),
        ([("RDN", A, 0, None), HALT], Trap.INPUT_EXHAUSTED),
        ([("PRC", 0, 0, number(0xD800)), HALT], Trap.BAD_CHARACTER),
        ([("PRB", 0, 0, number(256)), HALT], Trap.BAD_CHARACTER),
    ],
)
def test_traps(steps: list[Step | str], trap: Trap) -> None:
    _, report = ran(*steps)
    assert report is not None
    assert report.trap is trap


def test_stack_meets_its_floor() -> None:
    machine, report = ran("again", ("PUSH", 0, 0, number(1)), ("JMP", 0, 0, Symbol("again")), limit=10_000)
    assert report is not None
    assert (report.trap, machine.stack, machine.floor) == (Trap.STACK, 16, 16)


@pytest.mark.parametrize(("limit", "halts"), [(3, True), (2, False)])
def test_step_limit_is_exact(limit: int, halts: bool) -> None:  # noqa: FBT001 - a parameter of the table
    machine, report = ran(("NOP", 0, 0, None), ("NOP", 0, 0, None), HALT, limit=limit)
    assert (report is None) is halts
    assert machine.steps == limit


def test_what_is_read_and_printed() -> None:
    machine, report = ran(
        ("RDN", A, 0, None),
        ("PRN", 0, 0, register(A)),
        ("RDC", A, 0, None),
        ("RDC", A, 0, None),
        ("PRC", 0, 0, register(A)),
        ("SEL", 0, 0, number(1)),
        ("RDB", A, 0, None),
        ("PRB", 0, 0, register(A)),
        ("RDB", A, 0, None),
        ("HLT", 0, 0, register(A)),
        stdin="  -0042 éx".encode(),
    )
    assert report is None
    assert (bytes(machine.printer.rolls[0]).decode(), bytes(machine.printer.rolls[1])) == ("-42é", b"x")
    assert machine.exit_value == -1


def test_output_stops_at_its_last_byte() -> None:
    chain = Chain()
    for _ in range(4):
        chain.add("PRN", x=number(12))
    machine = start(chain.link(), output_bytes=5)
    report = Interpreter(machine).run(100)
    assert report is not None
    assert (report.trap, bytes(machine.printer.rolls[0]), report.card) == (Trap.OUTPUT_LIMIT, b"12121", 2)


def floated(value: float) -> Operand:
    return number(to_image(value))


@pytest.mark.parametrize(
    ("value", "digits", "exponent"), [(0.1, 1, -1), (1e22, 1, 22), (123.456, 123456, -3), (-2.5, -25, -1), (0.0, 0, 0)]
)
def test_shortest_digits(value: float, digits: int, exponent: int) -> None:
    machine, report = ran(("FSH", A, 0, floated(value)), HALT)
    assert report is None
    assert (machine.registers[A], machine.upper) == (digits, exponent)


@pytest.mark.parametrize(("value", "places", "expected"), [(2.675, 2, 267), (0.5, 0, 0), (1.5, 0, 2), (1e20, -18, 100)])
def test_decimal_digits_are_rounded_exactly(value: float, places: int, expected: int) -> None:
    machine, report = ran(("LD", B, 0, floated(value)), ("FDX", A, B, number(places)), HALT)
    assert report is None
    assert machine.registers[A] == expected


def test_column_operand_reads_and_writes_the_store() -> None:
    machine, report = ran(
        ("LD", A, 0, number(6)),
        ("ST", A, 0, column(100)),
        ("MUL", B, A, column(100)),
        ("LDZ", C, 0, column(100)),
        ("LEA", D, 0, indexed(A, 10)),
        HALT,
    )
    assert report is None
    assert (machine.registers, machine.store[100]) == ([6, 36, 6, 16], 0)
