"""The storm: a random fault at a steady pace, each in a thread of its own, until it is told to end."""

import random
import time
import traceback
from dataclasses import dataclass, field
from threading import Event, Thread

from chaos.faults import FAULTS, Strike
from chaos.site import Site, Spared

RECOVER_WITHIN_S = 120.0


@dataclass
class Storm:
    """Random faults over one platform, the same for the same seed as far as the platform lets them."""

    site: Site
    rng: random.Random
    every_s: float
    strikes: list[Strike] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """Faults that the platform did not get over, and faults that could not be made."""
    _calm: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Begin to strike."""
        self._threads.append(Thread(target=self._rage, name="storm"))
        self._threads[0].start()

    def end(self) -> None:
        """Strike no more, and wait until what was harmed is whole."""
        self._calm.set()
        self._threads[0].join()
        for thread in self._threads[1:]:
            thread.join(RECOVER_WITHIN_S)
            if thread.is_alive():
                self.troubles.append(f"{thread.name}: not over after {RECOVER_WITHIN_S:g} s")

    def _rage(self) -> None:
        while not self._calm.wait(self.every_s):
            fault, seed = self.rng.choice(sorted(FAULTS)), self.rng.random()
            thread = Thread(target=self._strike, args=(fault, seed), name=fault, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _strike(self, fault: str, seed: float) -> None:
        strike = Strike(fault, time.time())
        self.strikes.append(strike)
        try:
            FAULTS[fault].strike(self.site, random.Random(seed), strike)
        except Spared:
            self.strikes.remove(strike)
        except Exception:  # noqa: BLE001 - whatever goes wrong here is for the report
            self.troubles.append(f"{fault}: {traceback.format_exc(limit=-2)}")
        strike.ended_at = time.time()
