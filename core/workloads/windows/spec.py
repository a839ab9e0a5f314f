"""A generator as one document: a base that makes values, and layers that change them, checked with its variables."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Params
from core.workloads.windows.specs.base import Chosen, members

MOST_VARIABLES = 256
LARGEST_WINDOW = 100_000
MOST_VALUES = 4_000_000
"""Values of one window, all variables together."""


class GeneratorSpec(Schema):
    """How a domain's windows are made."""

    class Meta:
        """Refuse what is not declared."""

        unknown = "raise"

    base = Chosen("base", required=True)
    layers = fields.List(
        Chosen("layer"),
        load_default=list,
        validate=Length(max=20),
        metadata={"description": "Change the base's values one after the other"},
    )


def variables_field(**options: Any) -> fields.List[str]:
    """Make the field of a domain's variables."""
    names = fields.String(validate=Length(1, 100))
    return fields.List(
        names, validate=Length(1, MOST_VARIABLES), metadata={"description": "Their names, in order"}, **options
    )


def window_size_field(**options: Any) -> fields.Integer:
    """Make the field of a window's rows."""
    return fields.Integer(
        strict=True, validate=Range(2, LARGEST_WINDOW), metadata={"description": "Rows of a window"}, **options
    )


class WindowSpec(Params):
    """Windows without a domain: their variables, their size, how they are made."""

    variables = variables_field(required=True)
    window_size = window_size_field(load_default=100)
    generator = fields.Nested(GeneratorSpec, required=True)

    @validates_schema
    def check_together(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse what only shows when generator, variables and size meet."""
        check_generator(given["variables"], given["window_size"], given["generator"])


def check_generator(variables: Sequence[str], window_size: int, generator: Mapping[str, Any] | None) -> None:
    """Raise `ValidationError` for variables given twice, windows too large, and generators that do not fit them."""
    check_variables(variables)
    if len(variables) * window_size > MOST_VALUES:
        told = f"{len(variables)} variables times {window_size} rows are more than {MOST_VALUES} values."
        raise ValidationError({"window_size": [told]})
    if generator is None:
        return
    _check_member(generator["base"], variables, ("generator", "base"))
    for place, layer in enumerate(generator["layers"]):
        _check_member(layer, variables, ("generator", "layers", place))


def check_variables(variables: Sequence[str]) -> None:
    """Raise `ValidationError` for the first name that is given twice or cannot be told from another."""
    for place, name in enumerate(variables):
        if name != name.strip() or any(ord(character) < ord(" ") for character in name):
            raise ValidationError(
                {"variables": {place: ["Blanks around it or control characters have no place here."]}}
            )
        if name in variables[:place]:
            raise ValidationError({"variables": {place: [f"{name!r} is given twice."]}})


def _check_member(spec: Mapping[str, Any], variables: Sequence[str], path: Sequence[str | int]) -> None:
    try:
        members()[spec["generator"]]().check(spec, list(variables))
    except ValidationError as error:
        messages: Any = error.messages
        for step in reversed(path):
            messages = {step: messages}
        raise ValidationError(messages) from error
