"""Secret sharing: any `threshold` of the shares tell the secret, fewer tell nothing (Shamir 1979)."""

from collections.abc import Callable, Mapping

PRIME = (1 << 521) - 1
"""Larger than any key."""


def share(secret: int, parties: int, threshold: int, draw: Callable[[], int], prime: int = PRIME) -> list[int]:
    """Return the shares of parties 1 to `parties`; `draw` gives numbers that are uniform below the prime."""
    polynomial = [secret, *(draw() for _ in range(threshold - 1))]
    return [_value(polynomial, place, prime) for place in range(1, parties + 1)]


def secret_of(shares: Mapping[int, int], prime: int = PRIME) -> int:
    """Return the secret of shares by party: the right one only if there are as many as the threshold."""
    total = 0
    for place, value in shares.items():
        above = below = 1
        for other in shares:
            if other != place:
                above, below = above * other % prime, below * (other - place) % prime
        total += value * above * pow(below, -1, prime)
    return total % prime


def _value(polynomial: list[int], place: int, prime: int) -> int:
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * place + coefficient) % prime
    return value
