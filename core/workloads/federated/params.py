"""What federated jobs take."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Number, Params
from core.workloads.federated import gossip_params, strategy_settings
from core.workloads.federated.gossip_params import MOST_NODES, GossipTerms
from core.workloads.federated.privacy.terms import PrivacyParams, refuse_unfit
from core.workloads.federated.strategy_settings import STRATEGIES

MOST_UPDATES = 10_000
MOST_INLINE_VALUES = 100_000
MOST_BYTES = 2 << 30
USUAL_BYTES = 256 << 20
FORMS = ("weights", "change")


class Arrays(fields.Field[dict[str, Any]]):
    """Arrays by name, as numbers in lists of any depth; null is no number, and told as such by the computation."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> dict[str, Any]:
        del attr, data
        if not isinstance(value, dict) or not value:
            raise ValidationError("Must be an object of arrays by name.")
        for name, array in value.items():
            if not 1 <= len(name) <= 200:  # noqa: PLR2004 - as long as names may be
                raise ValidationError({name[:50]: ["A name has 1 to 200 characters."]})
            if count_numbers(array) < 0:
                raise ValidationError({name: ["Must be a number, or lists of numbers of equal lengths."]})
        if sum(map(count_numbers, value.values())) > MOST_INLINE_VALUES:
            raise ValidationError(f"At most {MOST_INLINE_VALUES:,} values; upload larger ones as an artifact.")
        return dict(value)


def count_numbers(value: Any) -> int:
    """Count the numbers of nested lists; -1 where it is anything else, or lists are ragged."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return 1
    if not isinstance(value, list) or not value:
        return -1
    shapes = {shape_of(one) for one in value}
    return sum(map(count_numbers, value)) if len(shapes) == 1 and None not in shapes else -1


def shape_of(value: Any) -> tuple[int, ...] | None:
    """Return the shape of nested lists of numbers; None where they are ragged, empty or of anything else."""
    if not isinstance(value, list):
        return () if count_numbers(value) == 1 else None
    below = {shape_of(one) for one in value}
    first = next(iter(below), None)
    return (len(value), *first) if len(below) == 1 and first is not None else None


class Given(Params):
    """Arrays: written out, or an uploaded file of npz, safetensors or Arrow."""

    artifact = fields.UUID()
    arrays = Arrays(metadata={"type": "object", "description": "Arrays by name, as nested lists of numbers"})

    @validates_schema
    def check_one(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse none and both."""
        if ("artifact" in given) == ("arrays" in given):
            raise ValidationError("Give either artifact or arrays.", "arrays")


class Update(Params):
    """What one client sends."""

    client = fields.String(required=True, validate=Length(1, 100), metadata={"description": "Its name"})
    update = fields.Nested(Given, required=True)
    weight = Number(
        load_default=1.0, validate=Range(0, 1e15), metadata={"description": "How many examples it was made of"}
    )
    loss = Number(
        load_default=None,
        allow_none=True,
        validate=Range(0, 1e15),
        metadata={"description": "Of the model that the round began with, on the client's data"},
    )
    staleness = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(0, 1_000_000),
        metadata={"description": "How many versions newer the model is than the one that the client began with"},
    )


class AggregateParams(Params):
    """Whose updates, and how they become one."""

    updates = fields.List(fields.Nested(Update), required=True, validate=Length(1, MOST_UPDATES))
    strategy = fields.String(load_default="fedavg", validate=OneOf(STRATEGIES))
    settings = fields.Dict(
        keys=fields.String(), load_default=dict, metadata={"description": "Of the strategy; see docs/federated.md"}
    )
    form = fields.String(
        load_default="weights",
        validate=OneOf(FORMS),
        metadata={"description": "Whether updates are whole models or changes to `model`"},
    )
    model = fields.Nested(
        Given,
        load_default=None,
        allow_none=True,
        metadata={"description": "What the round began with; zeros when absent"},
    )
    trusted = fields.Nested(
        Given, load_default=None, allow_none=True, metadata={"description": "The server's own update, for fltrust"}
    )
    moments = fields.Nested(
        Given,
        load_default=None,
        allow_none=True,
        metadata={"description": "`moments.npz` of the round before, for strategies that remember"},
    )
    clip_norm = Number(
        load_default=None,
        allow_none=True,
        validate=Range(0, 1e15, min_inclusive=False),
        metadata={"description": "Longer changes are shortened to this length"},
    )
    max_norm = Number(
        load_default=None,
        allow_none=True,
        validate=Range(0, 1e15, min_inclusive=False),
        metadata={"description": "Longer changes are refused"},
    )
    max_bytes = fields.Integer(
        load_default=USUAL_BYTES,
        strict=True,
        validate=Range(1, MOST_BYTES),
        metadata={"description": "Larger uploads are refused unread"},
    )
    at_least = fields.Integer(
        load_default=1,
        strict=True,
        validate=Range(1, MOST_UPDATES),
        metadata={"description": "With fewer good updates the job fails"},
    )
    privacy = fields.Nested(
        PrivacyParams,
        load_default=None,
        allow_none=True,
        metadata={"description": "Every client counts the same, clipped, under noise; see docs/federated.md"},
    )
    gossip = fields.Nested(
        GossipTerms,
        load_default=None,
        allow_none=True,
        metadata={"description": "Clients mix along connections instead of sending to a server; see docs/federated.md"},
    )
    strict = fields.Boolean(
        load_default=False, metadata={"description": "Whether one bad update fails the job instead of being left out"}
    )

    @validates_schema
    def check_strategy(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse settings that the strategy does not have, facts that it misses, and a client named twice."""
        try:
            strategy_settings.filled(given["strategy"], given["settings"])
        except ValidationError as error:
            raise ValidationError({"settings": error.messages}) from error
        if given["privacy"] is not None:
            refuse_unfit(given["strategy"], given)
        if given["gossip"] is not None:
            gossip_params.refuse_unfit(given["strategy"], given["privacy"])
            if len(given["updates"]) + len(given.get("members", ())) > MOST_NODES:
                raise ValidationError(f"At most {MOST_NODES} clients mix.", "gossip")
        need = strategy_settings.NEEDS.get(given["strategy"])
        if need == "trusted" and not self.is_trusted(given):
            raise ValidationError(f"{given['strategy']} takes an update that the server trusts.", "trusted")
        wrong: dict[int, dict[str, list[str]]] = {}
        names: set[str] = set()
        for place, update in enumerate(given["updates"]):
            if need == "loss" and update["loss"] is None:
                wrong[place] = {"loss": [f"{given['strategy']} takes the loss of each client."]}
            if update["client"] in names:
                wrong[place] = {"client": ["There is another update of this client."]}
            names.add(update["client"])
        if wrong:
            raise ValidationError({"updates": wrong})

    def is_trusted(self, given: Mapping[str, Any]) -> bool:
        """Tell whether there is, or will be, an update that the server trusts."""
        return given["trusted"] is not None
