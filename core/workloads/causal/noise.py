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
from scipy.signal import lfilter
from scipy.special import chdtrc, gammaln

from core.workloads.causal.arrays import Floats, Ints

_DEGREES = (30.0, 10.0, 6.0, 4.0, 3.0, 2.5)
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
_EXCESS = 0.5
"""Standard errors of the fourth moment; with less there is nothing for heavy tails to gain."""
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

    @property
    def plain(self) -> bool:
        """Tell whether rows and response are used as they are."""
        return self.degrees is None and not self.volatile


def adapt(fitted: Floats, residual: Floats, observed: Floats, trajectory: Ints) -> Noise:
    """Look at a first fit's residuals, and say how to use the rows in the next.

    All (rows,): `observed` is 0 or 1, `trajectory` the number of each row's trajectory.
    """
    plain = Noise(observed, fitted + residual, None, volatile=False)
    seen = residual[observed > 0]
    if len(seen) < _FEWEST_ROWS:
        return plain
    variance = conditional_variance(seen, trajectory[observed > 0])
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
    """Fit Student's t by maximum likelihood: degrees of freedom (None where Gaussian does as well) and scale.

    Residuals without any excess of large ones are not looked at further; else tails are taken ever heavier as long as
    that is likelier.
    """
    rows, squares = len(residual), residual**2
    square = float(squares.sum()) / rows
    if float(squares @ squares) / rows <= (3.0 + _EXCESS * np.sqrt(24.0 / rows)) * square**2:
        return None, float(np.sqrt(square))
    normal = -0.5 * rows * (float(np.log(square)) + float(np.log(2.0 * np.pi)) + 1.0)
    best, found = -np.inf, (30.0, square)
    for degrees in _DEGREES:
        scale_square = _scale_square(squares, degrees, found[1])
        log_density = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees * np.pi * scale_square)
        tails = float(np.log1p(squares / (degrees * scale_square)).sum()) * (degrees + 1) / 2
        likelihood = float(rows * log_density) - tails
        if likelihood <= best:
            break
        best, found = likelihood, (degrees, scale_square)
    if best <= normal + _WORTH_A_DEGREE:
        return None, float(np.sqrt(square))
    return found[0], float(np.sqrt(found[1]))


def _scale_square(squares: Floats, degrees: float, square: float) -> float:
    """Find the square of the scale by expectation and maximization, from a first guess."""
    rows = len(squares)
    for _ in range(30):
        new = (degrees + 1.0) * float((squares / (degrees + squares / square)).sum()) / rows
        if abs(new - square) < _CLOSE * square:
            break
        square = new
    return square


def conditional_variance(residual: Floats, trajectory: Ints) -> Floats | None:
    """Estimate each row's variance by GARCH(1,1), or None where it does not change enough to matter.

    Each trajectory begins at the mean variance: what was stormy at the end of one says nothing of the next.
    """
    if arch_p(residual, trajectory) > _ARCH_LEVEL:
        return None
    level = float(np.mean(residual**2))
    fresh = np.flatnonzero(np.diff(trajectory)) + 1
    before = np.concatenate([[level], residual[:-1] ** 2])
    before[fresh] = level
    constant = float(np.sum(np.log(level) + residual**2 / level))
    best, found = constant - 2.0 * _WORTH_IT, None
    for alpha, beta in _GARCH:
        driven = alpha * before + (1.0 - alpha - beta) * level
        variance, _ = lfilter([1.0], [1.0, -beta], driven, zi=np.array([beta * level]))
        if len(fresh):
            variance = _begun_anew(variance, fresh, beta, level)
        cost = float(np.sum(np.log(variance) + residual**2 / variance))
        if cost < best:
            best, found = cost, np.asarray(variance, dtype=np.float64)
    return found


def _begun_anew(variance: Floats, fresh: Ints, beta: float, level: float) -> Floats:
    """Return what a variance (rows,) would be, had it been `level` before each of the `fresh` rows.

    What it has of the row before fades by `beta` with each row: the difference does the same.
    """
    rows = np.arange(len(variance))
    start = np.zeros(len(variance), dtype=np.int64)
    start[fresh] = fresh
    start = np.maximum.accumulate(start)
    differs = np.where(start > 0, variance[start - 1] - level, 0.0)
    return np.asarray(variance - differs * beta ** (rows - start + 1.0), dtype=np.float64)


def arch_p(residual: Floats, trajectory: Ints) -> float:
    """Test whether large residuals follow large ones, of either sign; squares are cut at their 99th percentile."""
    squares = residual**2
    squares = np.minimum(squares, np.quantile(squares, 0.99))
    squares = squares - squares.mean()
    whole = float(squares @ squares)
    if whole <= 0:
        return 1.0
    total = 0.0
    for lag in range(1, _ARCH_LAGS + 1):
        within = trajectory[lag:] == trajectory[:-lag]
        total += float((squares[lag:] * within) @ squares[:-lag]) ** 2
    return float(chdtrc(_ARCH_LAGS, len(residual) * total / whole**2))
