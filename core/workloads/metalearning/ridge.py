"""A ridge towards the mean of earlier domains, as strong as their spread says: an empirical-Bayes estimate.

Each domain's coefficients are drawn from N(m, tau^2 I), its targets from N(Z b, sigma^2 I). The mean m is that of
generalized least squares, tau maximizes the restricted likelihood of the earlier domains' own estimates, sigma^2 is
pooled, C the covariance of m's own error; the new domain's estimate is its posterior mean, one solve:

    (Z'Z / sigma^2 + P) b  =  Z'y / sigma^2 + P m,    P = (tau^2 I + C)^-1

Source: Lindley and Smith, Bayes Estimates for the Linear Model (1972), with tau by restricted maximum likelihood
(Patterson and Thompson 1971).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from core.workloads.metalearning.regrets import Floats

_TAUS = (-14.0, 4.0)
"""Logarithms between which tau is sought, in units of the standardized coefficients."""
_FLAT = 1e-10
_LEAST_NOISE = 1e-12
"""In units of a variable's variance."""


@dataclass(frozen=True, slots=True)
class Moments:
    """All that a domain tells of one target: p inputs, centred."""

    gram: Floats
    """Z'Z: (p, p)."""
    cross: Floats
    """Z'y: (p,)."""
    square: float
    """y'y."""
    rows: int

    def own(self) -> Floats:
        """Return the estimate of least squares; where rows do not tell, the shortest."""
        return np.asarray(np.linalg.lstsq(self.gram, self.cross, rcond=_FLAT)[0])

    def missed(self, estimate: Floats) -> float:
        """Return the sum of squared residuals of an estimate."""
        left = self.square - 2.0 * float(estimate @ self.cross) + float(estimate @ self.gram @ estimate)
        return max(left, 0.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """What earlier domains say of any domain's coefficients of one target."""

    mean: Floats
    uncertain: Floats
    """Covariance of the mean's own error: (p, p)."""
    tau: float
    noise: float
    """Variance of what is not explained."""


def moments(inputs: Floats, targets: Floats) -> Moments:
    """Return the moments of rows (n, p) and targets (n,), each less its mean."""
    z, y = inputs - inputs.mean(axis=0), targets - targets.mean()
    return Moments(z.T @ z, z.T @ y, float(y @ y), len(y))


def spread_of(domains: Sequence[Moments]) -> Spread:
    """Learn from earlier domains: mean, its uncertainty, tau and noise of their coefficients."""
    own = [one.own() for one in domains]
    free = sum(max(one.rows - 1 - int(np.linalg.matrix_rank(one.gram, tol=_FLAT)), 0) for one in domains)
    missed = sum(one.missed(estimate) for one, estimate in zip(domains, own, strict=True))
    noise = max(missed / max(free, 1), _LEAST_NOISE)
    eigen = [np.linalg.eigh(one.gram) for one in domains]

    def weighed(tau: float) -> tuple[float, Floats, Floats]:
        total, right = np.zeros((len(own[0]), len(own[0]))), np.zeros(len(own[0]))
        fit = 0.0
        parts = []
        for (values, vectors), estimate in zip(eigen, own, strict=True):
            told = values > _FLAT * max(values[-1], 1.0)
            precision = np.where(told, 1.0 / (noise / np.where(told, values, 1.0) + tau**2), 0.0)
            weight = (vectors * precision) @ vectors.T
            total, right = total + weight, right + weight @ estimate
            fit += float(np.log(precision[told]).sum())
            parts.append((weight, estimate))
        mean = np.asarray(np.linalg.lstsq(total, right, rcond=_FLAT)[0], dtype=np.float64)
        fit -= sum(float((estimate - mean) @ weight @ (estimate - mean)) for weight, estimate in parts)
        kept = np.linalg.eigvalsh(total)
        return -fit + float(np.log(kept[kept > _FLAT * kept[-1]]).sum()), mean, total

    found = minimize_scalar(lambda log: weighed(float(np.exp(log)))[0], bounds=_TAUS, method="bounded")
    tau = float(np.exp(found.x))
    _, mean, total = weighed(tau)
    uncertain = np.asarray(np.linalg.pinv(total, rcond=_FLAT, hermitian=True), dtype=np.float64)
    return Spread(mean, uncertain, tau, noise)


def shrunk(domain: Moments, spread: Spread) -> tuple[Floats, Floats, float]:
    """Return a domain's coefficients (p,), their standard deviations (p,), and the share that its own rows have."""
    precision = domain.gram / spread.noise
    prior = np.linalg.inv(spread.tau**2 * np.eye(len(domain.cross)) + spread.uncertain)
    covariance = np.linalg.inv(precision + prior)
    estimate = covariance @ (domain.cross / spread.noise + prior @ spread.mean)
    share = float(np.trace(covariance @ precision)) / len(estimate)
    return estimate, np.sqrt(np.diag(covariance)), share
