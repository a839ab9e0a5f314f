"""What every strategy does; a round's facts and answers are in `rounds.py`."""

from typing import Protocol

from core.workloads.federated.rounds import Aggregate, Round


class Strategy(Protocol):
    """One member of the family."""

    needs: frozenset[str]
    """Which of `losses`, `staleness`, `trusted` it cannot do without."""

    def aggregate(self, given: Round) -> Aggregate:
        """Make one change of the updates; raises `StrategyUnfit` for too few clients, `UpdateNotFinite`."""
