"""Domains made below the surface, and computations run against them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import insert

from core.catalogue import Catalogue
from core.database import Database
from core.ids import uuid7
from core.jobs.execution import Compute, Station, execute
from core.jobs.outcomes import Outcome
from core.platform.access import Principal
from core.platform.domains import frames
from core.platform.domains.models import Domain
from core.platform.domains.windows import NewWindow

BEGAN = datetime(2026, 11, 26, tzinfo=UTC)


def made(index: int, rows: int = 4, **options: Any) -> NewWindow:
    """A window whose values are its index."""
    content = frames.encode(["a", "b"], np.full((2, rows), index + 0.123456789), {})
    return NewWindow(index, "synthetic", rows, BEGAN, len(content), content, **options)


@pytest.fixture
def add_domain(database: Database, admin: Principal) -> Callable[..., str]:
    """Make a domain of two variables; its id."""

    def add(name: str = "pair", **options: Any) -> str:
        domain_id = uuid7()
        given = {"variables": ["a", "b"], "window_size": 4, "seed": 1, **options}
        with database.transaction() as session:
            session.execute(insert(Domain).values(id=domain_id, tenant_id=admin.tenant_id, name=name, **given))
        return str(domain_id)

    return add


@pytest.fixture
def compute_job(station: Station, catalogue: Catalogue, submit_job: Callable[..., UUID]) -> Callable[..., Outcome]:
    """Run a computation as a job, and return its outcome."""

    def run(compute: Compute, params: dict[str, Any] | None = None) -> Outcome:
        job_id = submit_job("platform.echo", params or {}, max_attempts=1)
        outcome = execute(station, catalogue.find("platform.echo"), compute, job_id)
        assert outcome is not None
        return outcome

    return run
