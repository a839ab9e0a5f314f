"""Staleness-weighted: updates of an older model count less (Xie, Koyejo and Gupta 2019, arXiv:1903.03934, section 5.2).

An update that is s versions late is multiplied by mixing * (1 + s)^-exponent, the paper's polynomial; several that came
since the last version are taken together, each with its share (as Nguyen et al. 2022, arXiv:2106.06639, buffer them).
"""

from core.workloads.federated.mixing import mixed
from core.workloads.federated.rounds import Aggregate, Round


class Staleness:
    """For rounds that do not wait for everybody. Breaks with a single client that attacks."""

    needs: frozenset[str] = frozenset({"staleness"})

    def aggregate(self, given: Round) -> Aggregate:
        """Return the sum of updates, each lessened by its age."""
        assert given.staleness is not None, "checked by whoever knows what it needs"
        aged = (1.0 + given.staleness) ** -given.settings["exponent"]
        return mixed(given, given.settings["mixing"] * given.share() * aged)


STRATEGY = Staleness()
