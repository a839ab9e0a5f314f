"""Priors: what earlier tasks taught of a target's settings, as one document with the history of its versions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from core.canonical import canonical_json
from core.jobs.context import JobContext
from core.workloads.metalearning import reptile, spaces
from core.workloads.metalearning.params import METHODS
from core.workloads.metalearning.regrets import Floats
from core.workloads.metalearning.spaces import Space
from core.workloads.metalearning.unfit import refuse

ARTIFACT = "prior.json"
FORMAT = "penstock prior 1"


@dataclass(frozen=True, slots=True)
class Prior:
    """Rewards of every configuration on earlier tasks."""

    target: str
    space: Space
    method: str
    rewards: Floats
    """(tasks, configurations); what failed counts as the task's worst."""
    version: int = 1
    history: tuple[Mapping[str, Any], ...] = ()

    @property
    def known(self) -> Floats:
        """Return what proposals go by: (tasks, configurations)."""
        return reptile.known_of(self.space, self.rewards) if self.method == "reptile" else self.rewards

    def with_tasks(self, rewards: Floats, method: str) -> Self:
        """Return the next version, which knows these tasks, too; versions that were rolled back had numbers as well."""
        latest = max([self.version, *(one["version"] for one in self.history)])
        return replace(self, rewards=np.vstack([self.rewards, rewards]), method=method, version=latest + 1)

    def dump(self) -> bytes:
        """Write it as canonical JSON."""
        told = {
            "format": FORMAT,
            "target": self.target,
            "space": {place: list(choices) for place, choices in self.space.items()},
            "places": list(self.space),
            "method": self.method,
            "version": self.version,
            "rewards": self.rewards.tolist(),
            "history": [dict(one) for one in self.history],
        }
        return canonical_json(told).encode()


def load(given: Mapping[str, Any], target: str, context: JobContext) -> Prior:
    """Read the prior that the params give; raises `TaskUnfit` for what is none, or one of another target."""
    where = "artifact" if "artifact" in given else "document"
    try:
        prior = _read(_document(given, context))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refuse(f"/prior/{where}", "It is no prior of metalearning.adapt.") from error
    if prior.target != target:
        raise refuse(f"/prior/{where}", f"The prior is of {prior.target}, not of {target}.")
    return prior


def _document(given: Mapping[str, Any], context: JobContext) -> Any:
    if "document" in given:
        return given["document"]
    with context.open_artifact(str(given["artifact"])) as stream:
        return json.loads(stream.read())


def _read(told: Any) -> Prior:
    """Read a document; raises `ValueError`, `KeyError`, `TypeError` or `AttributeError`."""
    space = {str(place): list(told["space"][place]) for place in told["places"]}
    rewards = np.array(told["rewards"], dtype=np.float64)
    if told["format"] != FORMAT or told["method"] not in METHODS:
        raise ValueError("of another format")
    if rewards.ndim != 2 or not rewards.size or rewards.shape[1] != spaces.size(space):  # noqa: PLR2004 - a table
        raise ValueError("of another shape")
    if not np.isfinite(rewards).all():
        raise ValueError("not finite")
    history = tuple(dict(one) for one in told["history"])
    return Prior(str(told["target"]), space, str(told["method"]), rewards, int(told["version"]), history)
