"""Forms made from JSON Schemas: the fields of an object, what people typed as JSON again, errors put at their fields.

What has no control of its own (lists, unions, objects with free names) is written as JSON.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from core.errors import FieldError, escape
from webapp.examples import type_of
from webapp.parsing import parse_json
from webapp.problems import BodyMalformed

Schema = Mapping[str, Any]
DEEPEST = 3
LONG_TEXT = 80
_SOURCES = frozenset({"source", "text", "stdin"})
UNSET = object()
"""What a field says in which nothing was typed."""


@dataclass(slots=True)
class Field:
    """One field of a form, or a group of fields."""

    pointer: str
    name: str
    control: str
    """`text`, `area`, `secret`, `integer`, `number`, `choice`, `choices`, `flag`, `json`, `loose` or `group`."""
    schema: Schema
    required: bool
    value: str = ""
    chosen: list[str] = field(default_factory=list)
    """What of the choices holds, where several may."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What choices are called, where that is not what is sent."""
    fields: list["Field"] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Name it for people."""
        words = self.name.removesuffix("_s").removesuffix("_id").replace("_", " ")
        return words[:1].upper() + words[1:] + (", seconds" if self.name.endswith("_s") else "")

    @property
    def hint(self) -> str:
        """Say what it means, and what counts where nothing is typed."""
        default = self.schema.get("default")
        told = str(self.schema.get("description", "")).rstrip(".")
        usual = "" if default in (None, "", [], {}) else f"{_written(default, self.control)} unless given"
        return ". ".join(part for part in (told, usual) if part)

    @property
    def choices(self) -> Sequence[str]:
        """List what may be chosen, as it is written."""
        return [_written(each, "choice") for each in self.schema.get("enum", ()) if each is not None]

    @property
    def rows(self) -> int:
        """Return how many lines are shown."""
        return min(16, max(3, self.value.count("\n") + 2))


def fields_of(schema: Schema, value: Any, pointer: str = "", depth: int = 0) -> list[Field]:
    """Make the fields of an object, filled with a value; required ones first come as the schema has them."""
    given = value if isinstance(value, Mapping) else {}
    required = set(schema.get("required", ()))
    return [
        _field(below, name, given.get(name, UNSET), f"{pointer}/{escape(name)}", depth, required=name in required)
        for name, below in schema.get("properties", {}).items()
    ]


def is_writable(schema: Schema) -> bool:
    """Tell whether an object has fields that a form can show."""
    return bool(schema.get("properties"))


def take(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, Any]:
    """Put what was typed into the fields and return it as JSON; what cannot be read becomes the field's error."""
    taken = {each.name: _taken(each, typed) for each in fields}
    return {name: value for name, value in taken.items() if value is not UNSET}


def place(
    fields: Sequence[Field], errors: Sequence[FieldError], below: str = "/params", above: str = ""
) -> list[FieldError]:
    """Put each error at the field that it points into; return those that point at none.

    Errors point into what was sent, fields into the form: `below` is what the former have in front, `above` the latter.
    """
    everything = sorted(walk(fields), key=lambda each: -len(each.pointer))
    left = []
    for error in errors:
        pointer = above + error.pointer.removeprefix(below)
        home = next((each for each in everything if f"{pointer}/".startswith(f"{each.pointer}/")), None)
        if home is None:
            left.append(error)
        else:
            deeper = pointer.removeprefix(home.pointer)
            home.errors.append(f"{deeper}: {error.detail}" if deeper else error.detail)
    return left


def walk(fields: Sequence[Field]) -> Iterator[Field]:
    """Yield the fields with those of their groups."""
    for each in fields:
        yield each
        yield from walk(each.fields)


def _field(schema: Schema, name: str, value: Any, pointer: str, depth: int, *, required: bool) -> Field:
    control = _control(schema, name, value, depth)
    made = Field(pointer, name, control, schema, required)
    if control == "group":
        made.fields = fields_of(schema, value, pointer, depth + 1)
    elif control == "choices":
        made.chosen = list(value) if isinstance(value, list) else []
    elif value is not UNSET and value is not None:
        made.value = _written(value, control)
    return made


def _control(schema: Schema, name: str, value: Any, depth: int) -> str:
    named = type_of(schema)
    if named == "object" and "null" not in schema.get("type", ()) and is_writable(schema) and depth < DEEPEST:
        return "group"
    if schema.get("enum"):
        return "choices" if named == "array" else "choice"
    if "type" not in schema:
        return "loose"
    if schema.get("format") == "secret":
        return "secret"
    if named == "string":
        long = isinstance(value, str) and (len(value) > LONG_TEXT or "\n" in value)
        return "area" if long or name in _SOURCES else "text"
    return {"boolean": "flag", "integer": "integer", "number": "number"}.get(named, "json")


def _written(value: Any, control: str) -> str:
    if isinstance(value, str):
        return value
    if control in {"json", "loose"} and isinstance(value, list | dict):
        flat = all(not isinstance(each, list | dict) for each in value)
        return json.dumps(value, ensure_ascii=False, indent=None if flat else 1)
    return json.dumps(value, ensure_ascii=False)


def _taken(field: Field, typed: Mapping[str, str]) -> Any:
    if field.control == "group":
        below = take(field.fields, typed)
        return below if below or field.required else UNSET
    if field.control == "choices":
        return _picked(field, typed)
    return _written_in(field, typed)


def _picked(field: Field, typed: Mapping[str, str]) -> Any:
    field.chosen = typed.getlist(field.pointer) if isinstance(typed, MultiDict) else []
    return field.chosen or UNSET


def _written_in(field: Field, typed: Mapping[str, str]) -> Any:
    text = typed.get(field.pointer, "").replace("\r\n", "\n")
    field.value = text
    if not text.strip() and field.control != "area":
        return UNSET
    if field.control in {"text", "secret"}:
        return text.strip()
    if field.control == "area":
        return text if text or field.required else UNSET
    try:
        return _read(field, text.strip())
    except ValueError as error:
        field.errors.append(str(error))
        return UNSET


def _read(field: Field, text: str) -> Any:
    """Read what was typed as the type that the field has; raises `ValueError`."""
    if field.control == "choice":
        return next((each for each in field.schema["enum"] if _written(each, "choice") == text), text)
    try:
        value = parse_json(text.encode())
    except BodyMalformed as error:
        if field.control == "loose":
            return text
        raise ValueError("Not JSON." if field.control == "json" else "Not a number.") from error
    if field.control in {"integer", "number"} and not isinstance(value, int | float):
        raise ValueError("Not a number.")
    return value
