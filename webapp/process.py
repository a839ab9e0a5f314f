"""What a web process holds: made once by `create_app`, reached by the views."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from core.catalogue import Catalogue
from core.clock import Clock
from core.config import Settings
from core.database import Database
from core.jobs.waking import Waker
from core.platform.accounts.passwords import Passwords
from core.platform.accounts.tokens import Signer
from core.platform.breakers.breaker import Breakers
from core.platform.cache.tiers import Cache
from core.platform.events import Announcer
from core.platform.passes import PassOffice
from core.platform.streams.tickets import TicketOffice
from core.replica import Lists
from core.storage import Storage
from webapp.auditing import Auditor
from webapp.authentication import Keyring
from webapp.governing import Thrift
from webapp.limiting import Limits
from webapp.metrics import Metrics
from webapp.pulse import Pulse
from webapp.run_times import RunTimes
from webapp.waiting import Waiting
from webapp.warming import Warming

EXTENSION = "penstock"


@dataclass(frozen=True, slots=True)
class WebProcess:
    """The parts that all requests of one process share."""

    settings: Settings
    database: Database
    """Sees no tenant's rows: who acts for a tenant takes `Call.database`."""
    lists: Lists
    storage: Storage
    catalogue: Catalogue
    keyring: Keyring
    signer: Signer
    passwords: Passwords
    tickets: TicketOffice
    passes: PassOffice
    limits: Limits
    breakers: Breakers
    announcer: Announcer
    waker: Waker
    waiting: Waiting
    cache: Cache
    thrift: Thrift
    warming: Warming
    run_times: RunTimes
    metrics: Metrics
    pulse: Pulse
    auditor: Auditor
    clock: Clock


def held() -> WebProcess:
    """Return what the process of the current request holds."""
    return cast("WebProcess", current_app.extensions[EXTENSION])
