"""What goes into a run of a model: the model, what is uncertain in it, what happens to it, and how it is told."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.simulation import examples, interventions, subjects
from core.workloads.simulation.distributions import Uncertain
from core.workloads.simulation.document import METHODS, ModelDocument, WatchDocument
from core.workloads.simulation.faults import Faults
from core.workloads.simulation.graph import DynamicsParams
from core.workloads.simulation.model import build
from core.workloads.simulation.naming import ByName
from core.workloads.simulation.population_specs import AgentsField
from core.workloads.simulation.population_specs import names as populations
from core.workloads.simulation.spelling import suggestion

MOST_MEMBERS = 100_000
MOST_STEPS = 2_000_000
MOST_WORK = 20_000_000_000
"""Steps times members times outputs."""
MOST_VALUES = 250_000
"""Numbers in a result: outputs times moments times percentiles and mean."""
MOST_STATE = 6_000_000
"""Outputs times members."""


class ModelField(fields.Field[dict[str, Any]]):
    """A model that comes with the platform, by name, or a document of one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        del attr, data, kwargs
        if isinstance(value, str):
            if value not in examples.names():
                known = ", ".join(examples.names())
                raise ValidationError(f"There is no model {value!r} here; there are {known}.")
            value = examples.read(value)
        if not isinstance(value, dict):
            raise ValidationError("Give a model's name, or a document.")
        loaded: dict[str, Any] = ModelDocument().load(value)
        build(loaded)
        return loaded


def model_field(**options: Any) -> ModelField:
    """Declare the field of a model."""
    told = f"A document, or one of {', '.join(examples.names())}"
    return ModelField(metadata={"description": told}, **options)


def positive(description: str, **options: Any) -> Number:
    """Declare a length of time, or another number above 0."""
    validate = Range(min=0, min_inclusive=False, max=1e12)
    return Number(
        load_default=None, allow_none=True, validate=validate, metadata={"description": description}, **options
    )


def seed_field() -> fields.Integer:
    """Declare the field of the seed."""
    return fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(0, 1 << 53),
        metadata={"description": "What all draws follow from; null: the job's own"},
    )


def uncertain_by_name(description: str) -> ByName:
    """Declare numbers or distributions by name."""
    return ByName(Uncertain(), description, elements=True)


class ModelParams(Params):
    """What all jobs on a stock-and-flow model take."""

    model = model_field(required=True)
    parameters = uncertain_by_name("Numbers or distributions in place of the model's own, by name")
    initial = uncertain_by_name("The same for stocks at the start")
    horizon = positive("How long, in the model's units of time; the model's own when absent")
    dt = positive("Length of a step; the model's own when absent")
    method = fields.String(
        load_default=None,
        allow_none=True,
        validate=OneOf(METHODS),
        metadata={"description": "The model's own when absent"},
    )
    members = fields.Integer(
        load_default=200,
        strict=True,
        validate=Range(1, MOST_MEMBERS),
        metadata={"description": "Size of the ensemble"},
    )
    seed = seed_field()
    points = fields.Integer(
        load_default=101,
        strict=True,
        validate=Range(2, 2_001),
        metadata={"description": "About how many moments are told"},
    )
    outputs = fields.List(
        fields.String(),
        load_default=None,
        allow_none=True,
        validate=Length(min=1),
        metadata={"description": "Which values are told; all when absent"},
    )
    watch = fields.List(
        fields.Nested(WatchDocument),
        load_default=list,
        validate=Length(max=20),
        metadata={"description": "Conditions whose first time is told, beside the model's own"},
    )

    @validates_schema
    def check_together(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse what does not fit together, and runs beyond all measure."""
        faults = Faults()
        subject = subjects.of(data)
        subject.check(data, faults)
        known = subject.names(data)
        for place, name in enumerate(data["outputs"] or ()):
            if name not in known:
                faults.add(("outputs", place), f"There is no {name!r} to be told{suggestion(name, known)}")
        faults.refuse()
        check_sizes(data)


class RunParams(ModelParams):
    """Params of `simulation.run`."""

    model = model_field()
    dynamics = fields.Nested(
        DynamicsParams, metadata={"description": "Instead: linear dynamics on a graph that causal.discover found"}
    )
    agents = AgentsField(
        metadata={"description": f"Instead: a population of agents, one of {', '.join(populations())}"}
    )
    shocks = interventions.shocks_field()
    policies = interventions.policies_field()
    percentiles = fields.List(
        Number(validate=Range(0, 1)),
        load_default=[0.05, 0.25, 0.5, 0.75, 0.95],
        validate=Length(1, 21),
        metadata={"description": "Of the bands, rising; the middle one is drawn as the line"},
    )
    frames = fields.Integer(
        load_default=24,
        strict=True,
        validate=Range(0, 200),
        metadata={"description": "Moments that are told as pictures of all outputs together"},
    )
    plots = fields.Boolean(load_default=True, metadata={"description": "Draw the bands"})

    @validates_schema
    def check_percentiles(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse percentiles that do not rise."""
        levels = data["percentiles"]
        if any(after <= before for before, after in pairwise(levels)):
            raise ValidationError({"percentiles": ["They have to rise."]})


def check_sizes(data: Mapping[str, Any], sides: int = 1) -> None:
    """Raise `ValidationError` for a run that takes more steps, memory, or room in its result than there is."""
    subject = subjects.of(data)
    table, values = subject.table(data), subject.size(data)
    if table.steps > MOST_STEPS:
        raise ValidationError({"dt": [f"{table.steps:,} steps; at most {MOST_STEPS:,} are taken."]})
    if values * data["members"] * sides > MOST_STATE:
        raise ValidationError({"members": [f"{values} values of each are more than {MOST_STATE:,} in all."]})
    if table.steps * data["members"] * values * sides > MOST_WORK:
        raise ValidationError({"members": [f"With {table.steps:,} steps this is too much work for one job."]})
    told = len(data["outputs"] or subject.names(data))
    if told * len(table.told) * (len(data.get("percentiles", (0, 0, 0))) + 1) * sides > MOST_VALUES:
        raise ValidationError({"points": [f"{told} outputs at so many moments are more than {MOST_VALUES:,} numbers."]})
