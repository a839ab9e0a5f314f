"""What an attempt used: wall time, processor time, memory."""

import resource
import time

from core.clock import Monotonic


class Meter:
    """Measures from its making on; processor time and memory are those of the whole process."""

    def __init__(self, clock: Monotonic) -> None:
        self._clock = clock
        self._started_s = clock()
        self._cpu_before_s = time.process_time()

    def read(self) -> dict[str, float]:
        """Return seconds of wall and processor time since the start, and the process's peak memory in MiB."""
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "run_s": round(self._clock() - self._started_s, 3),
            "cpu_s": round(time.process_time() - self._cpu_before_s, 3),
            "peak_memory_mib": round(peak_kib / 1024, 1),
        }
