from collections.abc import Callable
from uuid import UUID

import pytest

from core.jobs.context import JobContext, MemoryRecorder

Attempt = Callable[..., JobContext]


@pytest.fixture(scope="session")
def attempt() -> Attempt:
    def make(recorder: MemoryRecorder | None = None) -> JobContext:
        return JobContext(UUID(int=1), 1, 1, recorder or MemoryRecorder())

    return make
