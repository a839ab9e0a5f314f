"""Faults of a document, each with its place, gathered so that all are told at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from marshmallow import ValidationError

from core.workloads.simulation.expressions.faults import ExpressionFault

Path = tuple[str | int, ...]


class Faults:
    """The faults found so far.

    `declared` says where a step of a path was declared, where that is somewhere else.
    """

    def __init__(self, declared: Callable[[str], str] = str) -> None:
        self._declared = declared
        self._messages: dict[str | int, Any] = {}

    def add(self, path: Path, detail: str) -> None:
        """Note a fault; of a place that has others already it is one more, unless it is the same."""
        place = self._messages
        steps = [self._declared(step) if isinstance(step, str) else step for step in path]
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        told = place.setdefault(steps[-1], [])
        if detail not in told:
            told.append(detail)

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
