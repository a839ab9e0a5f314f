"""Quantiles of cumulative counts, as Prometheus' `histogram_quantile` has them."""

import pytest

from core.jobs.measures import quantile


@pytest.mark.parametrize(
    ("share", "within", "total", "expected"),
    [
        (0.5, {1.0: 10, 2.0: 20}, 20, 1.0),
        (0.95, {1.0: 10, 2.0: 20}, 20, 1.9),
        (0.95, {1.0: 20, 2.0: 20}, 20, 0.95),
        (0.95, {1.0: 0, 2.0: 100}, 100, 1.95),
        (0.95, {1.0: 5, 2.0: 6}, 100, 2.0),
        (0.95, {}, 100, 0.0),
    ],
)
def test_a_quantile_lies_linearly_in_its_bucket(
    share: float, within: dict[float, int], total: int, expected: float
) -> None:
    assert quantile(share, within, total) == pytest.approx(expected)
