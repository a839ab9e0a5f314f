"""Alert rules as their owners see them: the platform's own, and those that tenants make about their jobs."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing
from core.ids import uuid7
from core.platform.alerts.models import Severity
from core.platform.alerts.raising import resolve_alert
from core.platform.alerts.rule_models import AlertRule

MOST = 100
PLATFORM, RULE = "platform", "rule"
"""Sources of alerts: of the platform's own rules, and of those that tenants made."""
TENANT_METRICS = ("job_failure_rate", "job_wait_p95_s", "job_run_p95_s", "queue_age_s")
PLATFORM_METRICS = (
    *("http_error_rate", "http_p95_s", "cache_hit_rate", "database_connections", "platform_queue_age_s"),
    *("beat_lag_s", "lost_attempts", "disk_used", "host_memory_used"),
)
_TABLE = AlertRule.__table__


class AlertRuleMissing(Missing):
    """There is no such alert rule."""

    code = "alert_rule_missing"


class AlertRuleBuiltIn(Conflict):
    """A rule of the platform itself cannot be deleted, and watches what it watches; it can be turned off."""

    code = "alert_rule_built_in"


class AlertRulesTooMany(Conflict):
    """The tenant has as many alert rules as it may."""

    code = "alert_rules_too_many"


class ThresholdsCrossed(Invalid):
    """The figure has to clear on the good side of its threshold."""

    code = "thresholds_crossed"


def built_in(
    name: str, metric: str, severity: Severity, threshold: float, clear: float, for_s: float, *, above: bool = True
) -> dict[str, Any]:
    """Write one of the platform's own rules."""
    limits = {"threshold": threshold, "clear_threshold": clear, "for_s": for_s, "above": above}
    return {"built_in": metric, "name": name, "metric": metric, "severity": severity, **limits}


BUILT_IN = (
    built_in("Requests that fail", "http_error_rate", Severity.WARNING, 0.01, 0.005, 120),
    built_in("Slow answers", "http_p95_s", Severity.WARNING, 2.0, 1.5, 120),
    built_in("Cold cache", "cache_hit_rate", Severity.INFO, 0.8, 0.85, 300, above=False),
    built_in("Database connections", "database_connections", Severity.CRITICAL, 0.8, 0.7, 60),
    built_in("Jobs wait", "platform_queue_age_s", Severity.WARNING, 300.0, 120.0, 120),
    built_in("Beat lags", "beat_lag_s", Severity.WARNING, 120.0, 90.0, 0),
    built_in("Workers are lost", "lost_attempts", Severity.WARNING, 3.0, 0.0, 0),
    built_in("Disk fills", "disk_used", Severity.CRITICAL, 0.9, 0.85, 120),
    built_in("Memory fills", "host_memory_used", Severity.CRITICAL, 0.95, 0.9, 60),
)


def ensure_built_in(session: Session, tenant_id: UUID) -> None:
    """Have the platform's own rules watched in the name of the tenant that it began with; kept as they were changed."""
    rows = [{"id": uuid7(), "tenant_id": tenant_id, **rule} for rule in BUILT_IN]
    session.execute(upsert(AlertRule).values(rows).on_conflict_do_nothing())


def create(session: Session, tenant_id: UUID, asked: Mapping[str, Any]) -> Row[Any]:
    """Make a rule of checked fields; raises `AlertRulesTooMany` or `ThresholdsCrossed`."""
    mine = AlertRule.tenant_id == tenant_id
    if session.execute(select(func.count()).where(mine, AlertRule.built_in.is_(None))).scalar_one() >= MOST:
        raise AlertRulesTooMany(f"{MOST} alert rules are allowed")
    rule_id = uuid7()
    values = {"clear_threshold": asked["threshold"], **asked}
    session.execute(insert(AlertRule).values(id=rule_id, tenant_id=tenant_id, **values))
    return _checked(get_rule(session, tenant_id, rule_id))


def get_rule(session: Session, tenant_id: UUID, rule_id: UUID) -> Row[Any]:
    """Return one rule's row; raises `AlertRuleMissing`, for another tenant's, too."""
    row = session.execute(select(_TABLE).where(_TABLE.c.id == rule_id, _TABLE.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        raise AlertRuleMissing(f"there is no alert rule {rule_id}")
    return row


def list_rules(session: Session, tenant_id: UUID) -> Sequence[Row[Any]]:
    """Return all rules of a tenant, newest first."""
    return session.execute(select(_TABLE).where(_TABLE.c.tenant_id == tenant_id).order_by(_TABLE.c.id.desc())).all()


def change(session: Session, tenant_id: UUID, rule_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
    """Change some fields; raises `AlertRuleMissing`, `AlertRuleBuiltIn` or `ThresholdsCrossed`.

    The rule begins anew: what it had fired is resolved, and fires again if it is still wrong.
    """
    before = get_rule(session, tenant_id, rule_id)
    if before.built_in is not None and changes.keys() & {"metric", "kind", "above"}:
        raise AlertRuleBuiltIn
    if changes:
        anew = {"state": "ok", "since": None}
        session.execute(update(AlertRule).where(AlertRule.id == rule_id).values({**changes, **anew}))
        resolve_alert(session, tenant_id, source_of(before), key_of(before), text="The rule was changed.")
    return _checked(get_rule(session, tenant_id, rule_id))


def remove(session: Session, tenant_id: UUID, rule_id: UUID) -> None:
    """Take a rule away, resolving what it fired; raises `AlertRuleMissing` or `AlertRuleBuiltIn`."""
    rule = get_rule(session, tenant_id, rule_id)
    if rule.built_in is not None:
        raise AlertRuleBuiltIn
    session.execute(delete(AlertRule).where(AlertRule.id == rule_id))
    resolve_alert(session, tenant_id, source_of(rule), key_of(rule), text="The rule was deleted.")


def source_of(rule: Any) -> str:
    """Name the source of a rule's alerts."""
    return RULE if rule.built_in is None else PLATFORM


def key_of(rule: Any) -> str:
    """Name what a rule's alerts are about."""
    return str(rule.built_in or rule.id)


def _checked(rule: Row[Any]) -> Row[Any]:
    crossed = rule.clear_threshold > rule.threshold if rule.above else rule.clear_threshold < rule.threshold
    if crossed:
        raise ThresholdsCrossed(errors=[FieldError("/clear_threshold", ThresholdsCrossed.title())])
    return rule
