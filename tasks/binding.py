"""The binding of a kind to the function that computes it, and of what a workload's workers tell besides."""

import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

from core.catalogue import Catalogue
from core.database import Database
from core.jobs.execution import Compute
from core.jobs.kind import JobKind


@dataclass(frozen=True, slots=True)
class Binding:
    """One kind and its computation."""

    kind: JobKind
    compute: Compute


@dataclass(frozen=True, slots=True)
class HostTelling:
    """What a worker that serves a workload tells of its host: called with its name, gives the seconds to the next."""

    tell: Callable[[Database, str], float]


Bound = TypeVar("Bound", Binding, HostTelling)


def job_task(kind: JobKind, compute: Compute) -> Binding:
    """Bind a kind to its computation; a worker makes a Celery task named by the kind of it."""
    return Binding(kind, compute)


def load_bindings(catalogue: Catalogue, queues: Collection[str] | None = None) -> list[Binding]:
    """Import the bindings of the workloads that have a kind on one of the queues (None: all).

    A worker that serves no science queue never loads numpy.
    """
    return _values(_modules(catalogue, queues), Binding)


def load_tellings(catalogue: Catalogue, queues: Collection[str]) -> list[HostTelling]:
    """Import what the workloads that have a kind on one of the queues want to know of their workers' hosts."""
    return _values(_modules(catalogue, queues), HostTelling)


def _modules(catalogue: Catalogue, queues: Collection[str] | None) -> list[ModuleType]:
    wanted = {kind.name.partition(".")[0] for kind in catalogue if queues is None or kind.queue in queues}
    return [importlib.import_module(f"tasks.workloads.{workload}") for workload in sorted(wanted)]


def _values(modules: Collection[ModuleType], sort: type[Bound]) -> list[Bound]:
    return [value for module in modules for value in vars(module).values() if isinstance(value, sort)]
