"""What a debugger is given: a window of the run that can be stepped through forward and back, begun where asked."""

from pathlib import Path
from typing import Any

import pytest

from core.workloads.code.engine import machine, tracing
from core.workloads.code.engine.interpretation import Interpreter, held
from core.workloads.code.engine.machine import Machine
from core.workloads.code.engine.tracing import Window
from core.workloads.code.frontends.c.front_end import FRONT_END

PROGRAMS = sorted((Path(__file__).parent / "frontends/c/programs").glob("*/*.c"))[::23]
LOOP = """int total;
int twice(int n) {
    return 2 * n;
}
int main(void) {
    char text[8] = "abcdef";
    for (int i = 0; i < 5; i++) {
        text[i] += 1;
        total += twice(i) + text[i];
    }
    return total & 127;
}
"""
LIMIT = 20_000


def begun(source: str, stdin: bytes = b"") -> Machine:
    program = FRONT_END.translate(source).program
    assert program is not None
    return machine.start(program, stdin=stdin)


def store(engine: Machine) -> dict[int, str]:
    return {address: str(word) for address, word in enumerate(engine.store) if word}


def stepped(columns: dict[int, str], changes: list[Any], *, back: bool = False) -> None:
    for address, before, after in changes:
        assert columns.get(address, "0") == (after if back else before)
        columns[address] = before if back else after
        if columns[address] == "0":
            del columns[address]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_window_is_stepped_through_forward_and_back(path: Path) -> None:
    given = path.with_suffix(".in")
    stdin = given.read_bytes() if given.exists() else b""
    found = tracing.trace(begun(path.read_text(), stdin), Window(steps=1500, from_step=40), LIMIT)
    engine = begun(path.read_text(), stdin)
    interpreter = Interpreter(engine)
    interpreter.run(40)
    columns = {int(address): word for address, word in found["columns"].items()}
    first = dict(columns)
    assert columns == store(engine)
    for card in found["cards"]:
        assert (card["card"], card["line"]) == (engine.card, engine.program.cards[engine.card].line)
        assert interpreter.step() is None
        stepped(columns, card["columns"])
        assert card["registers"] == {name: str(number) for name, number in held(engine).items()}
    assert columns == store(engine)
    for card in reversed(found["cards"]):
        stepped(columns, card["columns"], back=True)
    assert columns == first


def test_a_window_begins_where_it_should_and_has_as_many_cards() -> None:
    whole = tracing.trace(begun(LOOP), Window(), LIMIT)
    part = tracing.trace(begun(LOOP), Window(steps=7, from_step=11), LIMIT)
    assert part["from_step"] == 11
    assert part["cards"] == whole["cards"][11:18]
    assert part["before"] == whole["cards"][10]["registers"]


def test_a_breakpoint_is_where_the_line_is_next() -> None:
    found = tracing.trace(begun(LOOP), Window(break_lines=[2, 8], steps=3), LIMIT)
    assert found["broke_at"] == 8
    assert [card["line"] for card in found["cards"]] == [8, 8, 8]


def test_a_breakpoint_after_a_step_finds_the_next_time() -> None:
    first = tracing.trace(begun(LOOP), Window(break_lines=[9], steps=1), LIMIT)
    second = tracing.trace(begun(LOOP), Window(break_lines=[8], from_step=first["from_step"] + 1, steps=1), LIMIT)
    assert second["broke_at"] == 8
    assert second["from_step"] > first["from_step"]


def test_a_line_that_never_comes_leaves_an_empty_window_at_the_end() -> None:
    found = tracing.trace(begun(LOOP), Window(break_lines=[99]), LIMIT)
    assert (found["broke_at"], found["cards"]) == (None, [])


def test_a_window_stops_before_a_trap() -> None:
    found = tracing.trace(begun("int zero;\nint main(void) {\n    return 5 / zero;\n}\n"), Window(), LIMIT)
    assert found["cards"][-1]["line"] == 3
    assert not found["cards"][-1]["text"].startswith("DIV")
