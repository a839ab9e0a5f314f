"""What federated jobs return."""

from marshmallow import Schema, fields

from core.workloads.federated.gossip_params import GossipAccount
from core.workloads.federated.privacy.terms import PrivacyAccount

REFUSALS = ("too_large", "unreadable", "unlike", "not_finite", "too_long", "failed", "cut_off")


class ClientAccount(Schema):
    """One client's part in the model."""

    client = fields.String(required=True)
    weight = fields.Float(required=True, metadata={"description": "As it came"})
    share = fields.Float(
        required=True,
        metadata={"description": "Its coefficient in the change; by coordinates, the share of values that are its own"},
    )
    norm = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Length of its change, before clipping; null under privacy"},
    )
    clipped = fields.Boolean(required=True, allow_none=True, metadata={"description": "Null under privacy"})
    distance = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "From the geometric median of all changes; null under privacy"},
    )
    cosine = fields.Float(
        required=True, allow_none=True, metadata={"description": "With it; null where one of them is zero"}
    )
    suspicion = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "0 to 1; from 0.5 on the client is suspected; null under privacy"},
    )
    reasons = fields.List(fields.String(), required=True, metadata={"description": "far, opposed, identical"})


class Refusal(Schema):
    """An update that was left out."""

    client = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": ", ".join(REFUSALS)})
    reason = fields.String(required=True)


class Parameter(Schema):
    """One array of the model."""

    name = fields.String(required=True)
    shape = fields.List(fields.Integer(), required=True)


class AggregateResult(Schema):
    """The model and how it came about."""

    strategy = fields.String(required=True)
    settings = fields.Dict(required=True, metadata={"description": "All of them, defaults among them"})
    counted = fields.Integer(required=True, metadata={"description": "Updates that were good"})
    clients = fields.List(fields.Nested(ClientAccount), required=True)
    suspected = fields.List(fields.String(), required=True)
    refused = fields.List(fields.Nested(Refusal), required=True)
    parameters = fields.List(fields.Nested(Parameter), required=True)
    values = fields.Integer(required=True, metadata={"description": "Of the model, all arrays together"})
    precision = fields.String(required=True, metadata={"description": "float32 or float64"})
    change_norm = fields.Float(required=True)
    model = fields.String(required=True, metadata={"description": "Name of the artifact"})
    moments = fields.String(
        required=True, allow_none=True, metadata={"description": "Name of the artifact for the next round"}
    )
    privacy = fields.Nested(
        PrivacyAccount, required=True, allow_none=True, metadata={"description": "What it cost; null without"}
    )
    gossip = fields.Nested(
        GossipAccount,
        required=True,
        allow_none=True,
        metadata={"description": "How clients agreed; null by a server"},
    )
    arrays = fields.Dict(
        required=True, allow_none=True, metadata={"description": "The model written out, up to 1,000 values"}
    )


class Assessment(Schema):
    """How well a model does on some samples."""

    loss = fields.Float(required=True, metadata={"description": "The mean: cross entropy, or half the squared error"})
    accuracy = fields.Float(required=True, allow_none=True, metadata={"description": "Of classes"})
    r2 = fields.Float(required=True, allow_none=True, metadata={"description": "Of values, over all targets"})


class TrainResult(Schema):
    """A member's model."""

    client = fields.String(required=True)
    samples = fields.Integer(required=True, metadata={"description": "Without those that miss a value"})
    before = fields.Nested(Assessment, required=True, metadata={"description": "On its own data, where it began"})
    after = fields.Nested(Assessment, required=True, metadata={"description": "On its own data"})
    evaluation = fields.Nested(Assessment, required=True, allow_none=True)
    change_norm = fields.Float(required=True, metadata={"description": "How far training led"})
    precision = fields.String(required=True)
    arrays = fields.Dict(required=True, metadata={"description": "The model written out"})
    model = fields.String(required=True, metadata={"description": "Name of the artifact"})


class RoundCourse(Schema):
    """One of a job's rounds."""

    round = fields.Integer(required=True)
    counted = fields.Integer(required=True)
    refused = fields.Integer(required=True, metadata={"description": "Updates left out, and trainings that failed"})
    change_norm = fields.Float(required=True)
    evaluation = fields.Nested(Assessment, required=True, allow_none=True)


class RoundResult(AggregateResult):
    """The model after the last round, and how it came about."""

    history = fields.List(fields.Nested(RoundCourse), required=True)
    before = fields.Nested(Assessment, required=True, allow_none=True, metadata={"description": "On the evaluation"})
    after = fields.Nested(Assessment, required=True, allow_none=True, metadata={"description": "On the evaluation"})
    dynamics = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "Of a linear model of lagged rows: what simulation.run takes as `dynamics`"},
    )


class CleanCourse(Schema):
    """The mean of honest clients alone: what others are measured by."""

    accuracy = fields.Float(required=True, metadata={"description": "Mean of the last five rounds"})
    by_round = fields.List(fields.Float(), required=True)


class StrategyCourse(Schema):
    """How one strategy did."""

    strategy = fields.String(required=True)
    settings = fields.Dict(required=True)
    accuracy = fields.Float(required=True, metadata={"description": "Mean of the last five rounds"})
    lost_points = fields.Float(
        required=True, metadata={"description": "Points of accuracy less than without attackers"}
    )
    attackers_share = fields.Float(
        required=True, metadata={"description": "Their part in the model, mean of all rounds"}
    )
    missed_rounds = fields.Integer(required=True, metadata={"description": "Too few clients were there for it"})
    by_round = fields.List(fields.Float(), required=True)
    loss_by_round = fields.List(fields.Float(), required=True)


class SimulateResult(Schema):
    """Strategies side by side."""

    clean = fields.Nested(CleanCourse, required=True)
    strategies = fields.List(fields.Nested(StrategyCourse), required=True)
    clients = fields.Integer(required=True)
    attackers = fields.Integer(required=True, metadata={"description": "The last of the clients"})
    samples = fields.List(fields.Integer(), required=True, metadata={"description": "Of each client"})
    values = fields.Integer(required=True, metadata={"description": "Of the model"})
    plot = fields.String(required=True, metadata={"description": "Name of the artifact"})
