"""The tests that the documentation of security and trust names are there, and every item has one."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests/[\w/]+|test_\w+)(?:\.py)?)`")


@pytest.mark.parametrize(("document", "most"), [("security.md", 45), ("trust.md", 2)])
def test_every_test_that_is_named_exists(document: str, most: int) -> None:
    names = set(NAMED.findall((ROOT / "docs" / document).read_text()))
    assert len(names) > most
    assert {name for name in names if not _found(name)} == set()


def test_every_item_of_the_list_has_a_proof_or_says_that_it_is_not_done() -> None:
    rows = [line for line in (ROOT / "docs" / "security.md").read_text().splitlines() if re.match(r"\| \d+\.\d", line)]
    assert len(rows) > 60
    unproven = [row for row in rows if not re.search(r"`(tests?[/_]|\./penstock check)|the same", row.split("|")[4])]
    assert [row for row in unproven if "**not done**" not in row] == []


def _found(name: str) -> list[Path]:
    """Find what a name may mean: a path from the root, or a file anywhere among the tests."""
    return [ROOT / name] if "/" in name and (ROOT / name).exists() else [*(ROOT / "tests").rglob(name)]
