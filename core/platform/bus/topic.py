"""What a topic declares: its name, what its events tell, an example. Light, as the web process reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema


@dataclass(frozen=True, slots=True)
class Topic:
    """One sort of event, `subject.what_happened`; declared in a `topics.py` and found by where that lies."""

    name: str
    summary: str
    data: type[Schema]
    """What its events carry, beside what all of them do."""
    example: Mapping[str, Any]
    subject: str
    """What the event's `subject` is the id of: a domain, a graph, a federation."""


@dataclass(frozen=True, slots=True)
class News:
    """One event that is to be published: what it tells, and of whom."""

    topic: Topic
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)
