"""Links to CRMs over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.workloads.customers.crm.ownership import MOST_FIELDS, OWNERS
from webapp.schemas.people import name_field
from webapp.schemas.values import Flag, Strict

_YEAR = 366 * 86_400.0


def ownership_field(*, required: bool = False) -> fields.Dict:
    """Make the field of whose each field is."""
    return fields.Dict(
        keys=fields.String(validate=Length(1, 100)),
        values=fields.String(validate=OneOf(OWNERS)),
        required=required,
        validate=Length(1, MOST_FIELDS),
        metadata={"description": "Whose word holds, by field: `ours`, `theirs`, or the `newest`"},
    )


class CrmLinkChange(Strict):
    """What is changed; what is left out stays."""

    ownership = ownership_field()
    overlap_s = fields.Float(validate=Range(0, _YEAR), metadata={"description": "How far behind the cursor is read"})
    every_s = fields.Float(
        allow_none=True, validate=Range(60, _YEAR), metadata={"description": "How often it is synced by itself"}
    )


class CrmLinkRequest(Strict):
    """A new link."""

    name = name_field(required=True, metadata={"description": "Unique within the tenant"})
    connection = fields.String(required=True, validate=Length(1, 100), metadata={"description": "Name or id"})
    ownership = ownership_field(required=True)
    overlap_s = fields.Float(load_default=300.0, validate=Range(0, _YEAR))
    every_s = fields.Float(load_default=None, allow_none=True, validate=Range(60, _YEAR))


class SyncRequest(Strict):
    """How it is synced."""

    dry_run = Flag(load_default=False, metadata={"description": "Only tell what would be read and written"})


class CrmLinkDocument(Schema):
    """A link."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    connection_id = fields.UUID(required=True)
    ownership = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    overlap_s = fields.Float(required=True)
    every_s = fields.Float(required=True, allow_none=True)
    cursor_at = fields.DateTime(required=True, allow_none=True)
    synced_at = fields.DateTime(required=True, allow_none=True)
    counts = fields.Dict(required=True, metadata={"description": "What became of the last sync"})
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class CrmLinkList(Schema):
    """All links."""

    items = fields.List(fields.Nested(CrmLinkDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SyncAnswer(Schema):
    """The job that syncs."""

    job_id = fields.UUID(required=True)


class CrmErrorDocument(Schema):
    """A contact that a CRM did not take."""

    crm_id = fields.String(required=True)
    reason = fields.String(required=True)


class CrmErrorList(Schema):
    """Contacts whose latest words of ours were not taken."""

    items = fields.List(fields.Nested(CrmErrorDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
