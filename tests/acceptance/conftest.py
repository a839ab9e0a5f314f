"""Whole platforms: one shared by gentle tests, a fresh one for those that do harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platforms import START_WITHIN_S, Platform, running_platform


@pytest.fixture(scope="session")
def harmed_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform for the tests that kill its processes, one after the other; each lets it recover; short leases."""
    with running_platform(tmp_path_factory.mktemp("harmed") / "data", PENSTOCK_LEASE_S="8") as platform:
        yield platform


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow for a platform's start where a test names no time; keep those that do harm to one in one process."""
    for item in items:
        if "harmed_platform" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("harmed platform"))
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(START_WITHIN_S + 120))
