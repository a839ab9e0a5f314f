"""Forms that change what is there: only what was changed is sent on, since some changes have consequences."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request
from marshmallow import Schema

from core.errors import PenstockError
from webapp.dashboard.forms import Field, place, take, walk
from webapp.parsing import load
from webapp.problems import status_of

_EMPTY: Mapping[str, Any] = {"null": None, "array": [], "object": {}}


def changed_in(
    fields: list[Field],
    schema: Schema,
    before: Mapping[str, Any],
    act: Callable[[Mapping[str, Any]], Response],
    show: Callable[..., Response],
) -> Response:
    """Do what was changed in a form, or show it again with what is wrong at its fields."""
    taken = take(fields, request.form)
    if any(each.errors for each in walk(fields)):
        return show(status=422)
    try:
        return act(load(schema, changes_of(fields, before, taken)))
    except PenstockError as error:
        return show(status=status_of(type(error)), error=error, left=place(fields, error.errors, below=""))


def changes_of(fields: list[Field], before: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """Return which fields are to become what; one that was emptied becomes nothing where it may."""
    changes = {name: value for name, value in taken.items() if name not in before or value != before[name]}
    for each in fields:
        if each.name not in taken and before.get(each.name):
            types = each.schema.get("type", ())
            for named, nothing in _EMPTY.items():
                if named == types or (not isinstance(types, str) and named in types):
                    changes[each.name] = nothing
                    break
    return changes
