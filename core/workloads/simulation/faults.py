"""Faults of a document, each with its place, gathered so that all are told at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from marshmallow import ValidationError

from core.workloads.simulation.expressions.faults import ExpressionFault

Path = tuple[str | int, ...]


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self._messages: dict[str | int, Any] = {}

    def add(self, path: Path, detail: str) -> None:
        """Note a fault; of a place that has one already it is another."""
        place = self._messages
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place.setdefault(path[-1], []).append(detail)

    @contextmanager
    def at(self, *path: str | int) -> Iterator[None]:
        """Note what is wrong with an equation, and go on behind it."""
        try:
            yield
        except ExpressionFault as fault:
            self.add(path, str(fault))

    def refuse(self) -> None:
        """Raise `ValidationError` if there are any."""
        if self._messages:
            raise ValidationError(self._messages)
