"""Jobs of kinds that were taken away: no worker will ever take them, so they fail instead of being queued for ever."""

from collections.abc import Collection

from sqlalchemy import ARRAY, Text, all_, bindparam, func
from sqlalchemy.dialects.postgresql import JSONB

from core.database import Database
from core.jobs import states
from core.jobs.chores import take_turn
from core.jobs.lifecycle import prepare, transition
from core.jobs.models import Job
from core.jobs.states import Move, State

EVERY_S = 60.0
GRACE_S = 900.0
"""How long such a job stays queued: in a rolling deployment, the process that looks may be the one behind."""
CODE = "kind_unknown"


def fail_unknown(database: Database, known: Collection[str], *, every_s: float = EVERY_S) -> int:
    """Fail the queued jobs whose kind the catalogue lacks, if it is time to look; return how many."""
    with database.transaction() as session:
        if not take_turn(session, "fail_unknown", every_s=every_s):
            return 0
        return len(transition(session, _FAIL, data={"code": CODE}, known_kinds=list(known)))


_ERROR = func.jsonb_build_object(
    "code",
    CODE,
    "message",
    func.concat("there is no kind ", Job.kind, " any more"),
    "retryable",
    False,
    "attempt",
    Job.attempt,
    "traceback",
    None,
    type_=JSONB,
)
_LONG_QUEUED = Job.queued_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, GRACE_S)
_FAIL = prepare(
    Move(states.FAIL.event, frozenset({State.QUEUED}), states.FAIL.target),
    where=_LONG_QUEUED & (Job.kind != all_(bindparam("known_kinds", type_=ARRAY(Text)))),
    values={"error": _ERROR},
)
