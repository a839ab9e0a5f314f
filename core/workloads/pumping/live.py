"""This file is about a station that lives: true inflow, exact physics, pumps that fail, its own local control."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from core.workloads.pumping import audit, receding, schedule
from core.workloads.pumping.operating import LONG_AGO_MINUTES, after, operate
from core.workloads.pumping.plant import Plant, Pump, resolve
from core.workloads.pumping.problem import Problem, pose
from core.workloads.pumping.solvers.rule import RuleController

Row = dict[str, Any]
_PLAIN = {"start_eur": 0.0, "smoothness_eur_per_m3_per_h": 0.0, "flow_band": None, "end_volume": "value"}


@dataclass(slots=True)
class LivePlant:
    """What is really there: the state that plans only believe in. `failed` pumps do not run whatever is asked."""

    document: str | Mapping[str, Any]
    state: dict[str, Any]
    failed: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    imposed: set[audit.Switch] = field(default_factory=set)
    """Switches that no plan made: of pumps that failed, stood in for one, or were ordered."""

    @property
    def plant(self) -> Plant:
        """The station's document, read."""
        return resolve(self.document)

    def step(self, time: datetime, inflow_m3_per_h: float, wanted: Mapping[str, float] | None) -> Row:
        """Let a quarter of an hour pass with the pumps as wanted; None: as the local control decides.

        A failed pump is replaced by one of its kind that rests longest, else by any: the station never stands still
        while a pump is fit.
        """
        problem = self._problem(time, inflow_m3_per_h)
        if wanted is None:
            rows, self.state = self._by_local_control(problem)
        else:
            hz = self._in_reach(wanted)
            self.imposed |= {(problem.start.isoformat(), name) for name in self._switched_by_failure(wanted, hz)}
            rows = schedule.run(problem, np.array([[hz.get(pump.name, 0.0) for pump in problem.pumps]]))
            self.state = after(problem, self.state, rows)
        self.rows += rows
        return rows[0]

    def fail(self, name: str) -> None:
        """Let a pump fail: it stops at once."""
        self.failed.add(name)
        self.state["pumps"][name] = {**self.state["pumps"].get(name, {}), "available": False}

    def order(self, time: datetime, name: str, *, on: bool) -> None:
        """Note that from now on an operator wants a pump to run or to rest, whatever its hold says."""
        if on != bool(self.state["pumps"].get(name, {}).get("on")):
            self.imposed.add((time.isoformat(), name))

    def mend(self, name: str) -> None:
        """Let a pump be fit again."""
        self.failed.discard(name)
        self.state["pumps"][name] = {**self.state["pumps"][name], "available": True}

    def reading(self) -> Row:
        """Return what a fully equipped station measures at the end of the last step."""
        row = self.rows[-1]
        return {
            "level_m": round(self.state["level_m"], 4),
            "inflow_m3_per_h": round(row["inflow_m3_per_h"], 2),
            "outflow_m3_per_h": round(row["outflow_m3_per_h"], 2),
            "power_kw": round(row["power_kw"], 2),
            "pumps": {
                name: {"on": hz > 0, "hz": hz, "available": name not in self.failed}
                for name, hz in row["pumps"].items()
            },
        }

    def _problem(self, time: datetime, inflow_m3_per_h: float) -> Problem:
        outlook = receding.known(time, [inflow_m3_per_h], [0.0], dry_below_m3=0.0)
        return pose(receding.params_for(outlook, self.document, self.state, _PLAIN))

    def _by_local_control(self, problem: Problem) -> tuple[list[Row], dict[str, Any]]:
        solution = RuleController().solve(problem, lambda _fraction, _word: None)
        counts = np.tile(problem.fleet, (1, 1)) if solution is None else solution.counts
        return operate(problem, counts, problem.inflow, self.state)

    def _in_reach(self, wanted: Mapping[str, float]) -> dict[str, float]:
        """Return the frequencies that the pumps which are fit can be given."""
        hz = {name: value for name, value in wanted.items() if value > 0 and name not in self.failed}
        for name in sorted(set(wanted) & self.failed):
            if wanted[name] <= 0:
                continue
            kind = next(pump.kind for pump in self.plant.pumps if pump.name == name)
            spare = [pump for pump in self.plant.pumps if pump.name not in hz and pump.name not in self.failed]
            if spare:
                chosen = min(spare, key=lambda pump: (pump.kind != kind, -self._rested(pump), pump.name))
                hz[chosen.name] = self.plant.kind(chosen.kind).run_hz
        return hz

    def _switched_by_failure(self, wanted: Mapping[str, float], hz: Mapping[str, float]) -> Iterator[str]:
        for pump in self.plant.pumps:
            asked, given = (flows.get(pump.name, 0.0) > 0 for flows in (wanted, hz))
            if given != asked and given != bool(self.state["pumps"].get(pump.name, {}).get("on")):
                yield pump.name

    def _rested(self, pump: Pump) -> float:
        known = self.state["pumps"].get(pump.name, {})
        return 0.0 if known.get("on") else float(known.get("minutes_since_switch", LONG_AGO_MINUTES))
