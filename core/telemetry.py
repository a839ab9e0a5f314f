"""Telemetry: errors to Sentry, traces to OpenTelemetry, where the environment asks for it; else nothing is imported.

`SENTRY_DSN` and `OTEL_EXPORTER_OTLP_ENDPOINT` ask; the extra `telemetry` brings what it takes. The trace of a request
and of the jobs that it submits follows from the request's id, which travels with the job: so relay and worker, on
whatever host, add to the same trace without anything else being handed on.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import structlog

from core.redaction import redact_value

SENTRY, OTLP = "SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"
_DROPPED = ("request", "extra", "user", "breadcrumbs", "server_name")
_TRACE = "opentelemetry.trace"
_EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
"""Nothing else imports it, so that its presence tells; parts of OpenTelemetry come with other libraries."""

log = structlog.get_logger()


def begin(service: str, environ: Mapping[str, str]) -> None:
    """Start what the environment asks for, in this very process: threads do not survive a fork.

    What is asked for and not installed is told in the log; the process goes on without.
    """
    for variable, start in ((SENTRY, _begin_sentry), (OTLP, _begin_traces)):
        if environ.get(variable):
            try:
                start(service, environ[variable])
            except ImportError as error:
                log.warning("telemetry.missing", asked_by=variable, detail=f"install penstock[telemetry]: {error}")


def is_traced() -> bool:
    """Tell whether spans go anywhere."""
    return _EXPORTER in sys.modules


@contextmanager
def span(name: str, request_id: str | None, **attributes: str | int) -> Iterator[None]:
    """Tell of a piece of work as part of its request's trace; does nothing where nobody traces.

    What is raised within is told by its class alone: its words may be anybody's.
    """
    if request_id is None or not is_traced():
        yield
        return
    trace: Any = sys.modules[_TRACE]
    tracer, parent = trace.get_tracer("penstock"), _parent(trace, request_id)
    told = {**attributes, "penstock.request_id": request_id}
    options = {"record_exception": False, "set_status_on_exception": False}
    with tracer.start_as_current_span(name, context=parent, attributes=told, **options) as current:
        try:
            yield
        except BaseException as error:
            current.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__name__))
            raise


def report(error: BaseException) -> None:
    """Send an error that nobody foresaw to Sentry, if that is asked for."""
    sentry: Any = sys.modules.get("sentry_sdk")
    if sentry is not None:
        sentry.capture_exception(error)


def flush() -> None:
    """Send what is still held back; for the end of a process."""
    if is_traced():
        provider: Any = sys.modules[_TRACE].get_tracer_provider()
        getattr(provider, "force_flush", bool)()
    sentry: Any = sys.modules.get("sentry_sdk")
    if sentry is not None:
        sentry.flush(timeout=2.0)


def scrub(event: dict[str, Any], _hint: object = None) -> dict[str, Any]:
    """Take out of an event of Sentry's whatever a client or computation may have put there."""
    kept: dict[str, Any] = redact_value({name: value for name, value in event.items() if name not in _DROPPED})
    for exception in kept.get("exception", {}).get("values", ()):
        for frame in (exception.get("stacktrace") or {}).get("frames", ()):
            frame.pop("vars", None)
    return kept


def _begin_sentry(service: str, dsn: str) -> None:
    sentry: Any = import_module("sentry_sdk")
    sentry.init(
        dsn=dsn,
        default_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrub,
    )
    sentry.set_tag("service", service)


def _begin_traces(service: str, _endpoint: str) -> None:
    sdk: Any = import_module("opentelemetry.sdk.trace")
    exporting: Any = import_module("opentelemetry.sdk.trace.export")
    otlp: Any = import_module(_EXPORTER)
    resources: Any = import_module("opentelemetry.sdk.resources")
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": f"penstock-{service}"}))
    provider.add_span_processor(exporting.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    import_module(_TRACE).set_tracer_provider(provider)


def _parent(trace: Any, request_id: str) -> Any:
    digest = hashlib.sha256(request_id.encode()).digest()
    trace_id, span_id = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
    context = trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=trace.TraceFlags(1))
    return trace.set_span_in_context(trace.NonRecordingSpan(context))
