"""FedAvgM: FedAvg with momentum on the server (Hsu, Qi and Brown 2019, arXiv:1909.06335, section 4.3)."""

from core.workloads.federated.mixing import mix
from core.workloads.federated.rounds import Aggregate, Round


class FedAvgM:
    """v = momentum * v + mean; the change is rate * v."""

    needs: frozenset[str] = frozenset()

    def aggregate(self, given: Round) -> Aggregate:
        """Return the change that momentum makes of the weighted mean."""
        shares, moments = given.share(), given.moments
        mean = mix(given.rows, shares)
        if moments.first is not None:
            mean += given.settings["momentum"] * moments.first
        moments.first, moments.steps = mean, moments.steps + 1
        return Aggregate((given.settings["rate"] * mean).astype(mean.dtype, copy=False), shares)


STRATEGY = FedAvgM()
