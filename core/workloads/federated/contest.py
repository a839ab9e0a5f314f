"""One course of a simulated federation: rounds of training, attack and aggregation by one strategy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.jobs.context import JobContext
from core.workloads.federated import attacks
from core.workloads.federated.arrays import Floats, Stack
from core.workloads.federated.combining import combine, settings_of
from core.workloads.federated.learners.base import Learner
from core.workloads.federated.rounds import Moments, Round, StrategyUnfit
from core.workloads.federated.training import Samples, assess, descend


@dataclass(frozen=True, slots=True)
class Setting:
    """What all strategies meet alike; the last of the clients attack."""

    learner: Learner
    began: Floats
    clients: Sequence[Samples]
    """As they are; attackers may look at theirs otherwise."""
    root: Samples
    """The server's own, for strategies that trust an update of it."""
    tried_on: Samples
    asked: Mapping[str, Any]
    context: JobContext
    """For its streams: equal seeds, equal draws for every strategy."""

    def rng(self, *path: str | int) -> np.random.Generator:
        """Return a stream of draws."""
        return np.random.default_rng(self.context.stream_key(*path))


@dataclass(slots=True)
class Course:
    """How one strategy did, round by round."""

    accuracy: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    attackers_share: list[float] = field(default_factory=list)
    """Of what is made of all clients, the part of those who attack."""
    missed: int = 0
    """Rounds in which those who were there were too few for the strategy: the model stayed as it was."""


def run(setting: Setting, strategy: str, settings: Mapping[str, float], attackers: int) -> Course:
    """Make all rounds; with no attackers only the honest clients take part, which is what others are measured by."""
    course, weights, moments = Course(), setting.began.copy(), Moments()
    honest = len(setting.clients) - setting.asked["attackers"]
    memory: dict[int, Floats] = {}
    for number in range(setting.asked["rounds"]):
        setting.context.checkpoint()
        there = _who_is_there(setting, number, honest + attackers)
        rows, losses = _send(setting, weights, number, there, honest, memory)
        try:
            given = _round(setting, strategy, settings, weights, number, (there, rows, losses), moments)
            found = combine(strategy, given)
        except StrategyUnfit:
            course.missed += 1
        else:
            weights = weights + found.change
            parts = np.abs(found.shares)
            course.attackers_share.append(float(parts[there >= honest].sum() / max(parts.sum(), 1e-300)))
        told = assess(setting.learner, weights, setting.tried_on)
        course.accuracy.append(told["accuracy"] or 0.0)
        course.loss.append(told["loss"] or 0.0)
    return course


def _who_is_there(setting: Setting, number: int, clients: int) -> Any:
    """Draw who misses the round, at least two stay; the draws of a client do not depend on how many there are."""
    drawn = setting.rng("drop out", number).random(len(setting.clients))[:clients]
    there = np.flatnonzero(drawn >= setting.asked["drop_out"])
    return there if len(there) > 1 else np.sort(np.argsort(drawn)[-2:])


def _send(
    setting: Setting, weights: Floats, number: int, there: Any, honest: int, memory: dict[int, Floats]
) -> tuple[Floats, Floats]:
    """Return what clients send (clients x p), and what they tell of their losses."""
    attack = None if setting.asked["attack"] is None else attacks.find(setting.asked["attack"])
    classes, momentum = setting.asked["learner"]["classes"], setting.asked["momentum"]
    rows, losses = np.empty((len(there), len(weights))), np.empty(len(there))
    for place, client in enumerate(there):
        own = setting.clients[client]
        if attack is not None and client >= honest:
            own = Samples(own.inputs, attack.targets(own.targets, classes))
        learned = _learned(setting, weights, own, number, int(client))
        before = memory.get(int(client))
        rows[place] = learned if before is None else momentum * before + (1.0 - momentum) * learned
        memory[int(client)] = rows[place].copy()
        losses[place] = assess(setting.learner, weights, own)["loss"] or 0.0
    if attack is not None:
        _attack(setting, rows, there >= honest, number)
    return rows, losses


def _attack(setting: Setting, rows: Floats, is_attacker: Any, number: int) -> None:
    """Put in the place of attackers' updates what they send; rows are changed in place."""
    attack, honest = attacks.find(setting.asked["attack"]), rows[~is_attacker]
    if len(honest):
        for place in np.flatnonzero(is_attacker):
            rng = setting.rng("attack", number, int(place))
            rows[place] = attack.change(honest, rows[place], setting.asked, int(is_attacker.sum()), rng)


def _learned(setting: Setting, weights: Floats, samples: Samples, number: int, client: int) -> Floats:
    rng = setting.rng("train", number, client)
    learned: Floats = descend(setting.learner, weights, samples, setting.asked["local"], rng) - weights
    return learned


def _round(
    setting: Setting,
    strategy: str,
    settings: Mapping[str, float],
    weights: Floats,
    number: int,
    sent: tuple[Any, Floats, Floats],
    moments: Moments,
) -> Round:
    there, rows, losses = sent
    return Round(
        Stack(rows),
        np.array([float(len(setting.clients[client])) for client in there]),
        settings_of(strategy, **settings),
        losses,
        np.zeros(len(there)),
        _learned(setting, weights, setting.root, number, -1) if strategy == "fltrust" else None,
        moments,
    )
