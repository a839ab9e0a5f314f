"""The same models as jobs compute them, all of it: draws, steps, bands, frames, table."""

import time
from typing import Any
from uuid import UUID

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.simulation import examples, kinds, running


class Unkept(MemoryRecorder):
    """A recorder for which no snapshot is due yet: none of these runs lasts five seconds."""

    def offer_snapshot(self, write: Any) -> None:
        """Leave it."""


def run(**params: Any) -> tuple[dict[str, Any], float]:
    """Return the result of `simulation.run` and the CPU seconds that it took."""
    given = kinds.RUN.params().load({"plots": False, "seed": 1, **params})
    context = JobContext(UUID(int=1), 1, 1, Unkept())
    began = time.process_time()
    result = running.compute(given, context)
    return result, time.process_time() - began


def epidemic(members: int, contacts: Any) -> tuple[dict[str, Any], float]:
    """Run the model that PySD runs: Euler's method, 640 steps, told at 161 moments, nothing watched or checked."""
    fixed = {"contacts": contacts, "duration": 8.0}
    model = {**examples.read("sir"), "watch": [], "conserved": []}
    return run(model=model, parameters=fixed, method="euler", dt=0.25, members=members, points=161)


def agents(members: int, count: int, turns: int) -> tuple[dict[str, Any], float]:
    """Run the agents that Mesa runs."""
    given = {"population": "sir", "agents": count, "contacts": 0.3, "recovery": 0.125, "first_infected": 0.01}
    return run(agents=given, members=members, horizon=turns)


def delays() -> dict[str, Any]:
    """Run the delays and arrays that PySD runs."""
    late = {"of": "signal", "time": 4}
    model = {
        "name": "delays",
        "horizon": 40,
        "dt": 0.125,
        "method": "euler",
        "dimensions": {"region": ["north", "south"]},
        "auxiliaries": {"signal": {"equation": "100 + step(50, 5) + 20 * sin(time / 2)"}},
        "delays": {
            "material": {"sort": "material", "order": 3, **late},
            "information": {"sort": "information", "order": 3, **late},
            "fixed": {"sort": "fixed", "initial": 80, **late},
        },
        "stocks": {"people": {"by": ["region"], "initial": "start[region]"}},
        "flows": {
            "south_to_north": {
                "from": "people[south]",
                "to": "people[north]",
                "equation": "share[south] * people[south]",
            },
            "north_to_south": {
                "from": "people[north]",
                "to": "people[south]",
                "equation": "share[north] * people[north]",
            },
        },
        "parameters": {
            "start": {"by": ["region"], "values": {"north": 40, "south": 10}},
            "share": {"by": ["region"], "values": {"north": 0.3, "south": 0.1}},
        },
    }
    return run(model=model, members=1, points=41)[0]


def end(result: dict[str, Any], name: str) -> float:
    """Return the mean of one value at the end."""
    return next(float(one["mean"][-1]) for one in result["series"] if one["name"] == name)
