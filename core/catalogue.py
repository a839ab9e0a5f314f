"""Every kind of job there is, found by where its workload lies."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import core.workloads
from core.errors import FieldError, Invalid
from core.jobs.kind import JobKind


class KindUnknown(Invalid):
    """There is no such kind of job."""

    code = "kind_unknown"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All kinds by name, in order of their names."""

    kinds: dict[str, JobKind]

    def __iter__(self) -> Iterator[JobKind]:
        return iter(self.kinds.values())

    def find(self, name: str) -> JobKind:
        """Return the kind of that name or raise `KindUnknown`, which names the field and the nearest kinds."""
        try:
            return self.kinds[name]
        except KeyError:
            detail = f"there is no kind {name!r}; known are {', '.join(self.kinds)}"
            raise KindUnknown(detail, errors=[FieldError("/kind", detail)]) from None


def discover() -> Catalogue:
    """Read every `core/workloads/<workload>/kinds.py`; a name declared twice is a programming error."""
    found: dict[str, JobKind] = {}
    for workload in workload_names():
        for kind in declared_kinds(importlib.import_module(f"core.workloads.{workload}.kinds")):
            if kind.name in found:
                raise ValueError(f"the kind {kind.name} is declared twice")
            found[kind.name] = kind
    return Catalogue(dict(sorted(found.items())))


def workload_names() -> list[str]:
    """List the folders of `core/workloads` that declare kinds."""
    # By the file and not by the package: a forgotten `__init__.py` would hide a workload without a word.
    return sorted(file.parent.name for folder in core.workloads.__path__ for file in Path(folder).glob("*/kinds.py"))


def declared_kinds(module: ModuleType) -> list[JobKind]:
    """List the kinds that a module declares."""
    return [value for value in vars(module).values() if isinstance(value, JobKind)]
