"""Auditing: each request that changed something or was refused becomes an entry of its tenant's trail.

Told are who, what and from where, how it ended and what was made. Bodies, queries and headers are not: so no secret
can get there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

import structlog
from flask import Flask, Request, Response, request
from sqlalchemy.exc import SQLAlchemyError

from core.clock import Monotonic, monotonic
from core.database import Database, DatabaseUnavailable
from core.platform.access import Principal
from core.platform.audit import entries
from core.platform.audit.entries import DENIED, DONE, FAILED, Entry
from core.platform.tenants import LOCAL_TENANT, TenantMissing, find_tenant
from webapp.edge import PROBLEM_CODE, REQUEST_ID, ROUTE

CALLER = "penstock.caller"
"""Where the environment of a request tells who sent it, once that is known."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSING = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
FORETOLD = "penstock.foretold"
"""Where the environment of a request keeps the entry that the transaction of its change was to add."""
HARMLESS = frozenset({"POST /streams/tickets"})
"""What only looks like a change."""
DENIALS_PER_S, DENIALS_AT_ONCE = 10.0, 100.0
"""How many refusals a process writes down; a flood of more is counted, and the next entry says how many there were."""

log = structlog.get_logger()


@dataclass(slots=True)
class Auditor:
    """Writes the trail's entries of one web process."""

    database: Database
    clock: Monotonic = monotonic
    _home: UUID | None = None
    _room: float = DENIALS_AT_ONCE
    _counted_at: float = 0.0
    _suppressed: int = field(default=0)

    def tell(self, request: Request, response: Response) -> None:
        """Write down what came of a request, if the trail is to know; a trail that cannot be written is logged."""
        outcome = outcome_of(request.method, response.status_code)
        if outcome is None or self._was_foretold(request, response) or (outcome == DENIED and not self._has_room()):
            return
        if outcome == DONE and request.environ.get(ROUTE) in HARMLESS:
            return
        try:
            told = request.environ.get(PROBLEM_CODE), response.headers.get("Location")
            entry = self._entry(request, outcome, response.status_code, *told)
            entries.append(self.database.within(entry.tenant_id), entry)
        except (DatabaseUnavailable, SQLAlchemyError, TenantMissing) as error:
            # Without its traceback: the database may be away, and every request would bring one.
            log.warning("audit.lost", action=request.environ.get(ROUTE), outcome=outcome, reason=type(error).__name__)

    def foretell(self, request: Request, status: int, target: str | None = None) -> Entry:
        """Return the entry of a change that its own transaction adds: there is none without the other.

        The answer adds one of its own if it turns out to be a failure.
        """
        entry = self._entry(request, DONE, status, None, target)
        request.environ[FORETOLD] = entry
        return entry

    def _was_foretold(self, request: Request, response: Response) -> bool:
        entry: Entry | None = request.environ.get(FORETOLD)
        if entry is None:
            return False
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            self._suppressed += entry.data.get("suppressed", 0)
            return False
        return True

    def _entry(self, request: Request, outcome: str, status: int, code: str | None, target: str | None) -> Entry:
        environ = request.environ
        caller: Principal | None = environ.get(CALLER)
        suppressed, self._suppressed = self._suppressed, 0
        return Entry(
            tenant_id=self._home_tenant() if caller is None else caller.tenant_id,
            action=environ.get(ROUTE) or f"{request.method} ?",
            outcome=outcome,
            path=request.path,
            principal=caller,
            status=status,
            code=code,
            request_id=environ.get(REQUEST_ID),
            client=request.remote_addr,
            target=target,
            data={"suppressed": suppressed} if suppressed else {},
        )

    def _home_tenant(self) -> UUID:
        """Return the tenant whose trail tells of those whom nobody knows: the one the installation began with."""
        if self._home is None:
            with self.database.everywhere().statements() as session:
                self._home = find_tenant(session, LOCAL_TENANT)
        return self._home

    def _has_room(self) -> bool:
        now = self.clock()
        self._room = min(DENIALS_AT_ONCE, self._room + DENIALS_PER_S * (now - self._counted_at))
        self._counted_at = now
        if self._room < 1.0:
            self._suppressed += 1
            return False
        self._room -= 1.0
        return True


def outcome_of(method: str, status: int) -> str | None:
    """Tell what a request was to the trail; None where nothing was changed and nobody refused."""
    if status in REFUSING:
        return DENIED
    if method in READING:
        return None
    if status < HTTPStatus.BAD_REQUEST:
        return DONE
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FAILED
    return DENIED if status == HTTPStatus.NOT_FOUND and request.environ.get(CALLER) is not None else None


def audit_requests(app: Flask, auditor: Auditor) -> None:
    """Have every answer of an app pass the auditor before it leaves."""

    def tell(response: Response) -> Response:
        auditor.tell(request, response)
        return response

    hook: Callable[[Response], Response] = tell
    app.after_request(hook)
