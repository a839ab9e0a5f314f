"""The binding of a kind to the function that computes it."""

import importlib
from collections.abc import Collection
from dataclasses import dataclass

from core.catalogue import Catalogue
from core.jobs.execution import Compute
from core.jobs.kind import JobKind


@dataclass(frozen=True, slots=True)
class Binding:
    """One kind and its computation."""

    kind: JobKind
    compute: Compute


def job_task(kind: JobKind, compute: Compute) -> Binding:
    """Bind a kind to its computation; a worker makes a Celery task named by the kind of it."""
    return Binding(kind, compute)


def load_bindings(catalogue: Catalogue, queues: Collection[str] | None = None) -> list[Binding]:
    """Import the bindings of the workloads that have a kind on one of the queues (None: all).

    A worker that serves no science queue never loads numpy.
    """
    wanted = {kind.name.partition(".")[0] for kind in catalogue if queues is None or kind.queue in queues}
    modules = [importlib.import_module(f"tasks.workloads.{workload}") for workload in sorted(wanted)]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Binding)]
