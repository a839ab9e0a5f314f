"""The schedules: made before the storm, fired while it rages, paused when it is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx2

from chaos.site import Site
from tests.waiting import eventually

SCHEDULED = "of a schedule"
RULES = (
    {"every_s": 1, "missed": "all"},
    {"every_s": 2, "missed": "once"},
    {"every_s": 3, "missed": "all", "overlap": "skip"},
    {"every_s": 5, "missed": "all", "jitter_s": 2},
)


@contextmanager
def firing(site: Site) -> Iterator[None]:
    """Have schedules fire for as long as the block lasts."""
    http, job = site.rig.http, {"kind": "platform.echo", "params": {}, "tags": [SCHEDULED]}
    made = [http.post("/schedules", json={**job, **rule}).raise_for_status().json()["id"] for rule in RULES]
    try:
        yield
    finally:
        for schedule_id in made:
            eventually(partial(_paused, http, schedule_id))


def _paused(http: httpx2.Client, schedule_id: str) -> bool:
    try:
        return http.patch(f"/schedules/{schedule_id}", json={"paused": True}).is_success
    except httpx2.HTTPError:
        return False
