"""What populations take and what is measured of them; light, for the web process."""

import importlib
import pkgutil
from typing import Any

from marshmallow import ValidationError, fields

from core.workloads.simulation.population_specs.base import PopulationSpec


def names() -> list[str]:
    """Return the names of all populations."""
    return sorted(one.name for one in pkgutil.iter_modules(__path__) if one.name != "base")


def find(name: str) -> type[PopulationSpec]:
    """Return the spec of a population."""
    found: type[PopulationSpec] = importlib.import_module(f"{__name__}.{name}").SPEC
    return found


class AgentsField(fields.Field[dict[str, Any]]):
    """One population by its name, and what it takes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        del attr, data, kwargs
        name = value.get("population") if isinstance(value, dict) else None
        if not isinstance(name, str) or name not in names():
            raise ValidationError({"population": [f"Must be one of {', '.join(names())}."]})
        loaded: dict[str, Any] = find(name)().load(value)
        return loaded
