"""Who may do what: roles, permissions as `resource:action`, and the principal that carries them."""

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
_PUMPING = {"plants:write", "plans:decide", "overrides:write"}
"""What a station does: its document, its plans, orders for its pumps."""
_ADDED = {
    Role.VIEWER: {
        *("jobs:read", "kinds:read", "artifacts:read", "schedules:read", "health:read", "alerts:read"),
        *("plants:read", "plans:read"),
    },
    Role.SUBMITTER: {"jobs:submit", "jobs:cancel", "jobs:retry", "artifacts:write", "plants:ingest"},
    Role.OPERATOR: {
        "jobs:probe",
        "jobs:overrun",
        "jobs:debug",
        "metrics:read",
        "schedules:write",
        "alerts:write",
        *_PUMPING,
        *_HOOKS,
        *_STEERING,
    },
    Role.ADMIN: {"keys:write", "audit:read", "retention:read", "secrets:rotate", "webhooks:secret"},
}


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


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, for which tenant, with which role."""

    id: UUID
    tenant_id: UUID
    role: Role
    name: str

    def may(self, permission: str) -> bool:
        """Tell whether the role holds a permission."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: str) -> None:
        """Raise `PermissionMissing` unless the role holds the permission."""
        if not self.may(permission):
            raise PermissionMissing(f"the role {self.role} does not hold {permission}")
