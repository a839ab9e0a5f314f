"""Monotone effects whatever the margins: partial correlation of normal scores (van der Waerden 1952)."""

from dataclasses import replace

import numpy as np
from scipy import special, stats

from core.workloads.causal import features
from core.workloads.causal.features import Features
from core.workloads.causal.layers import Regressions
from core.workloads.causal.preprocessing import Treated
from core.workloads.causal.series import Series


class RobustRank:
    """Take each variable by its ranks: no single value weighs much, however far out. Effects are in normal scores."""

    treats = True

    def prepare(self, series: Series, treated: Treated) -> Treated:
        """Replace observed values by normal scores of their ranks."""
        del series
        values = np.zeros_like(treated.values)
        for place, seen in enumerate(treated.observed.T):
            ranks = stats.rankdata(treated.values[seen, place])
            scores = special.ndtri(ranks / (len(ranks) + 1.0))
            values[seen, place] = (scores - scores.mean()) / scores.std()
        return replace(treated, values=values)

    def offer(self, treated: Treated, max_lag: int, past: Regressions) -> Features:
        """Offer each variable's score."""
        del max_lag, past
        return features.linear(treated.values)


TEST = RobustRank()
