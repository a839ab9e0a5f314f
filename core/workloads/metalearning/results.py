"""What comes out of metalearning jobs."""

from marshmallow import Schema, fields


def _told(description: str) -> dict[str, str]:
    return {"description": description}


class TrialResult(Schema):
    """One trial."""

    settings = fields.Dict(keys=fields.String(), required=True, metadata=_told("Choice by pointer into the params"))
    reward = fields.Float(required=True, allow_none=True, metadata=_told("Greater is better; null: it failed"))


class TuneResult(Schema):
    """The best settings of a task."""

    settings = fields.Dict(keys=fields.String(), required=True, metadata=_told("The best settings that were tried"))
    params = fields.Dict(keys=fields.String(), required=True, metadata=_told("The task's params with them"))
    reward = fields.Float(required=True, metadata=_told("What they are worth; of a cost its negative logarithm"))
    default_reward = fields.Float(
        required=True, allow_none=True, metadata=_told("What the task's params were worth as given; null: they failed")
    )
    improvement = fields.Float(
        required=True, allow_none=True, metadata=_told("The difference; of costs the share that is saved")
    )
    trials = fields.List(fields.Nested(TrialResult), required=True, metadata=_told("In the order they were made"))
    ended_early = fields.Boolean(required=True)
    prior_version = fields.Integer(required=True, allow_none=True)


class JudgementResult(Schema):
    """How a new version did beside the earlier one, on tasks that neither has learned from."""

    tasks = fields.Integer(required=True, metadata=_told("Held-out tasks"))
    trials = fields.Integer(required=True, metadata=_told("After so many"))
    regret = fields.Float(required=True, allow_none=True, metadata=_told("Mean regret of the new version"))
    earlier_regret = fields.Float(
        required=True, allow_none=True, metadata=_told("Of the earlier version, or of chance where there is none")
    )


class VersionResult(Schema):
    """One version of a prior."""

    version = fields.Integer(required=True)
    method = fields.String(required=True)
    tasks = fields.Integer(required=True, metadata=_told("Tasks that it knows"))
    kept = fields.Boolean(required=True)
    judgement = fields.Nested(JudgementResult, required=True)


class AdaptResult(Schema):
    """What was learned; the prior itself is the artifact `prior.json`."""

    version = fields.Integer(required=True, metadata=_told("Of the prior that is left"))
    kept = fields.Boolean(
        required=True, metadata=_told("false: the new version was worse, and the earlier one is left")
    )
    tasks = fields.Integer(required=True, metadata=_told("Tasks that it knows"))
    configurations = fields.Integer(required=True)
    best = fields.Dict(keys=fields.String(), required=True, metadata=_told("What it would try first"))
    judgement = fields.Nested(JudgementResult, required=True)
    history = fields.List(fields.Nested(VersionResult), required=True, metadata=_told("All versions, oldest first"))


class RegretResult(Schema):
    """Regret after so many trials."""

    trials = fields.Integer(required=True)
    prior = fields.Float(required=True, metadata=_told("Median over the tasks, by the prior"))
    chance = fields.Float(required=True, metadata=_told("Median over the tasks of chance's expectation"))
    prior_mean = fields.Float(required=True)
    chance_mean = fields.Float(required=True)


class EvaluateResult(Schema):
    """A prior on tasks that it did not learn from."""

    tasks = fields.Integer(required=True)
    configurations = fields.Integer(required=True)
    prior_version = fields.Integer(required=True)
    regrets = fields.List(fields.Nested(RegretResult), required=True)
    first_beside_default = fields.List(
        fields.Float(allow_none=True),
        required=True,
        metadata=_told("Of each task: reward of the prior's first trial less that of the task's params as given"),
    )
