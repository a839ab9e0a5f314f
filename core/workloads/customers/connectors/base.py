"""What a connector promises: how an advertising platform and a CRM are spoken to, and how their troubles are told.

Creating is not idempotent on any platform: everything that is created bears a reference of ours, by which it is found
again where an answer was lost. Pausing, activating, setting and deleting may be said again at will.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from marshmallow import Schema
from sqlalchemy.orm import Session

from core.errors import Conflict, Transient

ROWS_AT_ONCE = 10_000
"""How many members of an audience one request may carry."""
CRM_ROWS_AT_ONCE = 100
Level = Literal["campaign", "ad_set", "ad"]
LEVELS: tuple[Level, ...] = ("campaign", "ad_set", "ad")
"""What a campaign is made of on a platform, each a part of the one before."""
Transact = Callable[[], AbstractContextManager[Session]]
"""Opens a transaction on the rows of one tenant."""


class PlatformAway(Transient):
    """The platform does not answer; nothing was done."""

    code = "platform_away"


class PlatformBusy(Transient):
    """The platform has had as many requests as it takes for now; nothing was done."""

    code = "platform_busy"


class OutcomeUnknown(Transient):
    """The platform did not answer in time; it may have done what it was asked for."""

    code = "platform_outcome_unknown"


class PlatformRefused(Conflict):
    """The platform refuses what it was asked for, and will again."""

    code = "platform_refused"


@dataclass(frozen=True, slots=True)
class Connection:
    """A tenant's own access to a platform."""

    id: UUID
    tenant_id: UUID
    name: str
    connector: str
    settings: Mapping[str, Any]
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a platform has taken of a batch."""

    batch: str
    received: int
    refused: Mapping[int, str] = field(default_factory=dict)
    """Why rows were not taken, by their places in the batch."""


@dataclass(frozen=True, slots=True)
class Members:
    """How large an audience is, and how many rows came that changed nothing."""

    present: int
    repeated: int


@dataclass(frozen=True, slots=True)
class AdObject:
    """A campaign, ad set or ad as the platform has it."""

    id: str
    level: str
    reference: str
    status: Literal["paused", "active"]
    parent: str | None = None
    daily_budget: float | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a platform tells of one campaign and day; money in the account's currency."""

    impressions: int
    clicks: int
    conversions: int
    spend: float
    revenue: float


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What a platform tells of a whole account and a span of time."""

    conversions: int
    revenue: float
    spend: float
    currency: str
    """That the sums are in, as the platform says."""


class AdPlatform(Protocol):
    """An advertising platform; each call raises one of the errors above, or answers."""

    def create_audience(self, reference: str, name: str) -> str:
        """Make an empty audience and return the platform's id."""

    def find_audiences(self, reference: str) -> Sequence[str]:
        """Return the ids of the audiences that bear a reference, the oldest first."""

    def delete_audience(self, audience: str) -> None:
        """Take an audience away; one that is gone stays gone."""

    def add_members(self, audience: str, batch: str, rows: Sequence[str]) -> Receipt:
        """Add at most `ROWS_AT_ONCE` members, each one normalized and hashed; `batch` is a reference of ours."""

    def remove_members(self, audience: str, batch: str, rows: Sequence[str]) -> Receipt:
        """Remove at most `ROWS_AT_ONCE` members."""

    def find_batch(self, audience: str, batch: str) -> Receipt | None:
        """Return what was taken of a batch; None where it never came."""

    def count_members(self, audience: str) -> Members:
        """Tell how large an audience is."""

    def create(self, level: Level, reference: str, fields: Mapping[str, Any], parent: str | None = None) -> str:
        """Make something that does not run, and return the platform's id; `daily_budget` may be among the fields."""

    def find(self, reference: str) -> Sequence[AdObject]:
        """Return what bears a reference, the oldest first; more than one where creating was repeated."""

    def read(self, object_id: str) -> AdObject | None:
        """Return something by the platform's id; None where it is not there."""

    def active_campaigns(self) -> Sequence[AdObject]:
        """Return the campaigns that run."""

    def activate(self, object_id: str) -> None:
        """Let something run."""

    def pause(self, object_id: str) -> None:
        """Let something run no more."""

    def set_budget(self, object_id: str, daily_budget: float) -> None:
        """Set what may be spent a day."""

    def delete(self, object_id: str) -> None:
        """Take something away with its parts; what is gone stays gone."""

    def report(self, object_id: str, day: date) -> Report:
        """Tell what became of a campaign on a day (UTC)."""

    def account_report(self, since: datetime, until: datetime) -> AccountReport:
        """Tell what became of the whole account from one full hour on and before another."""


@dataclass(frozen=True, slots=True)
class CrmRow:
    """A contact as a CRM has it."""

    id: str
    key: str
    """What contacts are told apart by, an e-mail address; it says nothing of one that was deleted."""
    fields: Mapping[str, Any]
    changed_at: datetime
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Upsert:
    """What is to be written of a contact: fields not named stay as they are."""

    key: str
    fields: Mapping[str, Any]


class Crm(Protocol):
    """A CRM."""

    def changes(self, since: datetime | None, after: str | None, limit: int) -> Sequence[CrmRow]:
        """Return contacts by the time of their last change and their id, beginning at a time behind one of them."""

    def upsert(self, rows: Sequence[Upsert]) -> Mapping[int, str]:
        """Write at most `CRM_ROWS_AT_ONCE` contacts; return why some were not written, by their places."""

    def delete(self, contact_id: str) -> None:
        """Take a contact away by the CRM's id; it is told of as deleted, and one that is gone stays gone."""


@dataclass(frozen=True, slots=True)
class Connector:
    """What a connector's file declares; one of `ads` and `crm` is set."""

    name: str
    settings: type[Schema]
    summary: str
    ads: Callable[[Connection, Transact], AdPlatform] | None = None
    crm: Callable[[Connection, Transact], Crm] | None = None
    takes_secret: bool = False

    @property
    def sort(self) -> str:
        """Return what it connects to."""
        return "ads" if self.ads is not None else "crm"
