"""The Engine's manual says what the code does: its tables are the code's, its example runs, its figures hold."""

import re
import textwrap
from pathlib import Path

import pytest

from core.workloads.code.engine import manual
from core.workloads.code.engine.punching import COLUMNS, NUMBER_COLUMNS
from core.workloads.code.engine.words import DIGITS, MAX_CARDS, STORE_WORDS
from tests.unit.workloads.code.assembling import job

MANUAL = (Path(__file__).parents[4] / "docs" / "engine.md").read_text()


@pytest.mark.parametrize("name", list(manual.tables()))
def test_its_tables_are_those_of_the_code(name: str) -> None:
    assert manual.tables()[name] in MANUAL


def test_its_example_runs() -> None:
    (example,) = re.findall(
        r"(?:^    .*\n)+", MANUAL.partition("## Assembly")[2].partition("A line is")[0], re.MULTILINE
    )
    result = job(textwrap.dedent(example))
    assert (result["verdict"], result["stdout"]) == ("ok", "100000000000000000104")


def test_its_measures_are_those_of_the_code() -> None:
    assert f"a sign and {DIGITS} decimal digits" in MANUAL
    assert f"{STORE_WORDS:,} columns of a word each" in MANUAL
    assert f"at most {MAX_CARDS:,} cards" in MANUAL
    assert (
        f"An operation card has {COLUMNS} digit columns, a number card that hangs at it {NUMBER_COLUMNS} more" in MANUAL
    )
