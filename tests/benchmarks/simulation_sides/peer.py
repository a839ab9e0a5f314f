"""One peer in the peers' environment: prints CPU seconds of each round, and what it came to, as one line of JSON.

python peer.py pysd RUNS CONTACTS          the epidemic of epidemic.mdl, by Euler's method, once for each run
python peer.py delays                      delays and arrays of delays.mdl: every value at every day
python peer.py mesa RUNS AGENTS TURNS      the epidemic among agents
"""

import json
import math
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODEL, DELAYS = (Path(__file__).parent / f"{name}.mdl" for name in ("epidemic", "delays"))


def pysd_rounds(runs: int, contacts: float) -> dict[str, Any]:
    """Run PySD's model so many times, each with a value of its own, as an ensemble takes it."""
    import pysd  # noqa: PLC0415 - only this peer needs it

    with tempfile.TemporaryDirectory() as folder:
        model = pysd.read_vensim(str(shutil.copy(MODEL, folder)))
        found = model.run(params={"contacts": contacts})
        taken = [
            _cpu_s(lambda place=place: model.run(params={"contacts": contacts * (1 + place / runs / 10)}))  # type: ignore[misc]  # a default freezes the loop's value
            for place in range(runs)
        ]
    return {"cpu_s": taken, "end": {name: float(found[name].iloc[-1]) for name in ("susceptible", "infected")}}


def delayed() -> dict[str, Any]:
    """Run PySD's model of delays and arrays."""
    import pysd  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder:
        found = pysd.read_vensim(str(shutil.copy(DELAYS, folder))).run()
    names = ("material", "information", "fixed", "people[north]", "people[south]")
    return {name: [float(value) for value in found[name]] for name in names}


def mesa_rounds(runs: int, agents: int, turns: int) -> dict[str, Any]:
    """Run Mesa's agents so many times; all act on the state before the turn, as ours do."""
    import mesa  # noqa: PLC0415 - only this peer needs it

    class Person(mesa.Agent):  # type: ignore[misc]  # untyped there
        def __init__(self, model: Any, state: int) -> None:
            super().__init__(model)
            self.state = state

        def step(self) -> None:
            if self.state == 0:
                if self.random.random() < self.model.chance:
                    self.state = 1
            elif self.state == 1 and self.random.random() < 0.125:
                self.state = 2

    class Epidemic(mesa.Model):  # type: ignore[misc]  # untyped there
        def __init__(self, seed: int) -> None:
            super().__init__(seed=seed)
            self.chance = 0.0
            for number in range(agents):
                Person(self, 1 if number < agents // 100 else 0)

        def step(self) -> None:
            infected = sum(person.state == 1 for person in self.agents)
            self.chance = 1.0 - math.exp(-0.3 * infected / agents)
            self.agents.do("step")

    taken, ends = [], []
    for seed in range(runs):
        model = Epidemic(seed)
        taken.append(_cpu_s(lambda model=model: [model.step() for _ in range(turns)]))  # type: ignore[misc]  # as above
        ends.append(sum(person.state == 0 for person in model.agents) / agents)
    return {"cpu_s": taken, "end": ends}


def _cpu_s(act: Callable[[], Any]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def main(peer: str, runs: str = "1", *arguments: str) -> None:
    """Run one peer."""
    warnings.simplefilter("ignore")
    if peer == "delays":
        answer = delayed()
    elif peer == "pysd":
        answer = pysd_rounds(int(runs), float(arguments[0]))
    else:
        answer = mesa_rounds(int(runs), *map(int, arguments))
    print(json.dumps(answer))  # noqa: T201 - the answer of a command


if __name__ == "__main__":
    main(*sys.argv[1:])
