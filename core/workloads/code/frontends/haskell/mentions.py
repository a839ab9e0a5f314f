"""Which names a clause mentions, those that it binds itself included."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from core.workloads.code.frontends.haskell.syntax import Variable


def mentions(one: object) -> Iterator[str]:
    """Give the names of variables anywhere within a part of a program."""
    if isinstance(one, Variable):
        yield one.name
    elif isinstance(one, tuple | list):
        for inner in one:
            yield from mentions(inner)
    elif isinstance(one, dict):
        for inner in one.values():
            yield from mentions(inner)
    elif is_dataclass(one):
        for field in fields(one):
            yield from mentions(getattr(one, field.name))
