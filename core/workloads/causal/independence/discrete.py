"""Effects of levels: a source acts by which level it has, without any order; a target is taken by its numbers."""

from core.workloads.causal import features, soundness
from core.workloads.causal.features import Features
from core.workloads.causal.layers import Regressions
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.series import Series


class Discrete:
    """Offer an indicator of each level beside the number itself; a variable of more than twenty levels is refused."""

    treats = False

    def prepare(self, series: Series, treated: Treated) -> Treated:
        """Check that variables are discrete."""
        soundness.check_levels(series)
        return treated

    def offer(self, treated: Treated, max_lag: int, past: Regressions) -> Features:
        """Offer numbers and levels."""
        del max_lag, past
        return features.levels(treated.values, treated.observed)


TEST = Discrete()
