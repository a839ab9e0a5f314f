"""What `federated.simulate` takes: a task, how it is split, who attacks, who drops out, which strategies contend."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.federated import strategy_settings
from core.workloads.federated.data_params import Features, data_field
from core.workloads.federated.learner_params import LearnerParams, LocalParams, seed_field
from core.workloads.federated.strategy_settings import STRATEGIES

STRENGTHS: Mapping[str, float] = {
    "sign_flip": 4.0,
    "noise": 10.0,
    "label_flip": 1.0,
    "little_is_enough": 1.0,
    "inner_product": 0.5,
}
ATTACKS = tuple(STRENGTHS)
MOST_CLIENTS, MOST_ROUNDS, MOST_STRATEGIES = 1_000, 500, 17
MOST_TRAININGS = 500_000
"""Clients times rounds times strategies."""
MOST_TASK_VALUES = 10_000_000


class Task(Params):
    """Classes drawn around centers of chance, in as many dimensions as there are inputs."""

    samples = fields.Integer(load_default=4_000, strict=True, validate=Range(100, 1_000_000))
    inputs = fields.Integer(load_default=20, strict=True, validate=Range(1, 1_000))
    classes = fields.Integer(load_default=5, strict=True, validate=Range(2, 100))
    separation = Number(
        load_default=3.0,
        validate=Range(0, 100),
        metadata={"description": "How far centers are from the middle, in standard deviations of a class"},
    )

    @validates_schema
    def check_size(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse a task beyond all measure."""
        if given["samples"] * given["inputs"] > MOST_TASK_VALUES:
            raise ValidationError(f"The task has more than {MOST_TASK_VALUES:,} values.", "samples")


class Contender(Params):
    """One strategy."""

    strategy = fields.String(required=True, validate=OneOf(STRATEGIES))
    settings = fields.Dict(keys=fields.String(), load_default=dict)

    @validates_schema
    def check_settings(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse settings that the strategy does not have."""
        try:
            strategy_settings.filled(given["strategy"], given["settings"])
        except ValidationError as error:
            raise ValidationError({"settings": error.messages}) from error


class SimulateParams(Params):
    """Params of `federated.simulate`."""

    task = fields.Nested(Task, load_default=lambda: Task().load({}))
    data = data_field("Classes of your own in place of the task", load_default=None, allow_none=True)
    features = fields.Nested(Features, load_default=None, allow_none=True)
    learner = fields.Nested(LearnerParams, required=True)
    local = fields.Nested(LocalParams, load_default=lambda: LocalParams().load({}))
    momentum = Number(
        load_default=0.0,
        validate=Range(0, 1, max_inclusive=False),
        metadata={"description": "Clients send this much of what they sent before, and the rest of what they learned"},
    )
    clients = fields.Integer(load_default=30, strict=True, validate=Range(2, MOST_CLIENTS))
    alpha = Number(
        load_default=None,
        allow_none=True,
        validate=Range(0.01, 1_000),
        metadata={"description": "Dirichlet: the smaller, the more clients differ in their classes; null: all alike"},
    )
    attack = fields.String(load_default=None, allow_none=True, validate=OneOf(ATTACKS))
    attackers = fields.Integer(load_default=0, strict=True, validate=Range(0, MOST_CLIENTS))
    strength = Number(
        load_default=None,
        allow_none=True,
        validate=Range(0, 1e6),
        metadata={"description": "Of the attack; null: what its paper takes"},
    )
    drop_out = Number(
        load_default=0.0, validate=Range(0, 0.9), metadata={"description": "Chance of each client to miss a round"}
    )
    rounds = fields.Integer(load_default=20, strict=True, validate=Range(1, MOST_ROUNDS))
    strategies = fields.List(fields.Nested(Contender), required=True, validate=Length(1, MOST_STRATEGIES))
    seed = seed_field()

    @validates_schema
    def check_together(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse attackers without an attack or an honest client, other classes than the task's, and too much work."""
        if given["learner"]["classes"] is None:
            raise ValidationError({"learner": {"classes": ["Say how many; what is simulated tells classes apart."]}})
        if given["data"] is None and given["learner"]["classes"] != given["task"]["classes"]:
            raise ValidationError({"learner": {"classes": [f"The task has {given['task']['classes']}."]}})
        if (given["attack"] is None) != (given["attackers"] == 0):
            raise ValidationError("Give an attack and attackers, or neither.", "attackers")
        if given["attackers"] >= given["clients"] - 1:
            raise ValidationError("At least two clients have to be honest.", "attackers")
        if given["clients"] * given["rounds"] * (1 + len(given["strategies"])) > MOST_TRAININGS:
            raise ValidationError(f"More than {MOST_TRAININGS:,} trainings: fewer clients or rounds.", "rounds")
