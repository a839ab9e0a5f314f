"""The tests that the documentation of security and trust names are there, and every item has one."""

import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests/[\w/]+|test_\w+)(?:\.py)?)`")


@pytest.mark.parametrize(("document", "most"), [("security.md", 45), ("trust.md", 2), ("failure-modes.md", 25)])
def test_every_test_that_is_named_exists(document: str, most: int) -> None:
    names = set(NAMED.findall((ROOT / "docs" / document).read_text()))
    assert len(names) > most
    assert {name for name in names if not _found(name)} == set()


def test_every_item_of_the_list_has_a_proof_or_says_that_it_is_not_done() -> None:
    rows = [line for line in (ROOT / "docs" / "security.md").read_text().splitlines() if re.match(r"\| \d+\.\d", line)]
    assert len(rows) > 60
    unproven = [row for row in rows if not re.search(r"`(tests?[/_]|\./penstock check)|the same", row.split("|")[4])]
    assert [row for row in unproven if "**not done**" not in row] == []


def test_every_failure_mode_says_how_it_is_seen_what_is_done_and_which_test_injects_it() -> None:
    text = (ROOT / "docs" / "failure-modes.md").read_text()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]
    modes = [row for row in rows if row[0] not in {"failure", "---"}]
    assert len(modes) >= 30
    assert [row for row in modes if len(row) != 6 or not all(row) or not NAMED.fullmatch(row[3])] == []


@functools.cache
def _functions() -> frozenset[str]:
    """Return the names of all test functions."""
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE))


def _found(name: str) -> bool:
    """Tell whether a name is a path from the root, a file anywhere among the tests, or a test."""
    if "/" in name:
        return (ROOT / name).exists()
    return name in _functions() or any((ROOT / "tests").rglob(name))
