"""Examples of what jobs about customers take, as the API documents them."""

from typing import Any


def events() -> list[dict[str, Any]]:
    """Make the events of somebody who looks around, signs up and buys."""
    return [
        {
            "type": "page",
            "messageId": "m-1",
            "anonymousId": "a-81f",
            "timestamp": "2026-11-01T09:00:00Z",
            "properties": {"path": "/boots"},
        },
        {
            "type": "identify",
            "messageId": "m-2",
            "anonymousId": "a-81f",
            "userId": "u-1",
            "timestamp": "2026-11-01T09:05:00Z",
            "traits": {"email": "person@example.com", "first_name": "Pat", "plan": "plus"},
        },
        {
            "type": "track",
            "messageId": "m-3",
            "userId": "u-1",
            "event": "Order Completed",
            "timestamp": "2026-11-02T18:30:00Z",
            "properties": {"revenue": 89.9, "currency": "EUR"},
        },
    ]
