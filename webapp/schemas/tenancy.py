"""Tenants, their members, keys and quotas over the wire."""

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.quotas import MOST_COUNTED, NAMES
from core.platform.access import PERMISSIONS, Role
from webapp.schemas.accounts import EMAIL, ROLES
from webapp.schemas.values import Flag, Instant, Strict

# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_SLUG = Regexp(r"^[a-z0-9][a-z0-9-]{0,62}(?![\s\S])", error="Small letters, digits and hyphens, 63 at most.")
_ADDRESS = Regexp(r"^[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+(?![\s\S])", error="Not an e-mail address.")
_NAME = [Length(1, 200), Regexp(r"^[^\x00-\x1f\x7f]*(?![\s\S])", error="Control characters have no place here.")]
_MOST = 1 << 53
_PERMISSIONS = sorted(PERMISSIONS[Role.ADMIN])


class PageQuery(Strict):
    """How many, and which part of the list."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata={"description": "`next_cursor` of the page before"})


class TenantRequest(Strict):
    """A new tenant."""

    slug = fields.String(required=True, validate=_SLUG, metadata={"description": "Its name in addresses and commands"})
    name = fields.String(load_default=None, validate=_NAME, metadata={"description": "What people call it"})


class TenantChange(Strict):
    """Which fields are to become what."""

    name = fields.String(validate=_NAME)
    totp_required = Flag(metadata={"description": "Its members can do nothing before they set up a second factor"})
    suspended = Flag(metadata={"description": "Its members and keys are not honoured; what it submitted goes on"})
    retention_days = fields.Integer(
        strict=True,
        allow_none=True,
        validate=Range(1, 36_500),
        metadata={"description": "Days that its final jobs are kept; null: as the platform's own rule says"},
    )


class TenantDocument(Schema):
    """One tenant."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    home = fields.Boolean(required=True, metadata={"description": "Whether it runs the platform"})
    totp_required = fields.Boolean(required=True)
    suspended_at = fields.DateTime(required=True, allow_none=True)
    retention_days = fields.Integer(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class TenantList(Schema):
    """One page of tenants."""

    items = fields.List(fields.Nested(TenantDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class MemberRequest(Strict):
    """A new member."""

    email = fields.String(required=True, validate=[EMAIL, _ADDRESS])
    role = fields.String(required=True, validate=OneOf(ROLES))


class MemberChange(Strict):
    """Which fields are to become what."""

    role = fields.String(validate=OneOf(ROLES))
    disabled = Flag(metadata={"description": "Whether it may log in no more; its sessions end"})


class MemberDocument(Schema):
    """One member."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True, validate=OneOf(ROLES))
    totp = fields.Boolean(required=True, metadata={"description": "Whether it has a second factor"})
    invited = fields.Boolean(required=True, metadata={"description": "Whether it has yet to choose its password"})
    disabled_at = fields.DateTime(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    logged_in_at = fields.DateTime(required=True, allow_none=True)


class InvitedDocument(MemberDocument):
    """A member with the password to begin with."""

    password = fields.String(
        required=True,
        metadata={"description": "Exchanged for its own at the first login, within 7 days; told only now"},
    )


class MemberList(Schema):
    """One page of members."""

    items = fields.List(fields.Nested(MemberDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class KeyRequest(Strict):
    """A new API key."""

    name = fields.String(required=True, validate=_NAME, metadata={"description": "What it is for"})
    role = fields.String(required=True, validate=OneOf(ROLES))
    scopes = fields.List(
        fields.String(validate=OneOf(_PERMISSIONS)),
        load_default=None,
        allow_none=True,
        validate=Length(1, len(_PERMISSIONS)),
        metadata={"description": "The permissions of its role that it is confined to; null: all of them"},
    )
    expires_at = Instant(load_default=None, allow_none=True)

    @validates_schema
    def check_scopes(self, asked: dict[str, object], **_: object) -> None:
        """Refuse scopes that the role does not hold: they would only look like rights."""
        scopes, role = asked.get("scopes"), asked.get("role")
        held = PERMISSIONS[Role(str(role))] if role in ROLES else frozenset()
        beyond = [scope for scope in scopes if scope not in held] if isinstance(scopes, list) else []
        if beyond:
            raise ValidationError(f"The role does not hold {', '.join(beyond)}.", "scopes")


class KeyDocument(Schema):
    """What is known of one key."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    prefix = fields.String(required=True, metadata={"description": "How the key begins"})
    role = fields.String(required=True, validate=OneOf(ROLES))
    scopes = fields.List(fields.String(), required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    created_by = fields.UUID(required=True, allow_none=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    last_used_at = fields.DateTime(required=True, allow_none=True, metadata={"description": "To the minute, about"})
    revoked_at = fields.DateTime(required=True, allow_none=True)


class NewKeyDocument(KeyDocument):
    """A key with what is sent."""

    key = fields.String(
        required=True, metadata={"description": "What is sent as `Authorization: Bearer …`; told only now"}
    )


class KeyList(Schema):
    """One page of keys."""

    items = fields.List(fields.Nested(KeyDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class QuotaSetting(Strict):
    """What a tenant may take; what is null or left out is not bounded."""

    jobs_per_day = fields.Integer(strict=True, allow_none=True, validate=Range(0, _MOST))
    queued_jobs = fields.Integer(strict=True, allow_none=True, validate=Range(0, _MOST))
    stored_bytes = fields.Integer(strict=True, allow_none=True, validate=Range(0, _MOST))
    cpu_s_per_day = fields.Float(allow_none=True, validate=Range(0, _MOST))
    requests_per_minute = fields.Integer(strict=True, allow_none=True, validate=Range(1, 1_000_000_000))


class QuotaDocument(Schema):
    """One quota and how much of it is used."""

    name = fields.String(required=True, validate=OneOf(NAMES))
    limit = fields.Float(required=True, allow_none=True, metadata={"description": "Null: not bounded"})
    used = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Null where it is not counted in the database; where no limit asks for more, of "
            f"{MOST_COUNTED + 1:,} jobs at most"
        },
    )


class QuotaList(Schema):
    """Every quota."""

    items = fields.List(fields.Nested(QuotaDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
