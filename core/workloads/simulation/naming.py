"""Names: what may be one, and fields that hold entries by name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import ValidationError, fields

from core.workloads.simulation.expressions.functions import FUNCTIONS
from core.workloads.simulation.expressions.parsing import WORDS

LONGEST_NAME = 60
RESERVED = {"time", *WORDS, *FUNCTIONS}
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_ELEMENT = re.compile(r"([a-z][a-z0-9_]*)\[([a-z0-9_]+(?:,[a-z0-9_]+)*)\]", re.ASCII)


def check_name(name: Any) -> None:
    """Raise `ValidationError` for what no equation could speak of."""
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise ValidationError(f"A name is small letters, digits and _, at most {LONGEST_NAME}, a letter first.")
    if name in RESERVED:
        raise ValidationError(f"{name!r} is a word of equations.")


def element_name(name: str, elements: Iterable[str]) -> str:
    """Return what an element of an array is called."""
    return f"{name}[{','.join(elements)}]"


def declared_name(name: str) -> str:
    """Return the name under which an element, or a stage of a delay, was declared."""
    return re.split(r"[\[/]", name, maxsplit=1)[0]


def check_element(name: Any) -> None:
    """Raise `ValidationError` for what neither is a name nor an element of an array."""
    found = _ELEMENT.fullmatch(name) if isinstance(name, str) else None
    check_name(found[1] if found else name)


class ByName(fields.Dict):
    """Entries by name; what is wrong with one is told at its name, and not at a `key` or `value` below."""

    def __init__(self, entry: fields.Field[Any], description: str, *, elements: bool = False, **options: Any) -> None:
        names = fields.String(validate=check_element if elements else check_name)
        super().__init__(names, entry, load_default=dict, metadata={"description": description}, **options)

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(*args, **kwargs)  # type: ignore[no-untyped-call]  # not annotated there
        except ValidationError as error:
            raise ValidationError(_flat(error.messages)) from error


def _flat(messages: Any) -> Any:
    if not isinstance(messages, Mapping):
        return messages
    return {name: told.get("key") or told.get("value") for name, told in messages.items()}
