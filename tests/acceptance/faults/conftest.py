"""The platform that these tests break, and that each of them leaves whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.faults.rig import Rig, running_rig

BUSY = 6.0


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A platform of web, relay, worker and Beat with short leases, shared by all tests that let it recover."""
    with running_rig(tmp_path_factory.mktemp("rig")) as started:
        yield started


@pytest.fixture(params=[BUSY, pytest.param(1.0, marks=pytest.mark.deep)], ids=["busy", "exact"])
def slack(request: pytest.FixtureRequest) -> float:
    """By what factor a busy machine may exceed the contract's figures; deep tests hold them as they are."""
    return float(request.param)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share a platform in one process, and allow for its start and its recoveries."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(400))
            if "rig" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group("broken platform"))
