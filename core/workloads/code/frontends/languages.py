"""This file is about which languages are spoken: those whose front ends are there, with a reason for each other."""

import importlib
import importlib.util

from core.workloads.code.frontends.base import FrontEnd

NAMES = ("c", "python", "haskell", "lisp", "java", "idris", "system-f", "assembly")
"""What `language` may say, spoken here or not."""


class LanguageAbsent(Exception):
    """This installation has no front end for the language."""


def find(name: str) -> FrontEnd:
    """Return a language's front end; raises `LanguageAbsent` with the reason."""
    module = f"{__package__}.{name.replace('-', '_')}.front_end"
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise LanguageAbsent(f"there is no front end for {name} in this version")
    front_end: FrontEnd = importlib.import_module(module).FRONT_END
    return front_end


def spoken() -> list[str]:
    """List the languages that have a front end."""
    return [name for name in NAMES if _has_front_end(name)]


def _has_front_end(name: str) -> bool:
    try:
        find(name)
    except LanguageAbsent:
        return False
    return True
