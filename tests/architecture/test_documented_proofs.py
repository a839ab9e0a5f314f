"""The tests that the documentation of security names are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_is_named_exists() -> None:
    names = set(re.findall(r"`((?:tests/[\w/]+|test_\w+)(?:\.py)?)`", (ROOT / "docs" / "security.md").read_text()))
    assert len(names) > 15
    missing = {
        name for name in names if not ((ROOT / name).exists() if "/" in name else list((ROOT / "tests").rglob(name)))
    }
    assert missing == set()
