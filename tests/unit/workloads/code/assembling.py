"""Shared by the tests of the code workload: programs that are drawn, assembled, run."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.code import kinds, running
from core.workloads.code.engine.cards import MEMORY, SMALL, Card, Mode, Program
from core.workloads.code.engine.table import OPERATIONS
from core.workloads.code.engine.validation import RANGES, allowed_modes
from core.workloads.code.engine.words import LARGEST, STORE_WORDS
from core.workloads.code.frontends.assembly.front_end import FRONT_END
from core.workloads.code.frontends.base import Translation

CONTEXT = JobContext(UUID(int=1), 1, 1, MemoryRecorder())


def assemble(source: str) -> Program:
    """Assemble what is known to be right."""
    translated = FRONT_END.translate(source)
    assert translated.diagnostics == ()
    assert translated.program is not None
    return translated.program


def faults(source: str) -> list[tuple[str, int, int]]:
    """Assemble what is known to be wrong, and tell phase, line and column of each diagnostic."""
    translated: Translation = FRONT_END.translate(source)
    assert translated.program is None
    return [(one.phase.value, one.line, one.column) for one in translated.diagnostics]


def job(source: str, **params: Any) -> dict[str, Any]:
    """Run a program as `code.run` does."""
    return running.compute(kinds.RUN.params().load({"language": "assembly", "source": source, **params}), CONTEXT)


@st.composite
def cards(draw: st.DrawFn, count: int) -> Card:
    """Draw any card that can be read, in a chain of so many."""
    operation = draw(st.sampled_from(OPERATIONS))
    fields = operation.form.split()
    registers = st.integers(0, 3)
    r = draw(registers) if "r" in fields else 0
    s = draw(registers) if "s" in fields else 0
    mode = draw(st.sampled_from(sorted(allowed_modes(operation.form))))
    return Card(operation.name, r, s, mode, draw(_values(operation.name, mode, count, jumps=operation.jumps)))


def _values(name: str, mode: Mode, count: int, *, jumps: bool) -> st.SearchStrategy[int]:
    if mode is Mode.NONE:
        return st.just(0)
    if mode is Mode.SMALL:
        lowest, highest = (0, count - 1) if jumps else RANGES.get(name, (1 - SMALL, SMALL - 1))
        return st.integers(lowest, highest) | st.integers(max(lowest, -3), min(highest, 40))
    if mode is Mode.NUMBER:
        signs = st.sampled_from([1, -1])
        magnitudes = st.integers(SMALL, LARGEST) | st.sampled_from(
            [SMALL, 2**31, 2**63, 2**64 - 1, LARGEST, LARGEST - 1]
        )
        return st.builds(lambda sign, magnitude: sign * magnitude, signs, magnitudes)
    if mode is Mode.REGISTER:
        return st.integers(0, 3)
    if mode is Mode.STORE:
        return st.integers(0, STORE_WORDS - 1) | st.integers(16, 24)
    assert mode in MEMORY
    return st.integers(0, 20) if mode is Mode.FRAME else st.integers(-20, 40)


@st.composite
def programs(draw: st.DrawFn, longest: int = 30) -> Program:
    """Draw any program that can be hung."""
    count = draw(st.integers(1, longest))
    chain = tuple(draw(cards(count)) for _ in range(count))
    words = draw(st.dictionaries(st.integers(0, 60), st.integers(-LARGEST, LARGEST).filter(bool), max_size=6))
    messages = draw(st.dictionaries(st.integers(0, 9), st.text(max_size=8), max_size=2))
    return Program(chain, words, draw(st.integers(16, 100)), messages=messages)
