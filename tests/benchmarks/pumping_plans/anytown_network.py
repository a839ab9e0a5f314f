"""The network of AnyTown-Modified in EPANET 2.2 through WNTR, and the rules of its benchmark.

Prices, demands and limits are those of the published instance: doi 10.5281/zenodo.19363091. A tank may touch a limit,
which shortens a step of EPANET; that its inlet is shut because it is full or empty is forbidden.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from wntr.epanet.toolkit import ENepanet

HOURS, PUMPS = 24, ("111", "222", "333")
TANKS, START_M, LOW_M, HIGH_M, AREA_M2 = ("65", "165", "265"), 66.93, 66.53, 71.53, np.pi * 21.55**2 / 4.0
INLETS = {"78": -1.0, "80": -1.0, "178": 1.0}
"""Pipes that lead to the tanks, and whether the network draws them towards the tank or away from it."""
PRESSURES_M = {"55": 42.0, "90": 51.0, "170": 30.0}
DEMAND = [0.7] * 3 + [0.6] * 3 + [1.2] * 3 + [1.3] * 3 + [1.2] * 3 + [1.0] * 3 + [0.9] * 3 + [0.7] * 3
PRICE = [18.14] * 7 + [35.28] * 10 + [80.97] * 4 + [18.14] * 3
CENTS = 100.0
STEP_S = 1800
_STATUS, _ENERGY, _HEAD, _PRESSURE, _TANKLEVEL, _INITSTATUS, _FLOW = 11, 13, 10, 11, 8, 4, 8
_PATTERNSTART, _DURATION = 4, 0


class Network:
    """EPANET with the network open; pumps are switched by status instead of patterns."""

    def __init__(self, path: Path, folder: Path) -> None:
        text = "\n".join(line.split("PATTERN PMP")[0] for line in path.read_text().splitlines())
        network = folder / "network.inp"
        network.write_text(text)
        self.epanet = ENepanet()
        self.epanet.ENopen(str(network), str(folder / "report.txt"), str(folder / "out.bin"))
        self.epanet.ENopenH()
        self.tanks = [self.epanet.ENgetnodeindex(name) for name in TANKS]
        self.pumps = [self.epanet.ENgetlinkindex(name) for name in PUMPS]
        self.nodes = [self.epanet.ENgetnodeindex(name) for name in PRESSURES_M]
        self.inlets = [(self.epanet.ENgetlinkindex(name), sign) for name, sign in INLETS.items()]

    def state(self, hour: int, running: int, levels_m: Sequence[float]) -> list[float]:
        """Solve one moment: what each tank gains (m3/h), the pumps' power (kW), the three pressures (m)."""
        for index, level_m in zip(self.tanks, levels_m, strict=True):
            self.epanet.ENsetnodevalue(index, _TANKLEVEL, float(level_m))
        self._run_pumps(running, _INITSTATUS)
        self.epanet.ENsettimeparam(_PATTERNSTART, hour * 3600)
        self.epanet.ENinitH(0)
        self.epanet.ENrunH()
        return self._reading()

    def hour(self, hour: int, running: int, levels_m: Sequence[float]) -> tuple[tuple[float, ...], float, bool]:
        """Run one hour from given levels: levels after, cost, and whether pressures are kept."""
        for index, level_m in zip(self.tanks, levels_m, strict=True):
            self.epanet.ENsetnodevalue(index, _TANKLEVEL, float(level_m))
        self._run_pumps(running, _INITSTATUS)
        self.epanet.ENsettimeparam(_PATTERNSTART, hour * 3600)
        self.epanet.ENsettimeparam(_DURATION, 3600)
        self.epanet.ENinitH(0)
        cost, kept, now = 0.0, True, 0
        while now < 3600:
            self.epanet.ENrunH()
            reading = self._reading()
            kept &= self._are_kept(reading)
            step = self.epanet.ENnextH()
            cost += reading[3] * PRICE[hour] * step / 3600.0 / CENTS
            if not kept or step <= 0:
                return tuple(levels_m), np.inf, False
            now += step
        levels = tuple(self.epanet.ENgetnodevalue(index, _HEAD) for index in self.tanks)
        return levels, cost, kept and min(levels) >= LOW_M

    def day(self, counts: Sequence[int]) -> tuple[float, bool]:
        """Run a whole schedule; return its cost and whether pressures and tanks' levels are kept."""
        for index in self.tanks:
            self.epanet.ENsetnodevalue(index, _TANKLEVEL, START_M)
        self._run_pumps(counts[0], _INITSTATUS)
        self.epanet.ENsettimeparam(_PATTERNSTART, 0)
        self.epanet.ENsettimeparam(_DURATION, HOURS * 3600)
        self.epanet.ENinitH(10)
        cost, kept, now = 0.0, True, 0
        while True:
            if now % 3600 == 0 and now < HOURS * 3600:
                self._run_pumps(counts[now // 3600], _STATUS)
            now = self.epanet.ENrunH()
            if now >= HOURS * 3600:
                break
            reading = self._reading()
            kept &= self._are_kept(reading)
            step = self.epanet.ENnextH()
            if not kept or step <= 0:
                return np.inf, False
            cost += reading[3] * PRICE[now // 3600] * step / 3600.0
            now += step
        levels = [self.epanet.ENgetnodevalue(index, _HEAD) for index in self.tanks]
        return cost / CENTS, kept and min(levels) >= START_M - 1e-6

    def _are_kept(self, reading: Sequence[float]) -> bool:
        """Tell whether pressures suffice, and no tank is shut off because it is full or empty: it may touch a limit."""
        shut = any(self.epanet.ENgetlinkvalue(index, _STATUS) == 0 for index, _ in self.inlets)
        return not shut and all(have >= least for have, least in zip(reading[4:], PRESSURES_M.values(), strict=True))

    def _run_pumps(self, running: int, parameter: int) -> None:
        for position, index in enumerate(self.pumps):
            self.epanet.ENsetlinkvalue(index, parameter, float(position < running))

    def _reading(self) -> list[float]:
        gains = [sign * self.epanet.ENgetlinkvalue(index, _FLOW) for index, sign in self.inlets]
        power = sum(self.epanet.ENgetlinkvalue(index, _ENERGY) for index in self.pumps)
        return [*gains, power, *(self.epanet.ENgetnodevalue(index, _PRESSURE) for index in self.nodes)]
