"""Topology of federations over the wire: how connections are laid, and between whom there are any."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.kind import Number
from core.workloads.federated.gossip_params import (
    MOST_CONNECTIONS,
    MOST_NODES,
    SHAPES,
    Connection,
    GossipTerms,
    refuse_unfit,
)
from webapp.schemas.federations import name_field
from webapp.schemas.values import Strict

LARGEST_SEED = (1 << 53) - 1


class TopologyRequest(Strict):
    """A shape that is laid among the members that there are now, or connections one by one."""

    shape = fields.String(required=True, validate=OneOf(SHAPES))
    probability = Number(
        load_default=0.3, validate=Range(0.0, 1.0), metadata={"description": "Of each connection, for erdos_renyi"}
    )
    degree = fields.Integer(
        load_default=4,
        strict=True,
        validate=Range(2, MOST_NODES),
        metadata={"description": "Of each member, for regular"},
    )
    seed = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(0, LARGEST_SEED),
        metadata={"description": "That random shapes are drawn by"},
    )
    connections = fields.List(
        Connection(name_field()),
        load_default=None,
        allow_none=True,
        validate=Length(max=MOST_CONNECTIONS),
        metadata={"description": "For own: pairs of members; null keeps those that there are"},
    )
    tolerance = GossipTerms().fields["tolerance"]
    rounds = GossipTerms().fields["rounds"]

    @validates_schema
    def check_connections(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse connections beside a shape that says them itself."""
        if given["connections"] is not None and given["shape"] != "own":
            raise ValidationError(f"A {given['shape']} has its own; take the shape own.", "connections")


class ConnectionsQuery(Strict):
    """Which connections, by the names of both."""

    limit = fields.Integer(load_default=200, validate=Range(1, 1000))
    cursor = fields.String(
        load_default=None,
        validate=[Length(max=201), Regexp(r"^[^/]+/[^/]+(?![\s\S])", error="Not a cursor.")],
        metadata={"description": "`next_cursor` of the page before"},
    )


class TopologyDocument(Schema):
    """A topology; all is null but the counts where rounds go over the server."""

    shape = fields.String(required=True, allow_none=True, validate=OneOf(SHAPES))
    probability = fields.Float(required=True, allow_none=True)
    degree = fields.Integer(required=True, allow_none=True)
    seed = fields.Integer(required=True, allow_none=True)
    tolerance = fields.Float(required=True, allow_none=True)
    rounds = fields.Integer(required=True, allow_none=True)
    members = fields.Integer(required=True)
    connections = fields.Integer(required=True)
    cut_off = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Members whom no connection leads to from the largest part; rounds leave them out"},
    )
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class FederationConnection(Schema):
    """Two members who mix."""

    one = fields.String(required=True, metadata={"description": "The smaller name of both"})
    other = fields.String(required=True)
    connected_at = fields.DateTime(required=True)


class FederationConnectionList(Schema):
    """One page of connections."""

    items = fields.List(fields.Nested(FederationConnection), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


def check_topology(strategy: str, privacy: Mapping[str, Any] | None, topology: Mapping[str, Any] | None) -> None:
    """Raise `ValidationError` where a federation with a topology is to get what gossip cannot do."""
    if topology is None:
        return
    try:
        refuse_unfit(strategy, privacy)
    except ValidationError as error:
        raise ValidationError({str(error.field_name): error.messages}) from error
