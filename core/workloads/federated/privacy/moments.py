"""The privacy loss of one release: logarithms of its moments, from which every account is made.

A release adds N(0, s^2) to a sum of which each client has a part of length 1 at most, with probability q. Its worst
pair of outcomes is P = (1 - q) N(0, s^2) + q N(1, s^2) and Q = N(0, s^2) (Mironov, Talwar and Zhang 2019,
arXiv:1908.10530, section 3). In pure Python, since the web process decides by it.
"""

import cmath
import math
from dataclasses import dataclass
from functools import lru_cache

_REACH = 9.0
"""How many standard deviations of the tails are integrated: the rest is less than 1e-18."""
_BEYOND = 8.0


@dataclass(frozen=True, slots=True)
class Releases:
    """Equal releases: the noise's standard deviation over the longest part of a client, its probability, how many."""

    noise_multiplier: float
    sampling: float = 1.0
    rounds: int = 1


def log_moment(release: Releases, power: complex) -> complex:
    """Return log E_Q[(P/Q)^power] for all rounds together; the power may be complex, the real part any number.

    The trapezoidal rule converges exponentially, since the integrand is analytic in a strip of the width of
    pi noise_multiplier^2.
    """
    noise = release.noise_multiplier
    if release.sampling == 1.0:
        return release.rounds * power * (power - 1.0) / (2.0 * noise * noise)
    real, imaginary = power.real, abs(power.imag)
    low, high = min(0.0, real) - _REACH * noise, max(0.0, real) + _REACH * noise
    step = min(noise / 3.0, 2.0 * math.pi / (imaginary / noise**2 + _BEYOND / noise))
    count = 1 << max(4, math.ceil(math.log2((high - low) / step)))
    gaussian, ratio = _grid(noise, release.sampling, low, high, count)
    top = max(one + real * other for one, other in zip(gaussian, ratio, strict=True))
    total = sum(cmath.exp(one + power * other - top) for one, other in zip(gaussian, ratio, strict=True))
    width = (high - low) / count
    return release.rounds * (top + cmath.log(total * width / (noise * math.sqrt(2.0 * math.pi))))


@lru_cache(maxsize=64)
def _grid(noise: float, sampling: float, low: float, high: float, count: int) -> tuple[list[float], list[float]]:
    """Return the logarithms of Q's density, but for its factor, and of P/Q at places of equal distance."""
    places = [low + (high - low) * place / count for place in range(count + 1)]
    with_it, without = math.log(sampling), math.log1p(-sampling)
    exponents = [(2.0 * place - 1.0) / (2.0 * noise * noise) + with_it for place in places]
    return [-place * place / (2.0 * noise * noise) for place in places], [
        max(one, without) + math.log1p(math.exp(-abs(one - without))) for one in exponents
    ]
