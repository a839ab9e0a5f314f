"""Linear effects alone: the t test of a regression coefficient is that of a partial correlation."""

from core.workloads.causal import features
from core.workloads.causal.features import Features
from core.workloads.causal.layers import Regressions
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.series import Series


class PartialCorrelation:
    """Take variables as they are."""

    treats = True

    def prepare(self, series: Series, treated: Treated) -> Treated:
        """Change nothing."""
        del series
        return treated

    def offer(self, treated: Treated, max_lag: int, past: Regressions) -> Features:
        """Offer each variable's own value."""
        del max_lag, past
        return features.linear(treated.values)


TEST = PartialCorrelation()
