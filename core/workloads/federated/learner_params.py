"""Which model is trained, and how, in params."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.federated.data_params import Features, data_field
from core.workloads.federated.params import Given

LEARNERS = ("linear", "logistic", "mlp")
PRECISIONS = ("float64", "float32")
MOST_CLASSES = 1_000
MOST_LAYERS, WIDEST = 9, 4_096


class LearnerParams(Params):
    """One of the models that are trained here."""

    learner = fields.String(
        required=True,
        validate=OneOf(LEARNERS),
        metadata={"description": "Linear regression, multinomial logistic regression, or a perceptron of tanh layers"},
    )
    classes = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(2, MOST_CLASSES),
        metadata={"description": "How many classes targets are of; null: they are values"},
    )
    hidden = fields.List(
        fields.Integer(strict=True, validate=Range(1, WIDEST)),
        load_default=lambda: [16],
        validate=Length(1, MOST_LAYERS),
        metadata={"description": "Widths of the hidden layers, for mlp"},
    )
    precision = fields.String(load_default="float64", validate=OneOf(PRECISIONS))

    @validates_schema
    def check_classes(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse classes that nothing is made of, and their lack."""
        if given["learner"] == "logistic" and given["classes"] is None:
            raise ValidationError("logistic takes the number of classes.", "classes")
        if given["learner"] == "linear" and given["classes"] is not None:
            raise ValidationError("linear predicts values; take logistic or mlp for classes.", "classes")


class LocalParams(Params):
    """How each member trains: mini-batch gradient descent."""

    epochs = fields.Integer(
        load_default=1, strict=True, validate=Range(1, 1_000), metadata={"description": "Passes over the data"}
    )
    batch = fields.Integer(
        load_default=32, strict=True, validate=Range(1, 1_000_000), metadata={"description": "Samples of a step"}
    )
    rate = Number(
        load_default=0.1,
        validate=Range(0, 1e3, min_inclusive=False),
        metadata={"description": "Length of a step to the gradient's"},
    )
    l2 = Number(
        load_default=0.0, validate=Range(0, 1e6), metadata={"description": "Penalty on half the squared coefficients"}
    )
    mu = Number(
        load_default=0.0,
        validate=Range(0, 1e6),
        metadata={"description": "FedProx: penalty on half the squared distance from where training began"},
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


class Learning(Params):
    """What jobs that train take together: the model, the columns, the way."""

    learner = fields.Nested(LearnerParams, required=True)
    features = fields.Nested(
        Features,
        load_default=None,
        allow_none=True,
        metadata={"description": "Which columns are learned; null where data have inputs and targets of their own"},
    )
    local = fields.Nested(LocalParams, load_default=lambda: LocalParams().load({}))
    model = fields.Nested(
        Given, load_default=None, allow_none=True, metadata={"description": "What training begins with; null: anew"}
    )
    seed = seed_field()


class TrainParams(Learning):
    """Params of `federated.train`."""

    client = fields.String(load_default="client", validate=Length(1, 100), metadata={"description": "Its name"})
    data = data_field("What is learned from", required=True)
    evaluation = data_field("What the model is tried on, beside its own data", load_default=None, allow_none=True)
