"""Spaces of settings: choices by place, and every combination of them in one fixed order."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from core.jobs.references import filled

Space = Mapping[str, Sequence[Any]]
Settings = dict[str, Any]

MOST_CONFIGURATIONS = 2_000


def size(space: Space) -> int:
    """Return how many configurations there are."""
    return prod(len(choices) for choices in space.values())


def configurations(space: Space) -> list[Settings]:
    """List all settings by place, the last place varying fastest."""
    places = list(space)
    return [dict(zip(places, chosen, strict=True)) for chosen in product(*space.values())]


def applied(params: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return params with the settings in their places."""
    made: dict[str, Any] = filled(params, settings)
    return made


def choices_of(space: Space, number: int) -> Iterator[tuple[str, int]]:
    """Yield for one configuration, by its number, each place and which of its choices it has."""
    for place, choices in reversed(list(space.items())):
        number, choice = divmod(number, len(choices))
        yield place, choice
