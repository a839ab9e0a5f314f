"""The periodic tasks that Beat fires; each does its chore if it is its turn, however often it is fired."""

import functools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import structlog
from celery import Celery, Task
from sqlalchemy.orm import Session

from core.catalogue import discover
from core.clock import monotonic, utc_now
from core.config import Settings, read_settings
from core.database import Database, connect
from core.jobs import dropping, expiry, firing, orphans, partitions, pruning, reconciler, unknown_kinds, watching
from core.jobs.chores import BEAT, take_turn
from core.platform import vitals
from core.platform.accounts import forgetting as accounts
from core.platform.audit import chain
from core.platform.erasure import erasing, retention
from core.platform.governor import reports
from core.platform.sealing import rotation
from core.storage import StorageUnavailable, open_storage
from core.workloads.code.operations import models as _courses  # noqa: F401 - for its tables: who erases knows all
from core.workloads.customers.connectors.simulation import models as _platforms  # noqa: F401 - the same
from core.workloads.federated.operations import closing
from core.workloads.pumping.operations import forgetting as stations
from tasks import judging, replanning, segmenting
from tasks.broker import Broker

BATCHES = 20
PARTITIONED_EVERY_S = 600.0
DAILY = {"score customers": segmenting.submit_scores, "check identities": segmenting.submit_checks}
"""What is done about customers once a day."""
DAY_S = 86_400.0

log = structlog.get_logger()


def register(app: Celery) -> None:
    """Make the maintenance tasks of an application."""
    app.task(name="maintenance.reconcile", bind=True)(reconcile)
    app.task(name="maintenance.prune")(prune)
    app.task(name="maintenance.watch")(watch)
    app.task(name="maintenance.replan")(replan)
    app.task(name="maintenance.turn")(turn)
    app.task(name="maintenance.rounds")(rounds)
    app.task(name="maintenance.judge")(judge)
    app.task(name="maintenance.segments")(segments)


def reconcile(task: Task) -> None:
    """Make rows, leases and messages agree, and fire the schedules that no relay has fired."""
    database, _settings = _held()
    firing.tick(database, discover().kinds)
    with Broker(task.app) as broker:
        counts = reconciler.reconcile(database, broker.backlog)
    counts["audited"] = chain.chain_all(database)
    counts["unknown"] = unknown_kinds.fail_unknown(database, discover().kinds)
    if any(counts.values()):
        log.info("maintenance.reconciled", **counts)


def watch() -> None:
    """Look at the figures of all alert rules, and let it be seen that Beat fires."""
    database, settings = _held()
    with database.transaction() as session:
        take_turn(session, BEAT, every_s=0.0)
    watching.watch(database, settings.data_dir)


def prune() -> None:
    """Take away what is past its time: jobs each minute, so that many take many short turns; the rest more seldom."""
    database, settings = _held()
    counts = prune_all(database, settings)
    if any(counts.values()):
        log.info("maintenance.pruned", **counts)


def prune_all(database: Database, settings: Settings) -> dict[str, int]:
    """Take away what is past its time of each sort whose turn it is; return how much of each went."""
    kept_for = timedelta(days=settings.retention_days)
    counts = {"jobs": pruning.prune(database, retention=kept_for, every_s=30.0, monotonic=monotonic)}
    counts |= expiry.expire(database, retention=kept_for, every_s=600.0, monotonic=monotonic)
    try:
        counts |= orphans.drop_orphans(database, open_storage(settings.storage_url), every_s=3600.0)
    except StorageUnavailable as error:
        log.warning("maintenance.storage_unavailable", detail=error.detail)
    days = partitions.days_of_one(kept_for)
    counts["partitions_made"] = partitions.make_ahead(database, days=days, every_s=PARTITIONED_EVERY_S)
    counts |= dropping.drop_over(database, retention=kept_for, every_s=PARTITIONED_EVERY_S, monotonic=monotonic)
    counts |= rotation.go_on(database)
    counts["erased"] = erasing.go_on(database, dropping.sweep_all)
    with database.transaction() as session:
        is_our_turn = take_turn(session, "forget", every_s=600.0)
    if is_our_turn:
        counts |= retention.forget(database)
        for forget_old in (accounts.forget_old, stations.forget_old):
            counts |= _in_batches(database, forget_old)
    with database.transaction() as session:
        counts["vitals"] = vitals.forget_old(session)
        counts |= reports.forget_old(session)
    return counts


def replan() -> None:
    """Have every station in operation planned for the present quarter of an hour, once; else the generated one."""
    database, _settings = _held()
    if replanning.turn_loops(database, utc_now()):
        return
    job_id = replanning.stand_in(database, utc_now())
    log.info("pumping.replanned", job_id=str(job_id))


def turn() -> None:
    """Take over what planning has left, and plan for stations whose clock runs faster than everybody's."""
    database, _settings = _held()
    replanning.turn_loops(database, utc_now())


def rounds() -> None:
    """Close the rounds of federations that are past their deadline, and take over what their jobs have left."""
    database, _settings = _held()
    turned = closing.turn(database, clock=utc_now)
    if turned:
        log.info("federation.turned", federations=turned)


def judge() -> None:
    """Judge the signals of every tenant that has accounts, silence among them, and resolve who waits to be."""
    database, _settings = _held()
    counts = judging.judge_all(database, utc_now())
    if any(counts.values()):
        log.info("customers.judged", **counts)


def segments() -> None:
    """Have segments refreshed and audiences synced whose time has come; daily, customers scored, identities checked."""
    database, _settings = _held()
    submitted = segmenting.submit_due(database, utc_now())
    for chore, submit_all in DAILY.items():
        with database.transaction() as session:
            is_our_turn = take_turn(session, chore, every_s=DAY_S)
        if is_our_turn:
            submitted += submit_all(database, utc_now())
    if submitted:
        log.info("customers.sweeps_submitted", jobs=submitted)


def _in_batches(database: Database, forget_old: Callable[[Session], dict[str, int]]) -> dict[str, int]:
    """Forget batch after batch while there is something to forget, `BATCHES` at most; the next turn goes on."""
    counts: Counter[str] = Counter()
    for _ in range(BATCHES):
        with database.transaction() as session:
            gone = forget_old(session)
        counts.update(gone)
        if not any(gone.values()):
            break
    return counts


@functools.cache
def _held() -> tuple[Database, Settings]:
    settings = read_settings()
    keyring = settings.keyring()
    return connect(settings.database_url, pool_size=1, application_name="maintenance", keyring=keyring), settings
