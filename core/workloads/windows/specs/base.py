"""What a generator's spec declares, and how one is chosen by its name."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from marshmallow import Schema, ValidationError, fields

import core.workloads.windows.specs as folder

Role = Literal["base", "layer"]
LARGEST = 1e6
"""Beyond this no parameter is a sensible number."""


class Spec(Schema):
    """Base of every spec: unknown fields are refused."""

    class Meta:
        """Refuse what the generator does not know."""

        unknown = "raise"

    role: Role = "layer"
    """A base makes the values, layers change them one after the other."""

    generator = fields.String(required=True)

    def check(self, spec: Mapping[str, Any], variables: list[str]) -> None:
        """Raise `ValidationError` for what only shows once the variables are known."""


@cache
def members() -> dict[str, type[Spec]]:
    """Find the spec of every generator, by the name of its module."""
    names = [found.name for found in pkgutil.iter_modules(folder.__path__) if found.name != "base"]
    return {name: importlib.import_module(f"{folder.__name__}.{name}").SPEC for name in sorted(names)}


class Chosen(fields.Dict):
    """One generator's spec, chosen by its `generator`."""

    def __init__(self, role: Role, **options: Any) -> None:
        self.role = role
        names = ", ".join(name for name, spec in members().items() if spec.role == role)
        metadata = {"description": f"`generator` is one of {names}; the rest is what it takes"}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, *place: Any, **options: Any) -> dict[str, Any]:
        given: dict[str, Any] = super()._deserialize(value, *place, **options)  # type: ignore[no-untyped-call]  # not annotated there
        known = {name: spec for name, spec in members().items() if spec.role == self.role}
        name = given.get("generator")
        if name not in known:
            raise ValidationError({"generator": [f"Must be one of {', '.join(known)}."]})
        return dict(known[name]().load(given))


class Words(fields.List[str]):
    """Names of variables; all when absent."""

    def __init__(self, **options: Any) -> None:
        metadata = {"description": "Names of variables; all when absent"}
        super().__init__(fields.String(), load_default=None, allow_none=True, metadata=metadata, **options)


def check_names(names: list[str] | None, variables: list[str], field: str = "variables") -> None:
    """Raise `ValidationError` naming the first that is no variable."""
    for place, name in enumerate(names or ()):
        if name not in variables:
            raise ValidationError({field: {place: [f"{name!r} is no variable."]}})
