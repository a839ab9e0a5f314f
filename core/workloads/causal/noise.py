"""What the noise is like, and how to make the most of it: heavy tails and changing volatility.

Least squares wastes up to half of the information where noise is heavy-tailed, and more where it is quiet and stormy in
turn. Both are mended without leaving least squares. Rows are weighted by the inverse of their conditional variance:
GARCH(1,1) of Bollerslev 1986, fitted where Engle's 1982 test for ARCH effects asks for it. And the response is replaced
by one Newton step of the maximum likelihood under Student's t (one-step M-estimation: Bickel 1975; van der Vaart 1998,
section 5.7; Lange, Little and Taylor 1989): the ordinary estimate from the new response is the one-step estimate, and
its variance the right one.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.signal import lfilter
from scipy.special import gammaln

from core.workloads.causal.arrays import Floats

_DEGREES = (2.5, 3.0, 4.0, 6.0, 10.0, 30.0)
_GARCH = tuple(
    (alpha, beta)
    for alpha in (0.03, 0.06, 0.1, 0.15, 0.22, 0.3)
    for beta in (0.5, 0.65, 0.75, 0.8, 0.85, 0.9, 0.94)
    if alpha + beta < 0.995  # noqa: PLR2004 - beyond lies an infinite variance
)
_ARCH_LAGS = 5
_ARCH_LEVEL = 0.01
_WORTH_IT = 4.0
"""Gain in log likelihood that two more parameters must bring."""
_WORTH_A_DEGREE = 2.0
"""Gain in log likelihood that heavy tails must bring."""
_FEWEST_ROWS = 100
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Noise:
    """How the rows of one regression are to be used."""

    weight: Floats
    """(rows,): inverse conditional variance, of mean 1 where a value was observed; 0 where none was."""
    response: Floats
    """(rows,): what least squares is to explain."""
    degrees: float | None
    """Degrees of freedom of Student's t; None: as good as Gaussian."""
    volatile: bool


def adapt(fitted: Floats, residual: Floats, observed: Floats) -> Noise:
    """Look at a first fit's residuals, and say how to use the rows in the next: all (rows,), `observed` 0 or 1."""
    plain = Noise(observed, fitted + residual, None, volatile=False)
    seen = residual[observed > 0]
    if len(seen) < _FEWEST_ROWS:
        return plain
    variance = conditional_variance(seen)
    weight = observed.copy()
    if variance is not None:
        weight[observed > 0] = (1.0 / variance) / np.mean(1.0 / variance)
    scaled = residual * np.sqrt(weight)
    degrees, scale = student(scaled[observed > 0])
    if degrees is None:
        return Noise(weight, plain.response, None, variance is not None)
    ratio = scaled / scale
    slope = (degrees + 1.0) * (degrees - ratio**2) / (degrees + ratio**2) ** 2
    step = scale * (degrees + 1.0) * ratio / (degrees + ratio**2) / float(np.mean(slope[observed > 0]))
    root = np.sqrt(np.where(weight > 0, weight, 1.0))
    return Noise(weight, fitted + np.where(observed > 0, step / root, 0.0), degrees, variance is not None)


def student(residual: Floats) -> tuple[float | None, float]:
    """Fit Student's t by maximum likelihood: degrees of freedom (None where Gaussian does as well) and scale."""
    rows, gaussian = len(residual), float(np.std(residual))
    normal = -rows * (float(np.log(gaussian)) + 0.5 * float(np.log(2.0 * np.pi)) + 0.5)
    found: tuple[float, float | None, float] = (normal + _WORTH_A_DEGREE, None, gaussian)
    for degrees in _DEGREES:
        scale = _scale(residual, degrees)
        log_density = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees * np.pi) - np.log(scale)
        tails = np.log1p((residual / scale) ** 2 / degrees).sum() * (degrees + 1) / 2
        likelihood = float(rows * log_density - tails)
        if likelihood > found[0]:
            found = (likelihood, degrees, scale)
    return found[1], found[2]


def _scale(residual: Floats, degrees: float) -> float:
    squares = residual**2
    square = float(squares.mean())
    for _ in range(30):
        new = float(np.mean((degrees + 1.0) * squares / (degrees + squares / square)))
        if abs(new - square) < _CLOSE * square:
            break
        square = new
    return float(np.sqrt(square))


def conditional_variance(residual: Floats) -> Floats | None:
    """Estimate each row's variance by GARCH(1,1), or None where it does not change enough to matter."""
    if arch_p(residual) > _ARCH_LEVEL:
        return None
    level = float(np.mean(residual**2))
    before = np.concatenate([[level], residual[:-1] ** 2])
    constant = float(np.sum(np.log(level) + residual**2 / level))
    best, found = constant - 2.0 * _WORTH_IT, None
    for alpha, beta in _GARCH:
        driven = alpha * before + (1.0 - alpha - beta) * level
        variance, _ = lfilter([1.0], [1.0, -beta], driven, zi=np.array([beta * level]))
        cost = float(np.sum(np.log(variance) + residual**2 / variance))
        if cost < best:
            best, found = cost, np.asarray(variance, dtype=np.float64)
    return found


def arch_p(residual: Floats) -> float:
    """Test whether large residuals follow large ones, of either sign; squares are cut at their 99th percentile."""
    squares = residual**2
    squares = np.minimum(squares, np.quantile(squares, 0.99))
    squares = squares - squares.mean()
    whole = float(squares @ squares)
    if whole <= 0:
        return 1.0
    correlation = [float(squares[lag:] @ squares[:-lag]) / whole for lag in range(1, _ARCH_LAGS + 1)]
    return float(stats.chi2.sf(len(residual) * sum(value**2 for value in correlation), _ARCH_LAGS))
