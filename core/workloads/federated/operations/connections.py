"""Topologies: with whom each member mixes, in federations whose rounds need no server.

A topology is laid among the members that there are then; who joins later is connected one by one, or it is laid anew.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Conflict, FieldError, Invalid, Missing
from core.workloads.federated import gossip_params
from core.workloads.federated.gossip import topologies
from core.workloads.federated.gossip_params import MOST_CONNECTIONS, GossipParams
from core.workloads.federated.operations import federations
from core.workloads.federated.operations.models import ConnectionRow, FederationRow

Names = tuple[str, str]


class TopologyUnfit(Invalid):
    """The topology cannot be laid among these members, or does not go with strategy or privacy."""

    code = "topology_unfit"


class TopologyMissing(Conflict):
    """There is no topology that connections could be part of, or none of them yet."""

    code = "topology_missing"


class FederationConnectionMissing(Missing):
    """These two are not connected."""

    code = "federation_connection_missing"


def lay(session: Session, row: FederationRow, asked: Mapping[str, Any]) -> None:
    """Lay a topology in the place of the one before; the federation is locked. Raises `TopologyUnfit`.

    `asked` has `shape`, what the shape takes, `tolerance` and `rounds`; with the shape `own` also `connections`, or
    None for those that there are.
    """
    try:
        gossip_params.refuse_unfit(row.strategy, row.privacy)
    except ValidationError as error:
        raise _unfit("/shape", str(error.messages[0])) from error
    given = asked.get("connections")
    if asked["shape"] != "own":
        given = _drawn(session, row, asked)
    elif given is not None:
        _refuse_strangers(session, row, given)
    row.topology = {name: value for name, value in asked.items() if name != "connections"}
    if given is not None:
        session.execute(delete(ConnectionRow).where(ConnectionRow.federation_id == row.id))
        _add(session, row, given)
    session.flush()


def clear(session: Session, row: FederationRow) -> None:
    """Forget the topology with its connections: rounds go over the server again; the federation is locked."""
    row.topology = None
    session.execute(delete(ConnectionRow).where(ConnectionRow.federation_id == row.id))
    session.flush()


def connect(session: Session, row: FederationRow, one: str, other: str) -> ConnectionRow:
    """Connect two members, again without harm; the federation is locked.

    Raises `TopologyMissing`, and `TopologyUnfit` for one member, for strangers and for too many connections.
    """
    _refuse_without(row)
    _refuse_strangers(session, row, [(one, other)], in_path=True)
    _add(session, row, [(one, other)])
    return session.get_one(ConnectionRow, (row.id, *sorted((one, other))))


def disconnect(session: Session, row: FederationRow, one: str, other: str) -> None:
    """End a connection; the federation is locked. Raises `FederationConnectionMissing`."""
    first, second = sorted((one, other))
    mine = (ConnectionRow.federation_id == row.id, ConnectionRow.one == first, ConnectionRow.other == second)
    if session.scalar(delete(ConnectionRow).where(*mine).returning(ConnectionRow.one)) is None:
        raise FederationConnectionMissing(f"{one!r} and {other!r} are not connected in {row.name}")


def list_connections(
    session: Session, row: FederationRow, *, limit: int, after: Names | None = None
) -> Sequence[ConnectionRow]:
    """Return connections by the names of both, beginning behind `after`."""
    order = (ConnectionRow.one, ConnectionRow.other)
    query = select(ConnectionRow).where(ConnectionRow.federation_id == row.id).order_by(*order).limit(limit)
    return session.scalars(query if after is None else query.where(tuple_(*order) > tuple_(*after))).all()


def terms(session: Session, row: FederationRow) -> dict[str, Any] | None:
    """Return how members mix in a round of now, None where it goes over the server; raises `TopologyMissing`."""
    if row.topology is None:
        return None
    found = list_connections(session, row, limit=MOST_CONNECTIONS)
    if not found:
        raise TopologyMissing(f"{row.name} has a topology, but no connections yet")
    pairs = [[one.one, one.other] for one in found]
    return {"connections": pairs, "tolerance": row.topology["tolerance"], "rounds": row.topology["rounds"]}


def parts(session: Session, row: FederationRow) -> list[list[str]]:
    """Return the members that hang together over their connections, the largest part first."""
    names = _names(session, row)
    places = {name: place for place, name in enumerate(names)}
    found = list_connections(session, row, limit=MOST_CONNECTIONS)
    links = [(places[one.one], places[one.other]) for one in found]
    return [[names[place] for place in part] for part in topologies.parts(len(names), links)]


def count(session: Session, row: FederationRow) -> int:
    """Return how many connections there are."""
    return session.scalar(select(func.count()).where(ConnectionRow.federation_id == row.id)) or 0


def _drawn(session: Session, row: FederationRow, asked: Mapping[str, Any]) -> list[Names]:
    """Return a shape's connections among the members by name."""
    names = _names(session, row)
    graph = {"topology": asked["shape"], "nodes": len(names)}
    graph |= {name: asked[name] for name in ("probability", "degree") if asked[name] is not None}
    try:
        params = GossipParams().load(graph)
    except ValidationError as error:
        name, faults = next(iter(error.messages_dict.items()))
        where = "/shape" if name in {"topology", "nodes"} else f"/{name}"
        raise _unfit(where, f"{row.name} has {len(names)} members: {faults[0]}") from error
    found = topologies.laid(params, random.Random(asked["seed"]), "")  # noqa: S311 - it is no secret
    return [(names[one], names[other]) for one, other in found]


def _refuse_strangers(
    session: Session, row: FederationRow, pairs: Sequence[Sequence[str]], *, in_path: bool = False
) -> None:
    """Name by their place all who are no members, and whoever is to be connected with itself."""
    members, faults = set(_names(session, row)), []
    for place, pair in enumerate(pairs):
        for end, name in enumerate(pair):
            if name not in members:
                where = ("/one", "/other")[end] if in_path else f"/connections/{place}/{end}"
                faults.append(FieldError(where, f"{row.name} has no member {name!r}"))
        if pair[0] == pair[1]:
            faults.append(
                FieldError("/other" if in_path else f"/connections/{place}", "Nobody is connected with itself.")
            )
    if faults:
        raise TopologyUnfit(errors=faults)


def _refuse_without(row: FederationRow) -> None:
    if row.topology is None:
        raise TopologyMissing(f"rounds of {row.name} go over the server; give it a topology first")


def _add(session: Session, row: FederationRow, pairs: Sequence[Sequence[str]]) -> None:
    ends = {tuple(sorted(pair)) for pair in pairs}
    values = [{"federation_id": row.id, "one": a, "other": b, "tenant_id": row.tenant_id} for a, b in sorted(ends)]
    if values:
        session.execute(insert(ConnectionRow).values(values).on_conflict_do_nothing())
    if count(session, row) > MOST_CONNECTIONS:
        raise _unfit("/connections", f"{MOST_CONNECTIONS:,} connections are allowed.")


def _names(session: Session, row: FederationRow) -> list[str]:
    """Return all members' names in order."""
    return [one.name for one in federations.list_members(session, row, limit=federations.MOST_MEMBERS)]


def _unfit(pointer: str, detail: str) -> TopologyUnfit:
    return TopologyUnfit(detail, errors=[FieldError(pointer, detail)])
