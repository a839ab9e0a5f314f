"""How a job's result is drawn: what the view of a workload declares.

A view is a module of `webapp/dashboard/views/` named like its workload. It declares `DRAWINGS`: for each kind that it
draws, a template and the function that makes the template's values of a job's params and result. It may have a
`blueprint` of pages of its own and a `HOME`, the entry among the workloads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How the results of one kind are drawn."""

    template: str
    values: Callable[[Mapping[str, Any], Mapping[str, Any]], Values]
    """Makes what the template needs, of params and result."""
    scripts: tuple[str, ...] = ()
    """Files of `static/` that the template takes; loaded beforehand, since a result may come while a page is open."""


@dataclass(frozen=True, slots=True)
class Home:
    """The page with which a workload's own pages begin."""

    title: str
    summary: str
    endpoint: str
    permission: str
