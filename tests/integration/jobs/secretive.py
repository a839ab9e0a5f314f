"""A secret, what it signs, and a kind with secrets at every sort of place."""

import hmac

from marshmallow import Schema, fields

from core.jobs.kind import JobKind, Params, RetryPolicy, Secret

SECRET = "correct horse battery staple"
SIGNED = hmac.digest(SECRET.encode(), b"hello", "sha256").hex()


class Place(Schema):
    password = Secret()


class Secretive(Params):
    """Secrets at every sort of place."""

    top = Secret()
    nested = fields.Nested(Place)
    many = fields.List(fields.Nested(Place))
    listed = fields.List(Secret())
    named = fields.Dict(fields.String(), Secret())
    word = fields.String()


class Anything(Schema):
    class Meta:
        unknown = "include"


SECRETIVE = JobKind("platform.secretive", "Has secrets everywhere.", Secretive, Anything, {}, retry=RetryPolicy(2, 0.0))
