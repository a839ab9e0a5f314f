"""Prices: a data file with the days from which they hold; sums are exact, in whole ten-billionths of a dollar."""

import functools
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.workloads.assistance.providers.base import Usage

UNITS_PER_USD = 10**10
_PER_MILLION = 1_000_000
FILE = Path(__file__).with_name("prices.json")


class ModelUnpriced(Invalid):
    """Nobody knows what this model costs, so it is not asked."""

    code = "model_unpriced"


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in dollars for a million tokens; the cache's factors are of the price of input."""

    input: Decimal
    output: Decimal
    cache_write: Decimal
    cache_read: Decimal
    _: KW_ONLY
    longer_than: int | None = None
    """From how many tokens of input on the whole request costs the following."""
    longer_input: Decimal = Decimal(0)
    longer_output: Decimal = Decimal(0)

    def units(self, usage: Usage) -> int:
        """Return what an answer costs, rounded up to a whole unit."""
        asked = usage.input + usage.cache_write + usage.cache_read
        is_longer = self.longer_than is not None and asked > self.longer_than
        input_, output = (self.longer_input, self.longer_output) if is_longer else (self.input, self.output)
        weighed = usage.input + usage.cache_write * self.cache_write + usage.cache_read * self.cache_read
        exact = (weighed * input_ + usage.output * output) * UNITS_PER_USD / _PER_MILLION
        return int(exact.to_integral_value(rounding="ROUND_CEILING"))


def price_of(model: str, on: date) -> Price:
    """Return what a model costs on a day; raises `ModelUnpriced`."""
    held = [one for one in _table().get(model, ()) if date.fromisoformat(one["from"]) <= on]
    if not held:
        raise ModelUnpriced(f"there is no price of {model!r} on {on}")
    told = max(held, key=lambda one: str(one["from"]))
    above = told.get("above")
    price = Price(*(Decimal(told[name]) for name in ("input", "output", "cache_write", "cache_read")))
    if above is None:
        return price
    longer_input, longer_output = Decimal(above["input"]), Decimal(above["output"])
    return replace(
        price, longer_than=int(above["input_tokens"]), longer_input=longer_input, longer_output=longer_output
    )


def written_usd(units: int) -> str:
    """Write a sum as dollars, to the last digit."""
    return f"{Decimal(units) / UNITS_PER_USD:f}"


@functools.cache
def _table() -> Mapping[str, list[dict[str, Any]]]:
    models: Mapping[str, list[dict[str, Any]]] = json.loads(FILE.read_text())["models"]
    return models
