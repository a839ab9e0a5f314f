"""Profiles: listed, found by an identifier, read masked or opened."""

from flask import Response
from flask_smorest import Blueprint

from core.clock import rfc3339
from core.workloads.customers.operations import consents, people
from webapp.operations import Answer, Body, Call, json_answer, operation, page_answer
from webapp.people import profile_document, whole_profile
from webapp.schemas.people import (
    ContactRequest,
    HappenedList,
    HappenedQuery,
    PersonalAnswer,
    ProfileDocument,
    ProfileList,
    ProfilesQuery,
)

blueprint = Blueprint("profiles", __name__, description="Who the customers are")


@operation(
    blueprint,
    "GET /profiles",
    "customers:read",
    query=ProfilesQuery,
    answers={200: Answer("One page of profiles", ProfileList)},
)
def list_profiles(call: Call) -> Response:
    """List profiles by number."""
    limit = call.query["limit"]
    with call.database.statements() as session:
        found = people.list_profiles(
            session,
            call.principal.tenant_id,
            limit=limit + 1,
            after=call.query["cursor"],
            lifecycle=call.query["lifecycle"],
        )
        page = [profile_document(row) for row in found[:limit]]
    return page_answer(page, str(page[-1]["id"]) if len(found) > limit else None)


@operation(
    blueprint,
    "POST /profiles/search",
    "customers:read",
    body=Body(ContactRequest),
    answers={200: Answer("The profile", ProfileDocument)},
    problems=(404, 413, 415),
)
def search_profile(call: Call) -> Response:
    """Find the profile that an identifier belongs to; in the body, so that no address of anybody stands in logs."""
    tenant_id = call.principal.tenant_id
    contact = people.check_contact(call.body["type"], call.body["value"], call.body["region"])
    with call.database.transaction() as session:
        row = people.find_by_contact(session, tenant_id, contact)
        return json_answer(whole_profile(session, tenant_id, row, consents.standing(session, tenant_id, row.id)))


@operation(
    blueprint,
    "GET /profiles/<int:profile_id>",
    "customers:read",
    answers={200: Answer("The profile", ProfileDocument)},
    problems=(404,),
)
def read_profile(call: Call, profile_id: int) -> Response:
    """Read a profile: traits, figures, what it is known by (masked), which consents stand."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        row = people.find(session, tenant_id, profile_id)
        return json_answer(whole_profile(session, tenant_id, row, consents.standing(session, tenant_id, row.id)))


@operation(
    blueprint,
    "GET /profiles/<int:profile_id>/personal",
    "profiles:reveal",
    answers={200: Answer("Who it is", PersonalAnswer)},
    problems=(404,),
)
def reveal_profile(call: Call, profile_id: int) -> Response:
    """Open what is sealed of a profile: identifiers and personal traits."""
    tenant_id = call.principal.tenant_id
    with call.database.transaction() as session:
        row = people.find(session, tenant_id, profile_id)
        known = people.identifiers_of(session, tenant_id, row.id)
        told = [{"type": one.type, "value": people.opened(session, tenant_id, one)} for one in known]
        return json_answer({"identifiers": told, "personal": people.personal_of(session, tenant_id, row.id)})


@operation(
    blueprint,
    "GET /profiles/<int:profile_id>/events",
    "customers:read",
    query=HappenedQuery,
    answers={200: Answer("The latest events", HappenedList)},
    problems=(404,),
)
def list_profile_events(call: Call, profile_id: int) -> Response:
    """List what happened to a profile, newest first."""
    tenant_id = call.principal.tenant_id
    with call.database.statements() as session:
        row = people.find(session, tenant_id, profile_id)
        found = people.events_of(session, tenant_id, row.id, limit=call.query["limit"])
    told = ("message_id", "type", "name", "revenue", "properties")
    return page_answer([{**{name: getattr(one, name) for name in told}, "at": rfc3339(one.at)} for one in found])
