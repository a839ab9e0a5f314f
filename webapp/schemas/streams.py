"""Tickets for live streams over the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length, Range

from core.platform.streams.tickets import MOST_TOPICS
from core.platform.streams.topics import Topic, TopicUnknown, read_topic
from webapp.schemas.bus import LARGEST_SEQ
from webapp.schemas.values import Strict


class TopicField(fields.String):
    """The name of a topic, read into one."""

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> Topic:  # type: ignore[override]  # what is loaded is richer than what is sent
        try:
            return read_topic(super()._deserialize(value, *place, **options))
        except TopicUnknown as error:
            raise ValidationError(error.detail) from None


class TicketRequest(Strict):
    """What is to be listened to, and from where on."""

    topics = fields.List(
        TopicField(
            metadata={
                "description": "`job:<id>`, `jobs`, `queues`, `schedules`, `alerts`, `events`, `events:<name>`, "
                "`domain:<id>`"
            }
        ),
        required=True,
        validate=Length(1, MOST_TOPICS),
    )
    after = fields.Dict(
        keys=fields.String(validate=Length(1, 100)),
        values=fields.Integer(strict=True, validate=Range(0, LARGEST_SEQ)),
        load_default=dict,
        validate=Length(0, MOST_TOPICS),
        metadata={
            "description": "By topic, the last number known of it: the stream goes on behind. Jobs are told from their "
            "first event otherwise, `events` and `domain:<id>` from now on"
        },
    )


class TicketDocument(Schema):
    """A ticket and where it is good."""

    ticket = fields.String(required=True)
    expires_at = fields.DateTime(required=True)
    after = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "By topic, behind which number the stream begins; a later ticket may say the same"},
    )
    stream_url = fields.String(required=True, metadata={"description": "Where the streams are"})
    websocket_url = fields.String(required=True, metadata={"description": "For a WebSocket, ticket included"})
    sse_url = fields.String(required=True, metadata={"description": "For server-sent events, ticket included"})
    poll = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "By topic, the address that tells the same to those who ask now and then"},
    )
    interval_s = fields.Integer(required=True, metadata={"description": "How often to poll, at most"})
