"""The Flask app of one web process."""

import logging
from typing import Any

from flask import Flask

from core import catalogue, redis
from core.clock import utc_now
from core.config import Settings, read_settings
from core.database import Database, connect
from core.jobs.waking import Waker
from core.patience import ANSWERING
from core.platform.accounts.passwords import Passwords
from core.platform.accounts.tokens import Signer
from core.platform.breakers.breaker import Breakers
from core.platform.cache.tiers import Cache
from core.platform.events import Announcer
from core.platform.passes import PassOffice
from core.platform.rates.limiter import Limiter
from core.platform.rates.shared import SharedWindow
from core.platform.streams.tickets import TicketOffice
from core.replica import Lists
from core.storage import open_storage
from core.tenancy import NOBODY
from webapp.access_log import AccessLog
from webapp.api import v1
from webapp.auditing import Auditor, audit_requests
from webapp.authentication import Keyring
from webapp.dashboard.assembly import register_dashboard
from webapp.edge import Edge
from webapp.fronting import allow_origins, behind_proxies, compress_answers
from webapp.governing import Thrift, terms_of
from webapp.limiting import Limits
from webapp.metrics import BUCKETS, Metrics
from webapp.openapi import register_api
from webapp.pages import landing
from webapp.problems import answer_with_problems
from webapp.process import EXTENSION, WebProcess
from webapp.pulse import Pulse
from webapp.run_times import RunTimes
from webapp.typography import install_filters
from webapp.waiting import Waiting
from webapp.warming import Warming


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app; nothing is opened before the first request needs it."""
    process = hold(settings or read_settings())
    app = Flask(__name__, static_folder=None, template_folder="pages/templates")
    # One more than allowed: Werkzeug refuses a chunked body that reaches its limit, and `read_body` counts exactly.
    app.config["MAX_CONTENT_LENGTH"] = process.settings.max_body_bytes + 1
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    install_filters(app)
    app.logger.handlers[:] = []
    logging.getLogger(app.name).propagate = True
    app.extensions[EXTENSION] = process
    register_api(app, process.catalogue, v1)
    app.register_blueprint(landing.blueprint)
    register_dashboard(app)
    answer_with_problems(app)
    # What is registered last answers first: the trail's entry, then compression, then what other origins may read.
    allow_origins(app, process.settings.cors_origins)
    compress_answers(app)
    audit_requests(app, process.auditor)
    log = AccessLog(log_format=process.settings.log_format)
    edge = Edge(app.wsgi_app, process.metrics, process.pulse, log=log)
    fronted: Any = behind_proxies(edge, process.settings.proxies)
    app.wsgi_app = fronted  # type: ignore[method-assign]  # the way Flask documents for wrapping itself
    return app


def hold(settings: Settings) -> WebProcess:
    """Make what the process holds."""
    database = _connect(settings, settings.database_url)
    replica = _connect(settings, settings.database_replica_url) if settings.database_replica_url else None
    cache = Cache.at(settings.data_dir)
    signer = Signer.of(settings.secret_key)
    limiter = Limiter(SharedWindow(redis.connect(settings.redis_url, timeout_s=0.25)))
    return WebProcess(
        settings=settings,
        database=database,
        lists=Lists(database, replica, settings.replica_behind_s),
        storage=open_storage(settings.storage_url),
        catalogue=catalogue.discover(),
        keyring=Keyring(database, signer),
        signer=signer,
        passwords=Passwords(),
        tickets=TicketOffice.of(settings.secret_key),
        passes=PassOffice.of(settings.secret_key),
        limits=Limits(database, limiter, settings.rate_limit, settings.login_rate_limit),
        breakers=Breakers.through(redis.connect(settings.redis_url, timeout_s=0.25)),
        announcer=Announcer(redis.connect(settings.redis_url, timeout_s=0.25)),
        waker=Waker(database),
        waiting=Waiting(settings.redis_url, threads=settings.web_threads),
        cache=cache,
        thrift=Thrift(cache.hot, terms_of(settings)),
        warming=Warming(database.everywhere(), settings.database_pool_size),
        run_times=RunTimes(database, cache),
        metrics=Metrics(),
        pulse=Pulse(database, BUCKETS, cache.take_counts),
        auditor=Auditor(database),
        clock=utc_now,
    )


def _connect(settings: Settings, url: str) -> Database:
    return connect(
        url,
        pool_size=settings.database_pool_size,
        application_name="penstock-web",
        patience=ANSWERING,
        keyring=settings.keyring(),
        scope=NOBODY,
    )
