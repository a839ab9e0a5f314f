"""The mixture: jobs one by one and in families, as clients submit them, and how each may end."""

import random
from collections.abc import Callable
from functools import partial

from chaos.families import ENDS as FAMILY_ENDS
from chaos.families import FAMILIES
from chaos.given import Given
from chaos.schedules import SCHEDULED
from chaos.sorts import SORTS

ENDS: dict[str, frozenset[str]] = {
    **{name: sort.ends for name, sort in SORTS.items()},
    **FAMILY_ENDS,
    SCHEDULED: frozenset({"succeeded"}),
}
"""The ends that are right for each sort of job, each as `state` or `state code`."""


def next_given(rng: random.Random) -> Given:
    """Draw the next submission."""
    requests: dict[Callable[[random.Random], Given], float] = {
        **{partial(_single, name): sort.share for name, sort in SORTS.items()},
        **{family.request: family.share for family in FAMILIES},
    }
    (request,) = rng.choices(list(requests), list(requests.values()))
    return request(rng)


def _single(name: str, rng: random.Random) -> Given:
    sort = SORTS[name]
    body = {**sort.request(rng), "tags": [name]}
    return Given("/jobs", body, cancel_after_s=sort.cancel_after_s, follows=sort.follows)
