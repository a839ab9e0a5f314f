"""What an attempt used: wall time, processor time, memory."""

import time

from core.clock import Monotonic
from core.jobs import memory


class Meter:
    """Measures from its making on; processor time and memory are those of the whole process."""

    def __init__(self, clock: Monotonic) -> None:
        memory.forget_peak()
        self._clock = clock
        self._started_s = clock()
        self._cpu_before_s = time.process_time()

    def read(self) -> dict[str, float]:
        """Return seconds of wall and processor time since the start, and the memory held at most since then in MiB."""
        return {
            "run_s": round(self._clock() - self._started_s, 3),
            "cpu_s": round(time.process_time() - self._cpu_before_s, 3),
            "peak_memory_mib": round(memory.peak_mib(), 1),
        }
