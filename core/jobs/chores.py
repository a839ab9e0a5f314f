"""Chores that run once however many tickers there are."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.jobs.models import Chore

BEAT = "beat"
"""The chore that Beat alone does: nothing but being seen."""


def take_turn(session: Session, name: str, *, every_s: float) -> bool:
    """Tell whether a chore is due, and mark it as run now; of many who ask, one is told yes."""
    interval = func.make_interval(0, 0, 0, 0, 0, 0, every_s)
    taken = session.execute(
        insert(Chore)
        .values(name=name, last_run_at=func.now())
        .on_conflict_do_update(
            index_elements=[Chore.name],
            set_={"last_run_at": func.now()},
            where=Chore.last_run_at <= func.now() - interval,
        )
        .returning(Chore.name)
    ).one_or_none()
    return taken is not None
