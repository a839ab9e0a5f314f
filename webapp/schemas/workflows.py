"""Workflows over the wire: the graph as it is submitted, and as it is read."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.states import State
from webapp.schemas.jobs import JobError, JobLinks, Progress, Submission
from webapp.schemas.lists import CURSOR
from webapp.schemas.values import ByName, Flag, Strict

MAX_JOBS = 1_000
STATES = ("running", "succeeded", "failed", "cancelled")
# `$` would let a newline at the end pass, and `\Z` is no JSON Schema.
_NAME = Regexp(r"^[A-Za-z0-9_.-]{1,100}(?![\s\S])", error="A name is 1 to 100 letters, digits or _ . -")


class StepSubmission(Submission):
    """One job of a workflow, and what it takes from the others."""

    after = fields.List(
        fields.String(),
        load_default=list,
        validate=Length(max=MAX_JOBS),
        metadata={"description": "Names of the jobs that have to succeed first"},
    )
    params_from = ByName(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        validate=Length(max=MAX_JOBS),
        metadata={
            "description": "Pointer into the params → where the value comes from: `name#/pointer` into the result of "
            "another job, which has to succeed first, too; `name#` is the whole result, `name#/artifacts/<file>` one "
            "of its artifacts",
            "example": {"/plan": "optimize#/plan"},
        },
    )
    allow_failure = Flag(
        load_default=False,
        metadata={"description": "Its failure does not fail the jobs after it, nor does theirs fail it"},
    )


class WorkflowSubmission(Strict):
    """A graph of jobs without circles; all are accepted or none."""

    jobs = ByName(
        keys=fields.String(validate=_NAME),
        values=fields.Nested(StepSubmission),
        required=True,
        validate=Length(1, MAX_JOBS),
        metadata={
            "description": f"Jobs by name (1 to 100 letters, digits or _ . -), at most {MAX_JOBS:,}",
            "example": {
                "a": {"kind": "platform.echo", "params": {"n": 1}},
                "b": {"kind": "platform.echo", "params_from": {"/n": "a#/n"}},
            },
        },
    )


class WorkflowsQuery(Strict):
    """How many workflows, and which part of the list."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.String(load_default=None, validate=Length(max=200), metadata=CURSOR)


class WorkflowProgress(Schema):
    """How far the jobs are together."""

    fraction = fields.Float(required=True, validate=Range(0, 1))
    finished = fields.Integer(required=True, metadata={"description": "Jobs that are final"})
    total = fields.Integer(required=True)


class StepDocument(Schema):
    """One job of a workflow."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=OneOf([str(state) for state in State]))
    after = fields.List(fields.String(), required=True, metadata={"description": "By name, params_from counted in"})
    params_from = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    allow_failure = fields.Boolean(required=True)
    progress = fields.Nested(Progress, required=True, allow_none=True)
    error = fields.Nested(JobError, required=True, allow_none=True)
    links = fields.Nested(JobLinks, required=True)


class WorkflowLinks(Schema):
    """Where more about the workflow is."""

    self = fields.String(required=True)
    jobs = fields.String(required=True)
    cancel = fields.String(required=True)
    retry = fields.String(required=True)


class WorkflowSummary(Schema):
    """One workflow, in a list."""

    id = fields.UUID(required=True)
    state = fields.String(
        required=True,
        validate=OneOf(STATES),
        metadata={"description": "`running` until every job is final; failures that are allowed do not count"},
    )
    created_at = fields.DateTime(required=True)
    progress = fields.Nested(WorkflowProgress, required=True)
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata={"description": "How many jobs by state"}
    )
    links = fields.Nested(WorkflowLinks, required=True)


class WorkflowDocument(WorkflowSummary):
    """One workflow with its graph."""

    jobs = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(StepDocument),
        required=True,
        metadata={"description": "By name, each behind those it comes after"},
    )


class WorkflowList(Schema):
    """One page of workflows."""

    items = fields.List(fields.Nested(WorkflowSummary), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
