"""Tight accounting: delta of any number of releases as one contour integral of their privacy loss's moments.

    delta(epsilon) = 1 / (2 pi i) * integral of exp(K(s) - s epsilon) / (s (s + 1)) ds,  Re s = c > 0,

K being the sum of the releases' log E_P[(P/Q)^s] (Alghamdi et al. 2023, arXiv:2208.09595, theorem 3.1; Zhu, Dong and
Wang 2022, arXiv:2106.08567, invert the same transform at c = 0). The trapezoidal rule along the line through the saddle
point is exact to many digits where releases are many; where they are few, a flat window keeps the slow oscillations
of the rest out. Without sampling the sum of Gaussians is one Gaussian, with a closed form (Balle and Wang 2018,
arXiv:1805.06530, theorem 8).
"""

import cmath
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.workloads.federated.privacy import renyi
from core.workloads.federated.privacy.moments import Releases, log_moment

_WINDOW = 0.08
"""Width of what the window smoothes over, in parts of the loss's own scale, 1/c."""
_NEGLIGIBLE, _IN_A_ROW = 1e-8, 8
_ROUNDED_UP = 1e-5
_FARTHEST = 1e6
"""The largest epsilon that is looked for."""


def epsilon(releases: Sequence[Releases], delta: float) -> float:
    """Return the epsilon of all releases together at this delta, infinite beyond a million."""
    if not releases:
        return 0.0
    if all(one.sampling == 1.0 for one in releases):
        shift = math.sqrt(sum(one.rounds / one.noise_multiplier**2 for one in releases))
        return _least(lambda at: gaussian_delta(shift, at), delta, _FARTHEST)
    bound = renyi.epsilon(releases, delta)
    found = _epsilon(releases, delta, bound, removed=True)
    if found >= _most_when_added(releases) or _line(releases, found, removed=False).delta(found) <= delta:
        return found
    return _epsilon(releases, delta, bound, removed=False)


def _most_when_added(releases: Sequence[Releases]) -> float:
    """Return the largest loss there can be where a client's part is what one of the neighbors lacks."""
    return sum(-one.rounds * math.log1p(-one.sampling) if one.sampling < 1.0 else math.inf for one in releases)


def gaussian_delta(shift: float, at: float) -> float:
    """Return delta of a Gaussian release whose means are `shift` standard deviations apart, at one epsilon."""
    upper, lower = _tail(at / shift - shift / 2.0), _log_tail(at / shift + shift / 2.0)
    return max(0.0, upper - math.exp(min(0.0, at + lower)))


def _epsilon(releases: Sequence[Releases], delta: float, bound: float, *, removed: bool) -> float:
    if len(releases) == 1 and releases[0].rounds == 1:
        return _least(lambda at: _single(releases[0], at, removed=removed), delta, bound)
    found = bound
    for _ in range(2):
        line = _line(releases, found, removed=removed)
        found = _least(line.delta, delta, bound)
    return found


def _single(release: Releases, at: float, *, removed: bool) -> float:
    """Return delta of one release (Balle, Barthe and Gaboardi 2018, arXiv:1807.01647, theorem 8)."""
    q, shift = release.sampling, 1.0 / release.noise_multiplier
    if removed:
        return q * gaussian_delta(shift, math.log1p(math.expm1(at) / q))
    beyond = 1.0 - (1.0 - q) * math.exp(at)
    if beyond <= 0.0:
        return 0.0
    return beyond * gaussian_delta(shift, at + math.log(q / beyond))


@dataclass(frozen=True, slots=True)
class _Line:
    """Moments along a line parallel to the imaginary axis, from the real axis upwards."""

    step: float
    nodes: list[tuple[complex, complex]]
    """Each s, and the logarithm of all factors that epsilon does not change."""

    def delta(self, at: float) -> float:
        """Integrate for one epsilon."""
        values = [cmath.exp(moment - s * at).real for s, moment in self.nodes]
        return (sum(values) - values[0] / 2.0) * self.step / math.pi


def _line(releases: Sequence[Releases], at: float, *, removed: bool) -> _Line:
    """Evaluate the moments on the line through the saddle point for one epsilon."""

    def moment(s: complex) -> complex:
        return sum(log_moment(one, s + 1.0 if removed else -s) for one in releases)

    def height(c: float) -> float:
        return moment(complex(c)).real - c * at - math.log(c * (c + 1.0))

    c = _lowest(height)
    near = 0.05 * c
    curvature = max(0.0, (height(c + near) - 2.0 * height(c) + height(c - near)) / near**2)
    step = 2.0 * math.pi / max((30.0 - min(0.0, height(c))) / c, 10.0 * math.sqrt(curvature))
    return _Line(step, list(_nodes(moment, c, step)))


def _nodes(moment: Callable[[complex], complex], c: float, step: float) -> Iterator[tuple[complex, complex]]:
    place = small = 0
    top = math.inf
    while small < _IN_A_ROW:
        s = complex(c, place * step)
        value = moment(s) - cmath.log(s * (s + 1.0)) - (_WINDOW * s.imag / c) ** 4
        yield s, value
        top = value.real if place == 0 else top
        small = small + 1 if value.real < top + math.log(_NEGLIGIBLE) else 0
        place += 1


def _lowest(height: Callable[[float], float]) -> float:
    """Return where a convex function of a positive number is lowest, to a few percent: any line near it will do."""
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    low, high = math.log(1e-3), math.log(1e3)
    for _ in range(14):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if height(math.exp(left)) < height(math.exp(right)):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2.0)


def _least(delta_at: Callable[[float], float], delta: float, bound: float) -> float:
    """Return the least epsilon, rounded up by 1e-5 of itself, whose delta is no more than this; not beyond a bound."""
    if delta_at(0.0) <= delta:
        return 0.0
    high = min(1.0, bound)
    while high < bound and delta_at(high) > delta:
        high = min(2.0 * high, bound)
    if high >= _FARTHEST:
        return math.inf
    low = 0.0
    while high - low > _ROUNDED_UP * high:
        middle = (low + high) / 2.0
        low, high = (middle, high) if delta_at(middle) > delta else (low, middle)
    return high


def _tail(place: float) -> float:
    return math.erfc(place / math.sqrt(2.0)) / 2.0


def _log_tail(place: float) -> float:
    """Return the logarithm of the Gaussian's tail, far out by its continued fraction."""
    if place < 25.0:  # noqa: PLR2004 - where erfc is still far from underflow
        return math.log(_tail(place))
    return -place * place / 2.0 - math.log(place * math.sqrt(2.0 * math.pi)) - 1.0 / place**2
