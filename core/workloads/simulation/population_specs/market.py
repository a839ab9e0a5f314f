"""What the population of a market takes."""

from core.workloads.simulation.population_specs.base import PopulationSpec, above_zero, share


class MarketSpec(PopulationSpec):
    """Traders who act on news beyond a threshold of their own."""

    MEASURES = ("price", "log_return", "trading", "threshold")
    SETTINGS = ("news_sd", "depth", "updating")

    news_sd = above_zero("Standard deviation of a turn's news", 0.001)
    depth = above_zero("How much demand it takes to move the price", 10.0)
    updating = share("Chance that a trader takes the last return's size as the new threshold", 0.015)
    price = above_zero("At the start", 100.0)


SPEC = MarketSpec
