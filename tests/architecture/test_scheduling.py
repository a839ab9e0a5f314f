"""Tests that share something dear run in one process; those that last run each for itself."""

from typing import Any

import pytest

from tests.scheduling import Units


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/unit/test_ids.py::test_it[a@b]", "tests/unit/test_ids.py"),
        ("tests/integration/web/test_edges.py::test_it", "tests/integration/web/test_edges.py"),
        ("tests/acceptance/test_demo.py::test_it[a@b]", "tests/acceptance/test_demo.py::test_it[a@b]"),
        ("tests/acceptance/test_flower.py::test_it[a]@shared platform", "shared platform"),
        ("tests/integration/test_telemetry.py::test_it@shared platform", "shared platform"),
    ],
)
def test_what_runs_together(nodeid: str, unit: str) -> None:
    units: Any = object.__new__(Units)
    assert units._split_scope(nodeid) == unit
