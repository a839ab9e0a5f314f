"""What can be simulated: one light module for each, named like the field of the params that gives it."""

import importlib
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from core.workloads.simulation.subjects.base import Subject

NAMES = ("model", "dynamics", "agents")


def of(data: Mapping[str, Any]) -> Subject:
    """Return what the params give; raises `ValidationError` for none and two."""
    given = [name for name in NAMES if data.get(name) is not None]
    if len(given) != 1:
        raise ValidationError({"model": ["Give one of model, dynamics and agents."]})
    found: Subject = importlib.import_module(f"{__name__}.{given[0]}")
    return found
