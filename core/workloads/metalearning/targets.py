"""Which kinds can be configured: the settings to choose among, and the figure of their results that counts.

Shards take no permission, so only the kinds named here are ever submitted; each is open to whoever may submit jobs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Scoring:
    """A kind that judges the target's results: its params take what lies at places of the result."""

    kind: str
    takes: Mapping[str, str]
    """Pointer into the scoring kind's params by pointer into the target's result."""


@dataclass(frozen=True, slots=True)
class Target:
    """A kind that can be configured."""

    kind: str
    settings: Mapping[str, Sequence[Any]]
    """Choices by pointer into the kind's params; a task may choose among others."""
    figure: str
    """Pointer to what counts, in the scoring's result or else in the target's own."""
    goal: Literal["maximize", "minimize_cost"]
    """`minimize_cost`: a positive figure, of which ratios matter: tasks of unlike size count alike."""
    scoring: Scoring | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """Params that every trial gets, unless the task says else: what is not looked at need not be made."""


TARGETS = {
    target.kind: target
    for target in (
        Target(
            "causal.discover",
            {
                "/max_lag": [1, 2, 3, 5],
                "/q": [0.01, 0.05, 0.1, 0.2],
                "/stability_threshold": [0.5, 0.6, 0.75, 0.9],
                "/block_length": [None, 10],
            },
            figure="/f1",
            goal="maximize",
            scoring=Scoring("causal.score", {"/estimate/edges": "/edges", "/estimate/scores": "/scores"}),
            fixed={"resamples": 100, "plots": False},
        ),
        Target(
            "pumping.backtest",
            {
                "/horizon_h": [12.0, 24.0, 36.0],
                "/replan_minutes": [60, 180, 360],
                "/weights/start_eur": [0.0, 2.0, 5.0],
            },
            figure="/plan/adjusted_cost_eur",
            goal="minimize_cost",
        ),
    )
}
