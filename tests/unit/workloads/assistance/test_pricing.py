"""Prices: by day, by length, exact."""

from datetime import date

import pytest

from core.workloads.assistance.pricing import ModelUnpriced, price_of, written_usd
from core.workloads.assistance.providers.base import Usage


def test_a_price_holds_from_its_day_on() -> None:
    cached = Usage(cache_read=1_000_000)
    assert written_usd(price_of("claude-sonnet-5-5", date(2026, 10, 6)).units(cached)) == "0.2"
    assert written_usd(price_of("claude-sonnet-5-5", date(2026, 10, 7)).units(cached)) == "0.1"
    with pytest.raises(ModelUnpriced):
        price_of("claude-sonnet-5-5", date(2026, 9, 30))


def test_what_nobody_knows_is_refused() -> None:
    with pytest.raises(ModelUnpriced):
        price_of("somebody-else", date(2026, 11, 1))


def test_a_long_request_costs_more_as_a_whole() -> None:
    price = price_of("claude-haiku-5-5", date(2026, 11, 1))
    assert written_usd(price.units(Usage(input=100_000, output=1000))) == "0.0105"
    assert written_usd(price.units(Usage(input=100_001, output=1000))) == "0.0525005"


def test_one_token_is_counted() -> None:
    assert written_usd(price_of("claude-haiku-5-5", date(2026, 11, 1)).units(Usage(input=1))) == "0.0000001"
