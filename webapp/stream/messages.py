"""Messages as sockets send them: written once for all who get the same."""

import json
from functools import cached_property
from typing import Any

from wsproto.frame_protocol import FrameProtocol

from core.platform.streams.carriage import Item
from core.platform.streams.topics import JOB, is_chain

POLL_EVERY_S = 2


class Message:
    """One piece of news, encoded for each transport when the first socket sends it."""

    def __init__(self, item: Item) -> None:
        self.item = item

    @property
    def topic(self) -> str:
        """Name what it is about as clients do."""
        sort = self.item.channel.partition(":")[0]
        return self.item.channel if sort == JOB else sort

    @cached_property
    def text(self) -> str:
        """Write it as JSON."""
        head = json.dumps({"topic": self.topic, "seq": self.item.seq, "type": self.item.type})
        return f'{head[:-1]}, "data": {self.item.text}}}'

    @cached_property
    def frame(self) -> bytes:
        """Write it as a frame of a WebSocket."""
        return text_frame(self.text)

    @cached_property
    def event(self) -> bytes:
        """Write it as a server-sent event, whose id tells of which topic it is the number."""
        number = f"id: {self.topic}={self.item.seq}\n" if is_chain(self.item.channel) else ""
        return f"{number}event: {self.item.type}\ndata: {self.text}\n\n".encode()


class Notice:
    """Something about the stream itself, of one socket."""

    def __init__(self, kind: str, **told: Any) -> None:
        self.text = json.dumps({"type": kind, **told})
        self.frame = text_frame(self.text)
        self.event = f"event: {kind}\ndata: {self.text}\n\n".encode()


def text_frame(text: str) -> bytes:
    """Write a text as one frame; a server's frames are not masked, so they are the same for everybody."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text, fin=True))
