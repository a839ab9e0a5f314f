"""The models that come with the platform: documents of `models/`, by the names of their files."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "models"


@cache
def names() -> list[str]:
    """Return the names of all."""
    return sorted(file.stem for file in _FOLDER.glob("*.json"))


def read(name: str) -> dict[str, Any]:
    """Read one; raises `KeyError` for a stranger."""
    if name not in names():
        raise KeyError(name)
    document: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text())
    return document
