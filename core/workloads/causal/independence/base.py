"""What a test of independence decides: what the variables are taken as, and by which shapes a source may act."""

from typing import Protocol

from core.workloads.causal.features import Features
from core.workloads.causal.layers import Regressions
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.series import Series


class IndependenceTest(Protocol):
    """One member; all else (conditioning, half-samples, false discoveries) is shared."""

    treats: bool
    """Whether trends, seasons, unit roots and spikes are looked for."""

    def prepare(self, series: Series, treated: Treated) -> Treated:
        """Return what the variables are taken as; raises `SeriesUnfit` where the test cannot take them."""

    def offer(self, treated: Treated, max_lag: int, past: Regressions) -> Features:
        """Return the shapes by which sources may act, given the linear regressions; linear ones come first."""
