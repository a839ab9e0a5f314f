"""What jobs about people take."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import Params
from core.workloads.customers.trust.evidence import HISTORY
from core.workloads.customers.trust.gate import ACTIONS

MOST_INLINE = 1_000
LARGEST_NUMBER = (1 << 63) - 1


def number_field(description: str, **options: Any) -> fields.Integer:
    """Make the field of a profile's number."""
    limits = Range(1, LARGEST_NUMBER)
    return fields.Integer(strict=True, validate=limits, metadata={"description": description}, **options)


def name_field(description: str, **options: Any) -> fields.String:
    """Make the field of something's name or id."""
    return fields.String(validate=Length(1, 100), metadata={"description": description}, **options)


class ImportParams(Params):
    """Events: an uploaded file, or written out."""

    source = name_field("Name of the source they come from; made if there is none", required=True)
    artifact = fields.UUID(metadata={"description": "Upload of JSON lines or CSV"})
    format = fields.String(load_default="jsonl", validate=OneOf(("jsonl", "csv")))
    events = fields.List(
        fields.Dict(),
        validate=Length(max=MOST_INLINE),
        metadata={"description": f"At most {MOST_INLINE}; upload more as a file"},
    )

    @validates_schema
    def check_one(self, given: Mapping[str, Any], **_: Any) -> None:
        """Refuse none and both."""
        if ("artifact" in given) == ("events" in given):
            raise ValidationError("Give either artifact or events.", "events")


class ResolveParams(Params):
    """What is to be resolved."""

    mode = fields.String(
        load_default="waiting",
        validate=OneOf(("waiting", "rebuild", "check")),
        metadata={"description": "What waits; everything anew; or everything anew to compare, writing nothing"},
    )


class TrustParams(Params):
    """What is to be decided, beside judging the newest window."""

    action = fields.String(
        load_default=None,
        allow_none=True,
        validate=OneOf(tuple(ACTIONS)),
        metadata={"description": "An action to decide on; the decision is kept"},
    )


class CollectParams(Params):
    """How far back signals are collected."""

    windows = fields.Integer(
        strict=True,
        load_default=1,
        validate=Range(1, HISTORY + 1),
        metadata={"description": "Of the latest days, those that nobody told of"},
    )


class ActionsParams(Params):
    """Which actions to apply."""

    action = fields.UUID(metadata={"description": "One of them; all that are due if left out"})


class CampaignParams(Params):
    """Which campaign."""

    campaign = fields.UUID(required=True, metadata={"description": "Its id"})


class CrmParams(Params):
    """Which link to a CRM."""

    link = name_field("Its name or id", required=True)
    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Only tell what would be read and written; nothing changes"}
    )


class ProfileParams(Params):
    """Whom it is about."""

    profile = number_field("Number of the profile", required=True)


class RefreshParams(Params):
    """Which segment."""

    segment = name_field(
        "Name or id of a segment; all whose time has come if left out", load_default=None, allow_none=True
    )


class ScoreParams(Params):
    """Whose purchases count."""

    days = fields.Integer(
        strict=True,
        load_default=365,
        validate=Range(1, 3_650),
        metadata={"description": "How far back purchases count"},
    )


class PlanParams(Params):
    """Which audience."""

    audience = name_field(
        "Name or id of an audience; all whose time has come if left out", load_default=None, allow_none=True
    )


class ApplyParams(Params):
    """Which plan."""

    plan = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "All that may be applied by themselves if left out"},
    )
    confirm = fields.Boolean(
        load_default=False,
        metadata={"description": "That more than 30 % of the members may be removed"},
    )


class ExportAudienceParams(Params):
    """Which audience."""

    audience = name_field("Name or id of the audience", required=True)
