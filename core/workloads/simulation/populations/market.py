"""Traders who act on news beyond their thresholds (Ghoulmié, Cont and Nadal 2005), all at once.

News e ~ N(0, sd^2) reaches everybody; whoever has |e| beyond the threshold buys or sells one piece by its sign. The
log return is the demand over agents and depth. Each trader takes |return| as the threshold now and then. Calm and
stormy times come in clusters, though news has neither.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.populations.base import nothing_else, settings_of
from core.workloads.simulation.simulating import Output
from core.workloads.simulation.streams import stream


class Market:
    """Thresholds of all traders: (members, agents); prices and returns: (members,)."""

    def __init__(self, given: Mapping[str, Any], members: int, seed: int) -> None:
        self.outputs: Sequence[Output] = [
            Output(name, "measure") for name in ("price", "log_return", "trading", "threshold")
        ]
        self.step = 0
        self._given, self._seed, self.settings = given, seed, settings_of(given)
        self.thresholds = np.zeros((members, given["agents"]))
        self.price = np.full(members, given["price"])
        self.log_return = np.zeros(members)
        self.trading = np.zeros(members)

    def begin(self) -> None:
        """Spread thresholds evenly over the size of usual news."""
        rng = stream(self._seed, "market/start")
        self.thresholds[...] = np.abs(rng.standard_normal(self.thresholds.shape)) * self._given["news_sd"]

    def advance(self) -> None:
        """Let news come, and everybody act on it."""
        rng = stream(self._seed, "market", self.step)
        news = self.settings["news_sd"] * rng.standard_normal(len(self.price))
        self.trading = np.mean(self.thresholds < np.abs(news)[:, None], axis=1)
        self.log_return = np.sign(news) * self.trading / self.settings["depth"]
        self.price = self.price * np.exp(self.log_return)
        updating = self.settings["updating"].astype(np.float32)[:, None]
        anew = rng.random(self.thresholds.shape, dtype=np.float32) < updating
        np.copyto(self.thresholds, np.abs(self.log_return)[:, None], where=anew)
        self.step += 1

    def observe(self) -> Floats:
        """Return price, return, share of traders that acted, mean threshold: (4, members)."""
        return np.stack([self.price, self.log_return, self.trading, self.thresholds.mean(axis=1)])

    def dump(self) -> dict[str, Any]:
        """Return traders and prices."""
        return {
            "thresholds": self.thresholds,
            "price": self.price,
            "log_return": self.log_return,
            "trading": self.trading,
        }

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up what `dump` returned."""
        self.thresholds[...] = arrays["thresholds"]
        self.price, self.log_return, self.trading = (arrays[name] for name in ("price", "log_return", "trading"))

    def tell(self) -> dict[str, Any]:
        """Return nothing else."""
        return nothing_else()


POPULATION = Market
