"""Policies and conditions of what is no model: looked at after each step, in each member by itself.

Equations speak of what is measured, of settings as they are without policies, and of `time`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.expressions.compiling import Program, Register
from core.workloads.simulation.moments import Moments
from core.workloads.simulation.rules import in_force, read


class Steering:
    """The rules of one ensemble."""

    def __init__(self, names: Sequence[str], settings: Mapping[str, Floats], given: Mapping[str, Any]) -> None:
        members = given["members"]
        self._policies: Sequence[Mapping[str, Any]] = given["policies"]
        self._seen, self._time = np.zeros((len(names), members)), np.zeros(1)
        registers = {name: Register(row, changes=True) for name, row in zip(names, self._seen, strict=True)}
        registers |= {name: Register(array, changes=True) for name, array in settings.items()}
        registers["time"] = Register(self._time, changes=True)
        self._program = Program(members, registers, {})
        known = set(registers)
        self._conditions = [self._compiled(one["when"], known) for one in given["watch"]]
        self._rules = [[self._compiled(one[part], known) for part in ("when", "value")] for one in self._policies]
        self._watched = Moments("watch", [one["name"] for one in given["watch"]], members)
        self._ruled = Moments("policy", [one["name"] for one in self._policies], members)
        for step in self._program.once:
            step()

    def look(self, seen: Floats, time: float) -> Iterator[tuple[str, Floats, Floats]]:
        """Note what holds, and yield of each policy in force what it sets, where (not 0), and to what."""
        self._seen[...], self._time[0] = seen, time
        for step in self._program.each:
            step()
        for place, held in enumerate(self._conditions):
            self._watched.note(place, held, time)
        for place, (policy, (held, value)) in enumerate(zip(self._policies, self._rules, strict=True)):
            if in_force(policy, time):
                self._ruled.note(place, held, time)
                yield policy["parameter"], held, value

    def dump(self) -> dict[str, Floats]:
        """Return when conditions and policies came true."""
        return {"watched": self._watched.first, "policies": self._ruled.first}

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned."""
        self._watched.first[...], self._ruled.first[...] = arrays["watched"], arrays["policies"]

    def tell(self) -> list[dict[str, Any]]:
        """Return conditions and policies as events."""
        return [*self._watched.tell(), *self._ruled.tell()]

    def _compiled(self, text: str, known: set[str]) -> Floats:
        return self._program.compile(read(text, known)).array
