"""What a generator does, and the chart that it works by."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.workloads.windows.streams import stream

Columns = NDArray[np.float64]
"""Values of one window, variables by rows."""
Truth = dict[str, Any]
"""What is true of one window, as JSON."""
Draw = Callable[[Sequence[int]], Iterator[tuple[Columns, Truth]]]
"""Makes the windows of these indices, one after the other."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What all generators of one domain know."""

    names: list[str]
    window_size: int
    seed: int
    categories: dict[str, list[str]] = field(default_factory=dict)

    def stream(self, purpose: str, index: int = 0) -> np.random.Generator:
        """Return the stream of one purpose and window."""
        return stream(self.seed, purpose, index)

    def places(self, variables: Sequence[str] | None) -> list[int]:
        """Return where variables stand, all when none are named."""
        return [self.names.index(name) for name in variables] if variables else list(range(len(self.names)))

    def first_row(self, index: int) -> int:
        """Return which row since the domain's first window a window begins with."""
        return index * self.window_size


class Base(Protocol):
    """A module of this folder that makes values."""

    def prepare(self, spec: Mapping[str, Any], chart: Chart) -> Draw:
        """Do once what all windows of a domain share, and return what makes windows.

        A window's values must not depend on the others that are asked for together with it.
        """


class Layer(Protocol):
    """A module of this folder that changes values in place."""

    def apply(
        self, columns: Columns, spec: Mapping[str, Any], chart: Chart, index: int, rng: np.random.Generator
    ) -> Truth:
        """Change the chosen variables of one window, and return what is to be known of it."""
