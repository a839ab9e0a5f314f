"""Logins and one's own account over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from core.platform.access import Role
from core.platform.accounts.passwords import LONGEST
from webapp.schemas.values import Strict

EMAIL = Length(1, 254)
ROLES = [str(role) for role in Role]
_PASSWORD = Length(1, LONGEST)
_CODE = Length(1, 40)


class LoginRequest(Strict):
    """What somebody logs in with."""

    email = fields.String(required=True, validate=EMAIL)
    password = fields.String(required=True, validate=_PASSWORD, load_only=True)
    totp = fields.String(
        validate=_CODE,
        metadata={"description": "Code of the authenticator app, or a recovery code, where one is asked"},
    )
    new_password = fields.String(
        validate=_PASSWORD, metadata={"description": "The password from now on; needed where the present one was given"}
    )


class RefreshRequest(Strict):
    """What renews a session."""

    refresh_token = fields.String(required=True, validate=Length(1, 1024))


class TokensDocument(Schema):
    """The tokens of a session."""

    access_token = fields.String(required=True, metadata={"description": "Sent as `Authorization: Bearer …`"})
    token_type = fields.String(required=True, validate=OneOf(["Bearer"]))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds that the access token is good for"})
    refresh_token = fields.String(
        required=True,
        metadata={"description": "Good for one `POST /auth/refresh`; used twice, it ends the session for everybody"},
    )
    session_id = fields.UUID(required=True)


class PasswordRequest(Strict):
    """The password before and the one from now on."""

    current_password = fields.String(required=True, validate=_PASSWORD)
    new_password = fields.String(required=True, validate=_PASSWORD)


class CodeRequest(Strict):
    """A code of the authenticator app."""

    code = fields.String(required=True, validate=_CODE)


class EnrolmentDocument(Schema):
    """What an authenticator app has to be told; told only now."""

    secret = fields.String(required=True)
    uri = fields.String(required=True, metadata={"description": "The same as the app reads it"})
    qr_svg = fields.String(required=True, metadata={"description": "The same to be scanned"})


class RecoveryDocument(Schema):
    """Codes that stand in for the authenticator app, each once; told only now."""

    recovery_codes = fields.List(fields.String(), required=True)


class MyTenant(Schema):
    """The tenant that the caller belongs to."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    home = fields.Boolean(required=True, metadata={"description": "Whether it runs the platform"})


class MyTotp(Schema):
    """The second factor of an account."""

    active = fields.Boolean(required=True)
    required = fields.Boolean(required=True, metadata={"description": "Nothing else may be done before it is set up"})
    recovery_codes = fields.Integer(required=True, metadata={"description": "How many are left"})


class MeDocument(Schema):
    """Who asks."""

    id = fields.UUID(required=True)
    type = fields.String(required=True, validate=OneOf(["member", "key"]))
    name = fields.String(required=True)
    role = fields.String(required=True, validate=OneOf(ROLES))
    tenant = fields.Nested(MyTenant, required=True)
    permissions = fields.List(fields.String(), required=True)
    totp = fields.Nested(MyTotp, required=True, allow_none=True)
    session_id = fields.UUID(required=True, allow_none=True)
