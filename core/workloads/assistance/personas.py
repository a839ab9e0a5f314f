"""Personas: who does one step of an orchestration, as versioned records in a data file, each with a golden set."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Missing

FILE = Path(__file__).with_name("personas.json")


class PersonaMissing(Missing):
    """There is no such persona, or not in that version."""

    code = "persona_missing"


@dataclass(frozen=True, slots=True)
class Golden:
    """One case that a persona has to get right, whoever answers."""

    instruction: str
    material: Mapping[str, Any]
    holds: Sequence[str]
    """What the answer has to say."""
    lacks: Sequence[str]
    """What it must not."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One version of one persona."""

    id: str
    version: int
    purpose: str
    instruction: str
    tier: str
    """Who is asked first: `model` or `cheaper_model`."""
    max_tokens: int
    output: str
    """`text`, or `findings`: a list of sentences."""
    tools: Sequence[str]
    """What it may call: nothing."""
    golden: Sequence[Golden]


def find(persona_id: str, version: int | None = None) -> Persona:
    """Return a persona in a version, the latest unless one is named; raises `PersonaMissing`."""
    held = [one for one in everyone() if one.id == persona_id and version in (None, one.version)]
    if not held:
        raise PersonaMissing(f"there is no persona {persona_id!r}{'' if version is None else f' of version {version}'}")
    return max(held, key=lambda one: one.version)


@functools.cache
def everyone() -> Sequence[Persona]:
    """Return every version of every persona."""
    told: list[dict[str, Any]] = json.loads(FILE.read_text())["personas"]
    return [Persona(**{**one, "golden": [Golden(**case) for case in one["golden"]]}) for one in told]
