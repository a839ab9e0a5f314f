"""Metrics: counts and durations of requests, and what the database tells at the moment of scraping."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from core.jobs import outbox, queues
from core.platform.breakers.base import Circuit, Standing
from core.platform.cache.tiers import Cache
from core.platform.governor import reports
from core.platform.governor.policy import Level

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one process; with several processes they meet in files (`PROMETHEUS_MULTIPROC_DIR`)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "penstock_http_request_duration_seconds",
            "Time until a request's answer begins",
            ["method", "route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._count = Counter(
            "penstock_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._children: dict[tuple[str, str, str], tuple[Histogram, Counter]] = {}

    def observe(self, method: str, route: str, status: str, seconds: float) -> None:
        """Count one request."""
        key = method, route, status
        known = self._children.get(key)
        if known is None:
            known = self._requests.labels(method, route), self._count.labels(*key)
            self._children[key] = known
        known[0].observe(seconds)
        known[1].inc()

    def exposition(
        self,
        session: Session,
        streams: Mapping[str, Mapping[str, int]],
        breakers: Sequence[Standing],
        cache: Cache,
        *,
        version: str,
    ) -> bytes:
        """Write everything in Prometheus' text format; `streams` are the figures of each stream process."""
        registry = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it without annotations
        present = CollectorRegistry()
        present.register(_Present(_platform_metrics(session, version)))
        present.register(_Present(_stream_metrics(streams)))
        present.register(_Present(_breaker_metrics(breakers)))
        present.register(_Present(_cache_metrics(cache)))
        present.register(_Present(_governor_metrics(session)))
        return generate_latest(registry) + generate_latest(present)


class _Present(Collector):
    """Metrics that were read just now."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _stream_metrics(streams: Mapping[str, Mapping[str, int]]) -> Iterator[Metric]:
    sockets = GaugeMetricFamily("penstock_stream_sockets", "Open streams", labels=["process", "transport"])
    channels = GaugeMetricFamily("penstock_stream_channels", "What is listened to", labels=["process"])
    counters = {
        "sent": CounterMetricFamily("penstock_stream_messages_sent", "Messages sent", labels=["process"]),
        "dropped": CounterMetricFamily("penstock_stream_messages_dropped", "Progress dropped", labels=["process"]),
        "refused": CounterMetricFamily("penstock_stream_refused", "Streams refused", labels=["process"]),
    }
    for process, figures in streams.items():
        for transport in ("websocket", "sse"):
            sockets.add_metric([process, transport], figures.get(transport, 0))
        channels.add_metric([process], figures.get("channels", 0))
        for name, counter in counters.items():
            counter.add_metric([process], figures.get(name, 0))
    yield from (sockets, channels, *counters.values())


def _breaker_metrics(breakers: Sequence[Standing]) -> Iterator[Metric]:
    state = GaugeMetricFamily("penstock_breaker_state", "1 for the state it is in", labels=["breaker", "state"])
    counters = {
        "failed": CounterMetricFamily("penstock_breaker_failures", "Calls that failed", labels=["breaker"]),
        "refused": CounterMetricFamily("penstock_breaker_refused", "Calls not made", labels=["breaker"]),
        "opened": CounterMetricFamily("penstock_breaker_opened", "Times it opened", labels=["breaker"]),
    }
    for one in breakers:
        for circuit in Circuit:
            state.add_metric([one.name, circuit], float(one.circuit is circuit))
        for name, counter in counters.items():
            counter.add_metric([one.name], getattr(one, name))
    yield from (state, *counters.values())


def _cache_metrics(cache: Cache) -> Iterator[Metric]:
    """Tell of the cache of the process that was asked; the vitals add up all of them."""
    answered = CounterMetricFamily("penstock_cache_lookups", "Look-ups by what answered", labels=["answered_by"])
    for tier in ("hot", "warm", "stale", "miss"):
        answered.add_metric([tier], cache.counts[tier])
    yield answered
    yield GaugeMetricFamily("penstock_cache_hot_bytes", "Bytes in the hot tier", value=cache.hot.used_bytes)
    yield GaugeMetricFamily("penstock_cache_hot_limit_bytes", "Bytes that it may take now", value=cache.hot.limit_bytes)
    yield CounterMetricFamily("penstock_cache_hot_evicted", "Entries that went for want of room", cache.hot.evicted)
    yield CounterMetricFamily("penstock_cache_warm_corrupted", "Rows with a wrong checksum", cache.warm.corrupted)
    yield CounterMetricFamily("penstock_cache_warm_failed", "Failures of the warm tier", cache.counts["warm_failed"])


def _governor_metrics(session: Session) -> Iterator[Metric]:
    """Tell what the governors of the workers that live say."""
    gauges = {
        name: GaugeMetricFamily(f"penstock_governor_{name}", told, labels=["worker"])
        for name, told in {
            "slots": "Jobs that it computes at a time now",
            "low_slots": "How many of these may be of low priority",
            "held": "Jobs that wait in it for memory or a place",
            "memory_used": "Share of its host's memory that is taken",
            "memory_foreseen": "Share that soon is",
            "cpu": "Share of its host's processors that is taken",
            "cpu_pressure": "Share of the time in which somebody waits for a processor",
        }.items()
    }
    level = GaugeMetricFamily("penstock_governor_level", "1 for the level of memory", labels=["worker", "level"])
    acted = CounterMetricFamily("penstock_governor_actions", "Changes since it began", labels=["worker"])
    for row in reports.read_reports(session):
        for name, gauge in gauges.items():
            value = row.readings.get(name, row._mapping.get(name))  # noqa: SLF001 - SQLAlchemy's public name for it
            if value is not None:
                gauge.add_metric([row.worker], value)
        for each in Level:
            level.add_metric([row.worker, each], float(row.level == each))
        acted.add_metric([row.worker], row.acted)
    yield from (*gauges.values(), level, acted)


def _platform_metrics(session: Session, version: str) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("penstock_jobs", "Jobs that are not final, by kind and state", labels=["kind", "state"])
    for kind, state, count in queues.count_open(session):
        jobs.add_metric([kind, state], count)
    yield jobs
    yield from _queue_metrics(session)
    yield GaugeMetricFamily("penstock_outbox_depth", "Messages that wait for a relay", value=outbox.depth(session))
    build = GaugeMetricFamily("penstock_build_info", "Version of the platform", labels=["version"])
    build.add_metric([version], 1)
    yield build


def _queue_metrics(session: Session) -> Iterator[Metric]:
    depth = GaugeMetricFamily("penstock_queue_depth", "Jobs that are due and not claimed", labels=["queue"])
    oldest = GaugeMetricFamily("penstock_queue_oldest_age_seconds", "Age of the oldest of them", labels=["queue"])
    running = GaugeMetricFamily("penstock_queue_running", "Jobs that run", labels=["queue"])
    finished = GaugeMetricFamily("penstock_queue_finished_last_minute", "Jobs that ended", labels=["queue"])
    for queue in queues.read_queues(session):
        depth.add_metric([queue.name], queue.depth)
        oldest.add_metric([queue.name], queue.oldest_age_s or 0.0)
        running.add_metric([queue.name], queue.running)
        finished.add_metric([queue.name], queue.finished_last_minute)
    yield from (depth, oldest, running, finished)
