"""Tickets with which open pages listen to the stream process instead of asking again and again."""

from flask import Blueprint, Response, request

from webapp.api.v1.streams import ticket_document
from webapp.dashboard.frame import page
from webapp.operations import Call, json_answer
from webapp.parsing import load
from webapp.schemas.streams import TicketRequest

blueprint = Blueprint("news", __name__)


@page(blueprint, "POST /news", "jobs:read")
def issue_ticket(call: Call) -> Response:
    """Give a page a ticket for the topics that it shows."""
    asked = load(TicketRequest(), {"topics": request.form.getlist("topics")})
    return json_answer(ticket_document(call, asked["topics"], asked["after"]), 201)
