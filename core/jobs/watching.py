"""Watching: each minute the figures of all alert rules are read, and alerts raised and resolved by what they say."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from core.clock import database_now
from core.database import Database
from core.jobs.chores import take_turn
from core.jobs.measures import Figure, Subject, measure
from core.platform.alerts.hysteresis import RuleState, Threshold, step
from core.platform.alerts.raising import raise_alert, resolve_alert
from core.platform.alerts.rule_models import AlertRule
from core.platform.alerts.rules import ensure_built_in, key_of, source_of
from core.platform.tenants import LOCAL_TENANT, ensure_tenant

EVERY_S = 50.0
"""A little less than Beat's minute, so that no tick is too early."""
NEGLECTED_S = 150.0
"""When nobody has looked for so long, the relay does."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Watched:
    """What a round of watching came to."""

    rules: int = 0
    fired: int = 0
    resolved: int = 0


def watch(database: Database, data_dir: Path, *, every_s: float = EVERY_S) -> Watched:
    """Evaluate all rules if it is our turn."""
    with database.transaction() as session:
        if not take_turn(session, "watch", every_s=every_s):
            return Watched()
        ensure_built_in(session, ensure_tenant(session, LOCAL_TENANT))
    with database.transaction() as session:
        return evaluate_all(session, data_dir)


def evaluate_all(session: Session, data_dir: Path, *, now: datetime | None = None) -> Watched:
    """Evaluate every active rule in the caller's transaction."""
    now = now or database_now(session)
    rows = session.execute(select(AlertRule.__table__).where(AlertRule.active).order_by(AlertRule.id)).all()
    events = [_evaluate(session, rule, Subject(rule.tenant_id, rule.kind, data_dir), now) for rule in rows]
    watched = Watched(len(rows), events.count(RuleState.FIRING), events.count(RuleState.OK))
    if watched.fired or watched.resolved:
        log.info("alerts.evaluated", rules=watched.rules, fired=watched.fired, resolved=watched.resolved)
    return watched


def _evaluate(session: Session, rule: Row[Any], subject: Subject, now: datetime) -> RuleState | None:
    """Evaluate one rule; return the state that it came to if that is another one than before."""
    figure = measure(session, rule.metric, subject)
    threshold = Threshold(rule.threshold, rule.clear_threshold, rule.above, rule.for_s)
    before = RuleState(rule.state)
    value = figure.of_few if before is RuleState.FIRING and figure.value is None else figure.value
    state, since = step(before, rule.since, value, threshold, now)
    told = {"state": state, "since": since, "value": figure.value, "note": figure.note, "evaluated_at": now}
    session.execute(update(AlertRule).where(AlertRule.id == rule.id).values(told))
    if state is not RuleState.OK:
        _raise(session, rule, figure, pending=state is RuleState.PENDING)
    elif before is not RuleState.OK:
        text = f"{rule.name}: {_written(value)} again."
        resolve_alert(session, rule.tenant_id, source_of(rule), key_of(rule), text=text)
    return None if state is before else state


def _raise(session: Session, rule: Row[Any], figure: Figure, *, pending: bool) -> None:
    side = "above" if rule.above else "below"
    of = f" of {rule.kind}" if rule.kind else ""
    value = "no figure any more" if figure.value is None else _written(figure.value)
    text = f"{rule.name}: {rule.metric}{of} is {value}, {side} {_written(rule.threshold)}."
    data = {"rule_id": str(rule.id), "metric": rule.metric, "value": figure.value, "threshold": rule.threshold}
    about = (session, rule.tenant_id, source_of(rule), key_of(rule), rule.severity, text, data)
    raise_alert(*about, pending=pending)


def _written(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"
