"""This file is about statements over everybody: the memory that they take, and no loop within a loop."""

from sqlalchemy import text
from sqlalchemy.orm import Session

WORK_MEMORY = "64MB"
"""For one hash or sort: a million profiles stay in memory then."""


def give_room(session: Session) -> None:
    """Have the statements that follow hash and sort a million people in memory.

    No loop within a loop is planned, as it would be for tables whose statistics are older than a large import.
    """
    session.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
    session.execute(text("SET LOCAL enable_nestloop = off"))
