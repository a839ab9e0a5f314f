"""Connections to platforms over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from core.workloads.customers.connectors import CONNECTORS
from webapp.schemas.people import name_field
from webapp.schemas.values import Strict

SORTS = ("ads", "crm")


class ConnectionRequest(Strict):
    """A new connection."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant"})
    connector = fields.String(required=True, validate=OneOf(tuple(CONNECTORS)))
    settings = fields.Dict(load_default=dict, metadata={"description": "As the connector documents them"})
    secret = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(4, 20_000),
        metadata={"description": "What it takes to get in; sealed, and never shown", "format": "secret"},
    )


class ConnectionChange(Strict):
    """Other settings."""

    settings = fields.Dict(required=True)


class ConnectionRemoval(Strict):
    """How a connection is removed."""

    force = fields.Boolean(
        load_default=False,
        metadata={"description": "Though audiences, links, campaigns or actions end with it; an alert tells which"},
    )


class ConnectionDocument(Schema):
    """A connection."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    connector = fields.String(required=True)
    sort = fields.String(required=True, validate=OneOf(SORTS))
    settings = fields.Dict(required=True)
    has_secret = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ConnectionList(Schema):
    """All connections."""

    items = fields.List(fields.Nested(ConnectionDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
