"""What `federated.round` takes: members that train here, updates that came, how they become one, and who judges."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range

from core.jobs.kind import Params
from core.workloads.federated.data_params import Features, data_field
from core.workloads.federated.learner_params import LearnerParams, LocalParams, seed_field
from core.workloads.federated.params import MOST_UPDATES, AggregateParams, Update

MOST_MEMBERS = 1_000
"""Who train in one job."""
MOST_ROUNDS = 100


class Training(Params):
    """A model that is trained here, and on what it is tried."""

    learner = fields.Nested(LearnerParams, required=True)
    features = fields.Nested(
        Features,
        load_default=None,
        allow_none=True,
        metadata={"description": "Which columns are learned; null where data have inputs and targets of their own"},
    )
    local = fields.Nested(LocalParams, load_default=lambda: LocalParams().load({}))
    evaluation = data_field("What the model is tried on before and after", load_default=None, allow_none=True)


class TrustedTraining(Training):
    """The same, and what the server itself trains on."""

    root = data_field(
        "Data that the server trusts, on which it trains an update of its own, for fltrust",
        load_default=None,
        allow_none=True,
    )


class MemberParams(Params):
    """Who trains here, on what."""

    client = fields.String(required=True, validate=Length(1, 100), metadata={"description": "Its name"})
    data = data_field("What it learns from", required=True)


class RoundParams(AggregateParams):
    """Params of `federated.round`."""

    updates = fields.List(
        fields.Nested(Update),
        load_default=list,
        validate=Length(max=MOST_UPDATES),
        metadata={"description": "What came of members that train elsewhere"},
    )
    members = fields.List(
        fields.Nested(MemberParams),
        load_default=list,
        validate=Length(max=MOST_MEMBERS),
        metadata={"description": "Who train here, each as a job of federated.train"},
    )
    training = fields.Nested(
        TrustedTraining, load_default=None, allow_none=True, metadata={"description": "The model that is trained here"}
    )
    rounds = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(1, MOST_ROUNDS),
        metadata={"description": "How many, one after the other; more than one only where all members train here"},
    )
    seed = seed_field()

    def is_trusted(self, given: Mapping[str, Any]) -> bool:
        """Tell whether there is such an update, or a root to train it on."""
        return given["trusted"] is not None or (given["training"] or {}).get("root") is not None

    @validates_schema
    def check_parts(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse a round of nobody, training of nothing, and a member twice."""
        if not given["updates"] and not given["members"]:
            raise ValidationError("Nobody takes part: give members or updates.", "members")
        if given["members"] and given["training"] is None:
            raise ValidationError("Say what members train.", "training")
        if given["rounds"] > 1 and given["updates"]:
            raise ValidationError("Updates that came are of one round.", "rounds")
        names = {one["client"] for one in given["updates"]}
        for place, member in enumerate(given["members"]):
            if member["client"] in names:
                raise ValidationError({"members": {place: {"client": ["There is another member of this name."]}}})
            names.add(member["client"])
