"""How the tests run models."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pytest
from marshmallow import ValidationError

from core.canonical import canonical_json
from core.errors import field_errors
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.simulation import kinds, running

DECAY: dict[str, Any] = {
    "name": "decay",
    "horizon": 4,
    "dt": 0.5,
    "stocks": {"level": {"initial": 8}},
    "flows": {"loss": {"from": "level", "equation": "rate * level"}},
    "parameters": {"rate": {"value": 0.5}},
}
"""The smallest model with all there is to a model."""


def context(recorder: MemoryRecorder | None = None) -> JobContext:
    return JobContext(UUID(int=1), 1, 7, recorder or MemoryRecorder())


class Killed(BaseException):
    """The attempt is over at once."""


class Mortal(MemoryRecorder):
    """A recorder whose attempt is killed when so many snapshots were offered."""

    lives: int

    def offer_snapshot(self, write: Callable[[], bytes]) -> None:
        super().offer_snapshot(write)
        self.lives -= 1
        if not self.lives:
            raise Killed


def load(**params: Any) -> dict[str, Any]:
    return dict(kinds.RUN.params().load({"plots": False, "members": 1, **params}))


def resumed(compute: Callable[[MemoryRecorder], dict[str, Any]], lives: int) -> str:
    """Let an attempt be killed behind so many snapshots, and return what the next one comes to."""
    mortal = Mortal()
    mortal.lives = lives
    with pytest.raises(Killed):
        compute(mortal)
    heir = MemoryRecorder(snapshot=mortal.snapshot)
    result = compute(heir)
    assert [line[1] for line in heir.lines] == ["resumed from a snapshot"]
    return canonical_json(result)


def run(recorder: MemoryRecorder | None = None, **params: Any) -> dict[str, Any]:
    return running.compute(load(**params), context(recorder))


def course(result: dict[str, Any], name: str) -> npt.NDArray[np.float64]:
    """Return the mean course of one value."""
    (found,) = [one["mean"] for one in result["series"] if one["name"] == name]
    return np.asarray(found)


def faults(**params: Any) -> dict[str, str]:
    """Load params that are refused, and return each fault by its pointer."""
    with pytest.raises(ValidationError) as caught:
        load(**params)
    return {each.pointer: each.detail for each in field_errors(caught.value.messages)}


def changed(document: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """Return a model with entries added to some of its sections, or fields set."""
    return {
        **document,
        **{
            name: {**document.get(name, {}), **value} if isinstance(value, dict) else value
            for name, value in sections.items()
        },
    }
