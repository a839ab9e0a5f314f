"""Labelled windows through the whole database path: events taken in, platforms asked, signals collected, day by day.

One tenant lives through all of them, so that faulty days are among the earlier ones that vouch for a day.
"""

import random
from uuid import UUID

from core.database import Database
from core.workloads.customers.operations import signals
from customers_trust.windows import FAULTS, Labelled
from tests.integration.customers.outages import OUTAGES
from tests.integration.customers.watched import PLATFORMS, Watched

VISITS = 400.0
"""A day and account: half of them buy, so that two measurements can be compared."""


def kept_windows(database: Database, tenant_id: UUID, count: int, seed: int) -> list[Labelled]:
    """Have two quiet weeks pass, then days of which half have a fault in one account, in an order of chance."""
    rng, world = random.Random(seed), Watched(tenant_id, database.within(tenant_id).transaction, visits=VISITS)
    world.fill_history()
    names = list(FAULTS)
    labels = [*[None] * (count // 2), *(names[n % len(names)] for n in range(count - count // 2))]
    rng.shuffle(labels)
    return [_passed(world, rng, label) for label in labels]


def _passed(world: Watched, rng: random.Random, label: str | None) -> Labelled:
    struck = rng.choice(PLATFORMS)
    if label is None:
        world.send()
    else:
        strike, _reason = rng.choice(OUTAGES[label])
        strike(world, struck)
    world.pass_day()
    world.give(struck, world.settings(struck))
    with world.transact() as session:
        return Labelled(label, signals.gather(session, world.tenant_id, world.day))
