"""Watching: each new window of a domain is looked at for drift, in the transaction that stores it."""

import json
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.platform.domains import drift
from core.platform.domains.models import DomainStanding
from core.platform.domains.windows import NewWindow


def watch(
    session: Session, tenant_id: UUID, fresh: Sequence[tuple[UUID, NewWindow]]
) -> list[tuple[UUID, dict[str, Any]]]:
    """Take new windows into their domains' watches, in order, and return what is to be told of whom.

    That is index, variables and score. The standings' rows are locked meanwhile, in the order of their ids, so that two
    jobs that store at once both count.
    """
    watched = sorted(((home, one) for home, one in fresh if one.summary), key=lambda pair: (pair[0], pair[1].index))
    theirs = DomainStanding.domain_id.in_({home for home, _ in watched}) & (DomainStanding.tenant_id == tenant_id)
    query = select(DomainStanding.domain_id, DomainStanding.drift).where(theirs).order_by(DomainStanding.domain_id)
    states = {row.domain_id: row.drift for row in session.execute(query.with_for_update())}
    alarms = []
    for home, pairs in groupby(watched, key=itemgetter(0)):
        mine = [window for _, window in pairs]
        states[home], found = drift.observe_all(states[home], [window.summary for window in mine])
        for window, drifted in zip(mine, found, strict=True):
            if drifted:
                told = {"variables": sorted(drifted), "score": max(drifted.values())}
                alarms.append((home, {"index": window.index, **told}))
    if states:
        session.execute(_KEEP, {"homes": list(states), "states": json.dumps(list(states.values()))})
    return alarms


_KEEP = text(
    """
UPDATE domain_standings SET drift = states.value
FROM unnest(CAST(:homes AS uuid[])) WITH ORDINALITY AS homes (id, place)
JOIN jsonb_array_elements(CAST(:states AS jsonb)) WITH ORDINALITY AS states (value, place) USING (place)
WHERE domain_id = homes.id
"""
)
