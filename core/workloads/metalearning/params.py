"""What goes into metalearning jobs: a target, tasks of it, the settings to choose among, and a prior."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.jobs.references import ReferenceMalformed, overlapping, parse_pointer
from core.jobs.stages import MAX_SHARDS
from core.workloads.metalearning import spaces
from core.workloads.metalearning.targets import TARGETS

METHODS = ("neighbors", "reptile")
MOST_TASKS = 200
MOST_TRIALS = 100
MOST_CHOICES = 50


class SpaceField(fields.Dict):
    """Choices by pointer into the target's params."""

    def __init__(self, **options: Any) -> None:
        choices = fields.List(fields.Raw(allow_none=True), validate=Length(1, MOST_CHOICES))
        told = {"description": "Choices by pointer into the target's params; null: the target's own"}
        super().__init__(keys=fields.String(), values=choices, metadata=told, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        space: dict[str, list[Any]] = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]  # marshmallow's
        if not space:
            raise ValidationError("Give at least one setting.")
        for place in space:
            if fault := _fault(place):
                raise ValidationError({place: [fault]})
        if clash := overlapping(space):
            raise ValidationError({clash[0]: [f"It overlaps with {clash[1]}."]})
        if spaces.size(space) > spaces.MOST_CONFIGURATIONS:
            told = f"{spaces.size(space):,} configurations; at most {spaces.MOST_CONFIGURATIONS:,} are allowed."
            raise ValidationError(told)
        return space


def _fault(place: str) -> str | None:
    try:
        return None if parse_pointer(place) else "It names no setting."
    except ReferenceMalformed as error:
        return str(error)


class TaskParams(Params):
    """One task of the target: what is configured."""

    name = fields.String(
        load_default=None, allow_none=True, validate=Length(1, 100), metadata={"description": "What to call it"}
    )
    params = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "Params of the target's kind, less its settings"}
    )
    score = fields.Dict(
        keys=fields.String(),
        load_default=None,
        allow_none=True,
        metadata={"description": "Params of the kind that scores; of causal.discover: names and truth"},
    )


class PriorParams(Params):
    """A prior that an earlier job left."""

    artifact = fields.UUID(metadata={"description": "Id of the artifact `prior.json` of that job"})
    document = fields.Dict(metadata={"description": "Or what is in it"})

    @validates_schema
    def _refuse_mixtures(self, data: Mapping[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError("Give an artifact or a document.")


class TargetParams(Params):
    """What all of them say."""

    target = fields.String(
        required=True, validate=OneOf(list(TARGETS)), metadata={"description": "The kind that is configured"}
    )
    space = SpaceField(load_default=None, allow_none=True)
    prior = fields.Nested(
        PriorParams, load_default=None, allow_none=True, metadata={"description": "What is known so far"}
    )
    seed = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(0, (1 << 53) - 1),
        metadata={"description": "What chance follows from"},
    )

    @validates_schema
    def _refuse_two_spaces(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["prior"] is not None and data["space"] is not None:
            raise ValidationError("The prior has a space of its own.", "space")


class TuneParams(TargetParams):
    """Params of `metalearning.tune`."""

    task = fields.Nested(TaskParams, required=True, metadata={"description": "What is to be configured"})
    trials = fields.Integer(
        load_default=10, strict=True, validate=Range(1, MOST_TRIALS), metadata={"description": "Trials at most"}
    )
    patience = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(1, MOST_TRIALS),
        metadata={"description": "Ends after so many trials without a better one; null: never early"},
    )

    @validates_schema
    def _refuse_no_score(self, data: Mapping[str, Any], **_: Any) -> None:
        check_scores(data["target"], {"task": data["task"]})


class ManyTasksParams(TargetParams):
    """Tasks on which every configuration is measured."""

    tasks = fields.List(
        fields.Nested(TaskParams), required=True, validate=Length(1, MOST_TASKS), metadata={"description": "Tasks"}
    )

    @validates_schema
    def _refuse_too_many(self, data: Mapping[str, Any], **_: Any) -> None:
        for place, task in enumerate(data["tasks"]):
            try:
                check_scores(data["target"], {place: task})
            except ValidationError as error:
                raise ValidationError({"tasks": error.messages}) from error
        if data["prior"] is None:
            trials = len(data["tasks"]) * spaces.size(data["space"] or TARGETS[data["target"]].settings)
            if trials > MAX_SHARDS:
                raise ValidationError(f"{trials:,} trials; at most {MAX_SHARDS:,} are allowed.", "tasks")


class AdaptParams(ManyTasksParams):
    """Params of `metalearning.adapt`."""

    method = fields.String(
        load_default="neighbors",
        validate=OneOf(METHODS),
        metadata={"description": "neighbors: tasks alike count more; reptile: steps towards each task's best"},
    )
    held_out = Number(
        load_default=0.25,
        validate=Range(0, 0.9),
        metadata={"description": "Share of the tasks, drawn by chance, that judge whether the new version is kept"},
    )
    judged_after = fields.Integer(
        load_default=3, strict=True, validate=Range(1, 20), metadata={"description": "Trials after which it is judged"}
    )
    tolerance = Number(
        load_default=0.005,
        validate=Range(0, 1),
        metadata={"description": "Mean regret may grow by so much before the earlier version is kept"},
    )


class EvaluateParams(ManyTasksParams):
    """Params of `metalearning.evaluate`."""

    prior = fields.Nested(PriorParams, required=True, metadata={"description": "What is judged"})
    trials = fields.Integer(
        load_default=10, strict=True, validate=Range(1, 100), metadata={"description": "Regret after 1 to so many"}
    )


def check_scores(target: str, tasks: Mapping[Any, Mapping[str, Any]]) -> None:
    """Refuse a task without what scores it, or with a score that nothing asks for."""
    scoring = TARGETS[target].scoring
    for name, task in tasks.items():
        if scoring is not None and task["score"] is None:
            raise ValidationError({name: {"score": [f"Give what {scoring.kind} needs beside the estimate."]}})
        if scoring is None and task["score"] is not None:
            raise ValidationError({name: {"score": [f"{target} is judged by its own result."]}})
