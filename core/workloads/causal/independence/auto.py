"""Linear effects, and nonlinear ones where there is evidence that effects are not linear."""

from core.workloads.causal import nonlinearity
from core.workloads.causal.features import Features
from core.workloads.causal.independence.partial_correlation import PartialCorrelation
from core.workloads.causal.layers import Regressions
from core.workloads.causal.preprocessing import Treated


class Auto(PartialCorrelation):
    """Take variables as they are, and open the gates of `nonlinearity` by evidence."""

    always = False

    def offer(self, treated: Treated, max_lag: int, past: Regressions) -> Features:
        """Offer the shapes whose gates are open."""
        return nonlinearity.offer(treated.values, treated.observed, treated.lengths, max_lag, past, always=self.always)


TEST = Auto()
