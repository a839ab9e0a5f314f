"""Tenants, members, keys and quotas as JSON documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.jobs.quotas import NAMES, Use
from core.platform.accounts.members import email_of
from core.platform.accounts.models import Member
from core.platform.keys import ApiKey
from core.platform.tenants import Tenant


def tenant_document(tenant: Tenant) -> dict[str, Any]:
    """Write one tenant."""
    return {
        "id": str(tenant.id),
        "slug": tenant.slug,
        "name": tenant.name,
        "home": tenant.home,
        "totp_required": tenant.totp_required,
        "suspended_at": _instant(tenant.suspended_at),
        "retention_days": tenant.retention_days,
        "created_at": rfc3339(tenant.created_at),
    }


def member_document(session: Session, member: Member, *, password: str | None = None) -> dict[str, Any]:
    """Write one member, with the password to begin with where it was made just now."""
    return {
        "id": str(member.id),
        "email": email_of(session, member),
        "role": member.role,
        "totp": member.totp_since is not None,
        "invited": member.password_until is not None,
        "disabled_at": _instant(member.disabled_at),
        "created_at": rfc3339(member.created_at),
        "logged_in_at": _instant(member.logged_in_at),
        **({} if password is None else {"password": password}),
    }


def key_document(key: ApiKey, *, sent: str | None = None) -> dict[str, Any]:
    """Write what is known of one key, with the key itself where it was made just now."""
    return {
        "id": str(key.id),
        "name": key.name,
        "prefix": key.prefix,
        "role": key.role,
        "scopes": key.scopes,
        "created_at": rfc3339(key.created_at),
        "created_by": None if key.created_by is None else str(key.created_by),
        "expires_at": _instant(key.expires_at),
        "last_used_at": _instant(key.last_used_at),
        "revoked_at": _instant(key.revoked_at),
        **({} if sent is None else {"key": sent}),
    }


def quota_documents(uses: Mapping[str, Use]) -> list[dict[str, Any]]:
    """Write every quota."""
    return [{"name": name, "limit": uses[name].limit, "used": uses[name].used} for name in NAMES]


def _instant(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)
