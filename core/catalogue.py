"""Every kind of job there is, found by where its workload lies."""

import difflib
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import core.platform
import core.workloads
from core.errors import FieldError, Invalid
from core.jobs.kind import JobKind
from core.platform.bus.topic import Topic


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
            detail = self.explain_unknown(name)
            raise KindUnknown(detail, errors=[FieldError("/kind", detail)]) from None

    def explain_unknown(self, name: str) -> str:
        """Say that there is no kind of that name, and which one may be meant."""
        nearest = difflib.get_close_matches(name, self.kinds, n=1)
        meant = f" Did you mean {nearest[0]}?" if nearest else ""
        return f"There is no kind {name!r}.{meant} Known are {', '.join(self.kinds)}."


def discover() -> Catalogue:
    """Read every `core/workloads/<workload>/kinds.py`; a name declared twice is a programming error."""
    found: dict[str, JobKind] = {}
    for workload in workload_names():
        for kind in declared_kinds(importlib.import_module(f"core.workloads.{workload}.kinds")):
            if kind.name in found:
                raise ValueError(f"the kind {kind.name} is declared twice")
            found[kind.name] = kind
    return Catalogue(dict(sorted(found.items())))


def discover_topics() -> dict[str, Topic]:
    """Read every `topics.py` of the platform's packages and the workloads, and return all topics by name."""
    found: dict[str, Topic] = {}
    for package in (core.platform, core.workloads):
        for file in sorted(file for folder in package.__path__ for file in Path(folder).glob("*/topics.py")):
            module = importlib.import_module(f"{package.__name__}.{file.parent.name}.topics")
            for topic in (value for value in vars(module).values() if isinstance(value, Topic)):
                if found.setdefault(topic.name, topic) is not topic:
                    raise ValueError(f"the topic {topic.name} is declared twice")
    return dict(sorted(found.items()))


def workload_names() -> list[str]:
    """List the folders of `core/workloads` that declare kinds."""
    # By the file and not by the package: a forgotten `__init__.py` would hide a workload without a word.
    return sorted(file.parent.name for folder in core.workloads.__path__ for file in Path(folder).glob("*/kinds.py"))


def declared_kinds(module: ModuleType) -> list[JobKind]:
    """List the kinds that a module declares."""
    return [value for value in vars(module).values() if isinstance(value, JobKind)]
