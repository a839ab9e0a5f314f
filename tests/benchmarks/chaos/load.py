"""Load: when more jobs lay ready than there are places to work on them, while workers did begin some."""

from collections import Counter
from collections.abc import Sequence

from chaos.faults import CROWD, Strike
from chaos.site import SLOTS, WORKERS
from chaos.waits import START, Wait

PLACES = SLOTS * WORKERS


def crowds(waits: Sequence[Wait]) -> list[Strike]:
    """Find the seconds of load; one in which no job began is a standstill, and nobody's excuse."""
    ready, begun = Counter[int](), Counter[int]()
    for wait in waits:
        if wait.what == START:
            ready.update(range(int(wait.since) + 1, int(wait.until) + 1))
            begun[int(wait.until)] += 1
    return [
        Strike(CROWD, second, second + 1) for second, jobs in sorted(ready.items()) if jobs > PLACES and begun[second]
    ]
