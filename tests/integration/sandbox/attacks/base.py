"""The attack set: programs that try to get out or to take too much, each with the walls that hold it.

An attack says BROKE when it got what it wanted, unless `broke` looks for something else. Taking its walls away must let
it succeed: else it would show nothing about them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.workloads.code.sandbox.launcher.orders import Ending, Limits
from core.workloads.code.sandbox.layers import Layer

NO_WALLS_AROUND = frozenset({Layer.NAMESPACES, Layer.ROOT, Layer.CAPABILITIES})
"""Without namespaces there is no root of its own, and nothing that could give up capabilities."""
SMALL = Limits(
    wall_s=20, cpu_s=5, memory_mib=96, processes=24, output_bytes=20_000, disk_mib=8, files=200, open_files=64
)


def says_so(ending: Ending) -> bool:
    """Tell whether the program said that it broke out."""
    return b"BROKE" in ending.stdout


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile program."""

    name: str
    source: str
    walls: frozenset[str]
    broke: Callable[[Ending], bool] = says_so
    limits: Limits = SMALL
    loosened: Limits | None = None
    """Limits with which it succeeds, where it is a limit that holds it rather than a wall."""
    stdin: bytes = b""
    language: str = "python"
    collect: tuple[str, ...] = field(default=())


def not_held_by(limit: str) -> Callable[[Ending], bool]:
    """Make the test of an attack that a limit must end."""
    return lambda ending: ending.limit != limit


def walls(*layers: Layer) -> frozenset[str]:
    return frozenset(layers)
