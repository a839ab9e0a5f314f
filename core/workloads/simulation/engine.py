"""A stock-and-flow model as an ensemble that goes step by step: all members at once, one array axis for them.

At the beginning of each step noises are drawn, shocks fall, conditions are looked at and policies set parameters;
within the step all of that stays as it is, so that integrators keep their order.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from core.workloads.simulation import delays, integrators
from core.workloads.simulation.arrays import Floats
from core.workloads.simulation.conservation import Conservation
from core.workloads.simulation.draws import draw
from core.workloads.simulation.expressions.compiling import Program, Register, Step
from core.workloads.simulation.model import Model
from core.workloads.simulation.moments import Moments
from core.workloads.simulation.parameters import Parameters, changed
from core.workloads.simulation.pipelines import Pipelines
from core.workloads.simulation.rules import in_force
from core.workloads.simulation.setting import Setting
from core.workloads.simulation.simulating import Output

_CLOSE = 1e-9
_TOLD = (("stocks", "stock"), ("flows", "flow"), ("auxiliaries", "auxiliary"), ("delays", "delay"))


class Engine:
    """An ensemble of a model, at the beginning of a step."""

    def __init__(self, model: Model, setting: Setting) -> None:
        self._model, self._setting = model, setting
        self.step = 0
        self.parameters = Parameters(model, setting)
        self.state = np.empty((len(model.stocks), setting.members))
        self._rates = np.empty_like(self.state)
        self._time = np.zeros(1)
        self._noises = {name: np.zeros(setting.members) for name in model.document["noises"]}
        self._pipelines = Pipelines(list(model.fixed), setting.timetable, setting.members)
        self._program = self._compiled()
        self._beside = self._compiled_beside()
        self._fresh = False
        """Whether the rates are those of what the state is now."""
        self._net = self._flows_into_stocks()
        self._on_stocks = [shock for shock in setting.shocks if shock["target"] in model.document["stocks"]]
        self._integrator = integrators.find(setting.method)
        self._rooms = np.empty((self._integrator.ROOMS, *self.state.shape))
        self._watching = self._beside.beside({})
        self._conditions = [self._watching.compile(one.when).array for one in model.watch]
        self._watched = Moments("watch", [one.name for one in model.watch], setting.members)
        self._ruling = self._beside.beside(self.parameters.base)
        self._rules = [self._compile_rule(policy) for policy in setting.policies]
        self._ruled = Moments("policy", [policy["name"] for policy in setting.policies], setting.members)
        self.outputs: Sequence[Output] = [
            Output(name, sort, model.unit_of(name)) for section, sort in _TOLD for name in model.document[section]
        ]
        self._conservation = Conservation(model.document["conserved"], model.stocks, setting.members)

    def begin(self) -> None:
        """Put the stocks where they start, and arrive at the first step."""
        self.parameters.begin()
        self._start()
        self._conservation.begin(self.state)
        self._arrive()

    def advance(self) -> None:
        """Go on by a step, and arrive at the next."""
        timetable = self._setting.timetable
        self._integrator.advance(self, timetable.time(self.step), timetable.dt, self._rooms)
        self._fresh = False
        self.step += 1
        self._arrive()

    def rates(self, time: float) -> Floats:
        """Return the stocks' rates of change, (stocks, members), at what the state is now.

        An integrator asks for those at a step's beginning first, which a look at the step may have left.
        """
        if self._fresh:
            self._fresh = False
            return self._rates
        self._time[0] = time
        self._pipelines.look(time)
        for step in self._program.each:
            step()
        for step in self._net:
            step()
        return self._rates

    def observe(self) -> Floats:
        """Return all outputs of all members: (outputs, members)."""
        self._evaluate()
        self._conservation.note(self.state)
        seen = np.empty((len(self.outputs), self._setting.members))
        for row, output in zip(seen, self.outputs, strict=True):
            row[...] = self._beside.names[output.name].array
        return seen

    def dump(self) -> dict[str, Floats]:
        """Return all that the steps to come hang on."""
        ruled = {f"ruled/{name}": register.array for name, register in self.parameters.ruled.items()}
        moments = {"watched": self._watched.first, "policies": self._ruled.first}
        return {"state": self.state, **ruled, **moments, **self._conservation.dump(), **self._pipelines.dump()}

    def restore(self, arrays: Mapping[str, Floats]) -> None:
        """Take up what `dump` returned, at the step that is set."""
        self.state[...] = arrays["state"]
        for name, register in self.parameters.ruled.items():
            register.array[...] = arrays[f"ruled/{name}"]
        self._watched.first[...] = arrays["watched"]
        self._ruled.first[...] = arrays["policies"]
        self._conservation.restore(arrays)
        self._pipelines.restore(arrays)
        self.parameters.turn(self.step, anew=True)
        self._draw_noises(anew=True)
        self._run_once()

    def tell(self) -> dict[str, Any]:
        """Return shocks, conditions and policies as events, and how well sums were kept."""
        shocks = [
            {
                "sort": "shock",
                "name": f"{shock['change']} {shock['amount']:g}: {shock['target']}",
                "share": 1.0,
                "time": dict.fromkeys(("low", "median", "high"), self._shocked_at(shock)),
            }
            for shock in self._setting.shocks
        ]
        return {
            "events": [*shocks, *self._watched.tell(), *self._ruled.tell()],
            "conservation": self._conservation.tell(),
            "warnings": [],
        }

    def _evaluate(self) -> None:
        """Bring all that equations tell to what the state is now."""
        if not self._fresh:
            self.rates(self._setting.timetable.time(self.step))
            self._fresh = True
        for step in self._beside.each:
            step()

    def _shocked_at(self, shock: Mapping[str, Any]) -> float:
        timetable = self._setting.timetable
        return timetable.time(timetable.step_at(shock["at"]))

    def _compiled(self) -> Program:
        names = {name: Register(row, changes=True) for name, row in zip(self._model.stocks, self.state, strict=True)}
        drawn_or_past = {**self._noises, **self._pipelines.outputs}
        names |= {name: Register(array, changes=True) for name, array in drawn_or_past.items()}
        names |= {"time": Register(self._time, changes=True), **self.parameters.registers}
        tables = {
            name: (np.asarray(table["x"]), np.asarray(table["y"]))
            for name, table in self._model.document["tables"].items()
        }
        program = Program(self._setting.members, names, tables)
        moving = self._model.moving
        for name, tree in self._model.equations.items():
            if name in moving:
                program.names[name] = program.compile(tree)
        return program

    def _compiled_beside(self) -> Program:
        """Compile what no flow hangs on: it is computed where it is told, and not within steps."""
        beside = self._program.beside({})
        for name, tree in self._model.equations.items():
            if name not in beside.names:
                beside.names[name] = beside.compile(tree)
        return beside

    def _flows_into_stocks(self) -> list[Step]:
        """Return the steps that add up what flows into each stock and out of it."""
        steps: list[Step] = []
        for stock, rate in zip(self._model.stocks, self._rates, strict=True):
            flows = [(name, flow) for name, flow in self._model.flows.items() if flow.leads_to_or_from(stock)]
            into = sorted(flows, key=lambda one: one[1].target != stock)
            arrays = [(self._program.names[name].array, flow.target == stock) for name, flow in into]
            steps += _sum_of(arrays, rate)
        return steps

    def _compile_rule(self, policy: Mapping[str, Any]) -> tuple[Floats, Floats]:
        model = self._model
        held, value = (self._ruling.compile(model.equation(policy[field])) for field in ("when", "value"))
        return held.array, value.array

    def _start(self) -> None:
        setting, model = self._setting, self._model
        time = Register(np.array([setting.timetable.start]), changes=False)
        starting = Program(setting.members, {**self.parameters.base, "time": time}, self._program.tables)
        for name, tree in model.initials.items():
            if name in setting.initial:
                drawn = draw(setting.initial[name], setting.seed, f"initial/{name}", setting.members)
                starting.names[name] = Register(drawn, changes=False)
            else:
                starting.names[name] = starting.compile(tree)
        times = {name: starting.compile(tree).array for name, tree in model.fixed.items()}
        for step in starting.once:
            step()
        for row, name in zip(self.state, model.stocks, strict=True):
            row[...] = starting.names[name].array
        self._pipelines.begin(times, {name: starting.names[name].array for name in times})

    def _arrive(self) -> None:
        self._draw_noises()
        turned = self.parameters.turn(self.step)
        self._shock_stocks()
        if turned or self.step == 0:
            self._run_once()
        if self._conditions or self._rules:
            self._evaluate()
            self._look()
        if self._model.fixed:
            self._evaluate()
            entering = {name: self._program.names[delays.inflow(name)].array for name in self._model.fixed}
            self._pipelines.note(self.step, entering)

    def _run_once(self) -> None:
        self._fresh = False
        for program in (self._program, self._beside, self._watching, self._ruling):
            for step in program.once:
                step()

    def _draw_noises(self, *, anew: bool = False) -> None:
        timetable = self._setting.timetable
        for name, noise in self._model.document["noises"].items():
            moment, before = (int(step * timetable.dt / noise["every"] + _CLOSE) for step in (self.step, self.step - 1))
            if anew or self.step == 0 or moment != before:
                drawn = draw(noise["distribution"], self._setting.seed, f"noise/{name}", self._setting.members, moment)
                self._noises[name][...] = drawn

    def _shock_stocks(self) -> None:
        for shock in self._on_stocks:
            if self._setting.timetable.step_at(shock["at"]) == self.step:
                row = self.state[self._model.stocks.index(shock["target"])]
                before = row.copy()
                row[...] = changed(before, shock)
                self._conservation.shift(shock["target"], row - before)

    def _look(self) -> None:
        time = self._setting.timetable.time(self.step)
        for program in (self._watching, self._ruling):
            for step in program.each:
                step()
        for place, held in enumerate(self._conditions):
            self._watched.note(place, held, time)
        if self._rules:
            self._rule(time)

    def _rule(self, time: float) -> None:
        self.parameters.unrule()
        for place, (policy, (held, value)) in enumerate(zip(self._setting.policies, self._rules, strict=True)):
            if in_force(policy, time):
                self._ruled.note(place, held, time)
                np.copyto(self.parameters.ruled[policy["parameter"]].array, value, where=held != 0.0)
        self._run_once()


def _sum_of(arrays: list[tuple[Floats, bool]], out: Floats) -> list[Step]:
    """Return the steps that sum arrays into one, each added or taken away; those to be added come first."""
    if not arrays:
        return [partial(out.fill, 0.0)]
    (first, added), *others = arrays
    steps: list[Step] = [partial(np.copyto, out, first) if added else partial(np.negative, first, out)]
    return steps + [partial(np.add if plus else np.subtract, out, array, out) for array, plus in others]
