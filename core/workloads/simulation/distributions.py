"""What a number may be when it is not known for sure: a family and its parameters, as params give it."""

from typing import Any

from marshmallow import ValidationError, fields

from core.jobs.kind import Number, Params

LARGEST = 1e15


def _bounded(value: float) -> None:
    if abs(value) > LARGEST:
        raise ValidationError(f"Beyond {LARGEST:g} no parameter is a sensible number.")


def number(**options: Any) -> Number:
    """Declare a finite number of sensible size."""
    return Number(validate=_bounded, **options)


class _Normal(Params):
    distribution = fields.String(required=True)
    mean = number(required=True)
    sd = number(required=True)


class _Lognormal(Params):
    distribution = fields.String(required=True)
    median = number(required=True)
    sigma = number(required=True)


class _Uniform(Params):
    distribution = fields.String(required=True)
    low = number(required=True)
    high = number(required=True)


class _Triangular(_Uniform):
    mode = number(required=True)


FAMILIES: dict[str, type[Params]] = {
    "normal": _Normal,
    "lognormal": _Lognormal,
    "uniform": _Uniform,
    "triangular": _Triangular,
}
_POSITIVE = ("sd", "median", "sigma")


def load(value: Any) -> dict[str, Any]:
    """Read one distribution; raises `ValidationError`."""
    name = value.get("distribution") if isinstance(value, dict) else None
    if not isinstance(name, str) or name not in FAMILIES:
        raise ValidationError({"distribution": [f"Must be one of {', '.join(FAMILIES)}."]})
    loaded: dict[str, Any] = FAMILIES[name]().load(value)
    for field in _POSITIVE:
        if field in loaded and loaded[field] <= 0:
            raise ValidationError({field: ["Must be greater than 0."]})
    if "low" in loaded and loaded["low"] >= loaded["high"]:
        raise ValidationError({"high": ["Must be greater than low."]})
    if "mode" in loaded and not loaded["low"] <= loaded["mode"] <= loaded["high"]:
        raise ValidationError({"mode": ["Must lie between low and high."]})
    return loaded


class Distribution(fields.Field[dict[str, Any]]):
    """A family by name and its parameters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        del attr, data, kwargs
        return load(value)


class Uncertain(fields.Field[float | dict[str, Any]]):
    """A number, or a distribution that each member of the ensemble draws its own from."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float | dict[str, Any]:
        if isinstance(value, dict):
            return load(value)
        plain: float = number().deserialize(value, attr, data, **kwargs)
        return plain
