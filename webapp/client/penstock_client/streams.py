"""A job's events as they happen, over connections that may break."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial

import httpx2

from penstock_client.documents import Event
from penstock_client.errors import Unreachable
from penstock_client.transport import Transport

STREAM = "text/event-stream"
RECONNECT_S = 1.0


def follow_events(transport: Transport, path: str) -> Iterator[Event]:
    """Yield every event from the first to the final one; a broken stream goes on behind the last event seen."""
    seen = 0
    while True:
        headers = {"Accept": STREAM, "Last-Event-ID": str(seen)}
        response = transport.repeat(partial(transport.open, path, headers=headers))
        with closing(response):
            if response.status_code == httpx2.codes.NO_CONTENT:
                return
            before = seen
            for event in _events(response):
                seen = event.seq
                yield event
        if seen == before:
            transport.sleep(RECONNECT_S)


def _events(response: httpx2.Response) -> Iterator[Event]:
    try:
        for message in httpx2.EventSource(response):
            if message.data:
                yield Event.read(message.json())  # type: ignore[arg-type]  # the API's events are objects
    except httpx2.SSEError as error:
        raise Unreachable(f"{response.url} does not stream: {error}") from error
    except httpx2.TransportError:
        return
