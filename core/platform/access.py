"""Who may do what: roles, permissions as `resource:action`, and the principal that carries them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.errors import Denied


class Role(StrEnum):
    """Bundles of permissions, each holding all of the one before."""

    VIEWER = "viewer"
    SUBMITTER = "submitter"
    OPERATOR = "operator"
    ADMIN = "admin"


_STEERING = {"queues:write", "limits:read", "limits:write"}
"""Of the whole platform: what is started, and how much of it at once."""
_HOOKS = {"webhooks:read", "webhooks:write", "notifications:read", "notifications:write"}
_PEOPLE = {"members:read", "members:write"}
_TENANTS = {"tenants:read", "tenants:write", "quotas:write"}
_OWN = {"account:read", "account:write", "quotas:read"}
_WATCHING = {"events:read", "domains:read"}
_TRIGGERS = {"triggers:read", "triggers:write", "truth:read"}
_FEDERATIONS = {"federations:write"}
"""Who learns together and how, and when a round is aggregated."""
_TEACHING = {"classes:read", "classes:write"}
"""Classes of one's own, and what their students hand in."""
_PUMPING = {"plants:write", "plans:decide", "overrides:write"}
"""What a station does: its document, its plans, orders for its pumps."""
_CUSTOMERS = {"customers:write", "profiles:reveal"}
"""What is made of customers' data, and who they are."""
_ADDED = {
    Role.VIEWER: {
        *("jobs:read", "kinds:read", "artifacts:read", "schedules:read", "health:read", "alerts:read"),
        *("plants:read", "plans:read", "federations:read", "customers:read", "courses:read"),
        *_WATCHING,
        *_OWN,
    },
    Role.SUBMITTER: {
        *("jobs:submit", "jobs:cancel", "jobs:retry", "artifacts:write", "plants:ingest", "domains:write"),
        *("federations:send", "customers:ingest", "submissions:read", "submissions:write"),
    },
    Role.OPERATOR: {
        "jobs:probe",
        "jobs:overrun",
        "jobs:debug",
        "metrics:read",
        "schedules:write",
        "alerts:write",
        *_PUMPING,
        *_FEDERATIONS,
        *_CUSTOMERS,
        *_TEACHING,
        *_HOOKS,
        *_STEERING,
        *_TRIGGERS,
    },
    Role.ADMIN: {
        *("keys:read", "keys:write", "audit:read", "retention:read", "retention:write", "secrets:rotate"),
        *("webhooks:secret", "tenant:export", "tenant:erase", "profiles:erase"),
        *_PEOPLE,
        *_TENANTS,
    },
}
OF_THE_HOME = frozenset({*_STEERING, *_TENANTS, "metrics:read"})
"""What is about the whole platform, so that only members and keys of the tenants that run it may do it."""


def _accumulate() -> dict[Role, frozenset[str]]:
    held: frozenset[str] = frozenset()
    bundles = {}
    for role in Role:
        held |= _ADDED[role]
        bundles[role] = held
    return bundles


PERMISSIONS = _accumulate()


class PermissionMissing(Denied):
    """The caller's role does not hold this permission."""

    code = "permission_missing"


def member_label(member_id: UUID) -> str:
    """Name a person in what is kept: by the id alone, which nothing leads back from once the account is gone."""
    return f"member {member_id}"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, for which tenant, with which role."""

    id: UUID
    tenant_id: UUID
    role: Role
    name: str
    home: bool = False
    """Whether the tenant is one of those that run the platform."""
    scopes: frozenset[str] | None = None
    """The permissions that it confines itself to; None where it does not."""
    session_id: UUID | None = None
    """The login that it goes back to; None for a key."""

    @property
    def label(self) -> str:
        """Return what may be written down where nothing is erased: the name of a key, but of a person the id alone."""
        return self.name if self.session_id is None else member_label(self.id)

    def may(self, permission: str) -> bool:
        """Tell whether role, scopes and tenant together hold a permission."""
        return (
            permission in PERMISSIONS[self.role]
            and (self.scopes is None or permission in self.scopes)
            and (self.home or permission not in OF_THE_HOME)
        )

    def require(self, permission: str) -> None:
        """Raise `PermissionMissing` unless the permission is held."""
        if not self.may(permission):
            raise PermissionMissing(f"{self._lacking(permission)} does not hold {permission}")

    def permissions(self) -> list[str]:
        """List what it may do."""
        return sorted(filter(self.may, PERMISSIONS[self.role]))

    def require_grantable(self, role: Role, scopes: Collection[str] | None = None) -> None:
        """Raise `PermissionMissing` where somebody of that role and scopes might do more than oneself."""
        granted = PERMISSIONS[role] if scopes is None else PERMISSIONS[role] & frozenset(scopes)
        for permission in sorted(granted if self.home else granted - OF_THE_HOME):
            self.require(permission)

    def _lacking(self, permission: str) -> str:
        if permission not in PERMISSIONS[self.role]:
            return f"the role {self.role}"
        return "the key" if self.scopes is not None and permission not in self.scopes else "a tenant like this"
