"""What jobs about people answer."""

from marshmallow import Schema, fields


class SetAside(Schema):
    """An event that was set aside."""

    index = fields.Integer(required=True, metadata={"description": "Its place, from 0"})
    message_id = fields.String()
    reason = fields.String(required=True)


class ImportResult(Schema):
    """What became of the events of a file."""

    accepted = fields.Integer(required=True)
    duplicates = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    first_rejected = fields.List(
        fields.Nested(SetAside), required=True, metadata={"description": "All are in the artifact rejected.jsonl"}
    )
    merges = fields.Integer(required=True)


class ResolveResult(Schema):
    """What became of who is who."""

    mode = fields.String(required=True)
    sightings = fields.Integer(required=True)
    changed_profiles = fields.Integer(required=True)
    merges = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    differing = fields.Integer(
        required=True, metadata={"description": "Identifiers that a rebuild gives to somebody else; told by a check"}
    )


class TrustResult(Schema):
    """Where trust stands."""

    score = fields.Float(required=True, metadata={"description": "What the evidence shows for sure, 0 to 100"})
    level = fields.Integer(required=True)
    mode = fields.String(required=True)
    accounts = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    reasons = fields.List(fields.String(), required=True)
    verdict = fields.String(required=True, allow_none=True, metadata={"description": "On the action, if one was named"})


class ToldSignal(Schema):
    """A window that was told of."""

    account = fields.String(required=True)
    window_end = fields.String(required=True)


class CollectResult(Schema):
    """What was collected from platforms."""

    accounts = fields.Integer(required=True, metadata={"description": "How many are connected"})
    told = fields.List(fields.Nested(ToldSignal), required=True)
    unanswered = fields.List(
        fields.String(), required=True, metadata={"description": "Accounts whose platforms did not tell of a window"}
    )


class ActionOutcome(Schema):
    """How far an action came."""

    id = fields.String(required=True)
    state = fields.String(required=True)


class ActionsResult(Schema):
    """What became of the actions that were due."""

    expired = fields.Integer(required=True)
    actions = fields.List(fields.Nested(ActionOutcome), required=True)


class PublishResult(Schema):
    """What became of a campaign."""

    campaign = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "`published`, `failed` or, of one gone, `missing`"})
    external = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "The platform's ids"}
    )


class CrmError(Schema):
    """A contact that was set aside."""

    crm_id = fields.String(required=True)
    reason = fields.String(required=True)


class CrmResult(Schema):
    """What became of a CRM's contacts and ours."""

    link = fields.String(required=True)
    found = fields.Boolean(required=True)
    dry_run = fields.Boolean(required=True)
    read = fields.Integer(required=True)
    echoes = fields.Integer(required=True, metadata={"description": "Changes that were our own words, or none of ours"})
    imported = fields.Integer(required=True)
    deleted = fields.Integer(required=True)
    forgotten = fields.Integer(
        required=True, metadata={"description": "Contacts of people who were erased here, taken away there"}
    )
    written = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    errors = fields.List(fields.Nested(CrmError), required=True, metadata={"description": "The first ones"})


class ErasedResult(Schema):
    """What went."""

    profile = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class ExportedResult(Schema):
    """What was found; the artifact has it."""

    profile = fields.Integer(required=True)
    found = fields.Boolean(required=True)
    events = fields.Integer(required=True)


class RefreshedSegment(Schema):
    """What became of a segment."""

    segment = fields.String(required=True)
    size = fields.Integer(required=True)
    joined = fields.Integer(required=True)
    left = fields.Integer(required=True)


class RefreshResult(Schema):
    """What became of segments, in the order in which they were refreshed."""

    refreshed = fields.List(fields.Nested(RefreshedSegment), required=True)


class ScoreResult(Schema):
    """How many customers were scored, and of which sort they are."""

    scored = fields.Integer(required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class PlannedSync(Schema):
    """How an audience would change."""

    plan = fields.String(required=True)
    audience = fields.String(required=True)
    members = fields.Integer(required=True, metadata={"description": "Of the segment"})
    without_consent = fields.Integer(required=True)
    unusable = fields.Integer(required=True, metadata={"description": "Identifiers the vendor would match nobody by"})
    acknowledged = fields.Integer(required=True, metadata={"description": "Members that the platform has"})
    add = fields.Integer(required=True)
    remove = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    needs_confirmation = fields.Boolean(required=True)


class PlanResult(Schema):
    """How audiences would change."""

    plans = fields.List(fields.Nested(PlannedSync), required=True)


class AppliedSync(Schema):
    """What became of a plan."""

    plan = fields.String(required=True)
    audience = fields.String(required=True)
    added = fields.Integer(required=True)
    removed = fields.Integer(required=True)
    suppressed = fields.Integer(required=True, metadata={"description": "Not sent: consent or person gone since"})
    refused = fields.Integer(required=True, metadata={"description": "By the platform; planned again next time"})


class ApplyResult(Schema):
    """What became of plans."""

    applied = fields.List(fields.Nested(AppliedSync), required=True)


class ExportAudienceResult(Schema):
    """How large the file is."""

    audience = fields.String(required=True)
    found = fields.Boolean(required=True)
    rows = fields.Integer(required=True)
    unusable = fields.Integer(required=True)
