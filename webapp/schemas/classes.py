"""Submissions and classes over the wire."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import LONGEST_SECRET, SHORTEST_SECRET
from core.workloads.code.operations.models import STATUSES
from core.workloads.code.results import CaseResult, DiagnosticResult, NotesResult
from webapp.schemas.course import language_field
from webapp.schemas.values import Strict

_PAGE = {"description": "`next_cursor` of the page before"}


def _told(description: str) -> dict[str, str]:
    return {"description": description}


class SubmissionRequest(Strict):
    """A program to be graded."""

    exercise = fields.String(required=True, validate=Length(1, 60))
    language = language_field(required=True)
    source = fields.String(
        required=True,
        validate=Length(SHORTEST_SECRET, LONGEST_SECRET),
        metadata=_told("Kept sealed; only you and your teachers read it"),
    )


class SubmissionsQuery(Strict):
    """Which submissions."""

    exercise = fields.String(load_default=None, validate=Length(max=60))
    member_id = fields.UUID(load_default=None, metadata=_told("Of this student"))
    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata=_PAGE)


class SubmissionBrief(Schema):
    """A submission without what is sealed."""

    id = fields.UUID(required=True)
    member_id = fields.UUID(required=True, metadata=_told("Its author"))
    exercise = fields.String(required=True)
    language = fields.String(required=True)
    status = fields.String(required=True, validate=OneOf(STATUSES))
    verdict = fields.String(required=True, allow_none=True)
    points = fields.Float(required=True)
    points_possible = fields.Float(required=True)
    reason = fields.String(required=True, allow_none=True, metadata=_told("Why it could not be graded"))
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class SubmissionDocument(SubmissionBrief):
    """A submission."""

    source = fields.String(required=True)
    cases = fields.List(
        fields.Nested(CaseResult), required=True, allow_none=True, metadata=_told("null: not graded yet")
    )
    diagnostics = fields.List(fields.Nested(DiagnosticResult), required=True, allow_none=True)
    notes = fields.Nested(NotesResult, required=True, allow_none=True)


class SubmissionList(Schema):
    """One page of submissions, newest first."""

    items = fields.List(fields.Nested(SubmissionBrief), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ClassRequest(Strict):
    """A new class, which the caller teaches."""

    name = fields.String(required=True, validate=Length(1, 100), metadata=_told("Unique within the tenant"))


class ClassesQuery(Strict):
    """Which classes."""

    limit = fields.Integer(load_default=50, validate=Range(1, 200))
    cursor = fields.UUID(load_default=None, metadata=_PAGE)


class ClassDocument(Schema):
    """A class."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    students = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ClassList(Schema):
    """One page of classes, newest first."""

    items = fields.List(fields.Nested(ClassDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StudentRequest(Strict):
    """Who comes into a class."""

    member_id = fields.UUID(required=True, metadata=_told("A member of the tenant, or one of its keys"))
    alias = fields.String(required=True, validate=Length(1, 100), metadata=_told("What you call them; kept sealed"))


class StudentDocument(Schema):
    """A student of a class."""

    member_id = fields.UUID(required=True)
    alias = fields.String(required=True)
    joined_at = fields.DateTime(required=True)


class StudentList(Schema):
    """All students of a class."""

    items = fields.List(fields.Nested(StudentDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StudentProgress(Schema):
    """How far a student is."""

    member_id = fields.UUID(required=True)
    alias = fields.String(required=True)
    submissions = fields.Integer(required=True)
    attempted = fields.Integer(required=True, metadata=_told("Exercises"))
    solved = fields.List(fields.String(), required=True)
    points = fields.Float(required=True, metadata=_told("The best of each exercise, added up"))
    last_at = fields.DateTime(required=True, allow_none=True)


class FailingCase(Schema):
    """A case and how many submissions failed it."""

    case = fields.String(required=True)
    submissions = fields.Integer(required=True)


class ExerciseProgress(Schema):
    """How an exercise went."""

    exercise = fields.String(required=True)
    submissions = fields.Integer(required=True)
    students = fields.Integer(required=True, metadata=_told("Who tried it"))
    solved = fields.Integer(required=True, metadata=_told("Students who passed every case"))
    median_attempts = fields.Float(required=True, allow_none=True, metadata=_told("Of those who solved it"))
    median_seconds_to_solve = fields.Float(
        required=True, allow_none=True, metadata=_told("From the first submission to the first accepted one")
    )
    failing = fields.List(fields.Nested(FailingCase), required=True, metadata=_told("Most failed first"))


class ProgressDocument(Schema):
    """How far a class is."""

    students = fields.List(fields.Nested(StudentProgress), required=True)
    exercises = fields.List(fields.Nested(ExerciseProgress), required=True)


class SimilarityQuery(Strict):
    """Which programs are compared."""

    exercise = fields.String(required=True, validate=Length(1, 60))
    at_least = fields.Float(
        load_default=0.5,
        allow_nan=False,
        validate=Range(0.05, 1),
        metadata=_told("Pairs that are less alike are left out"),
    )


class AlikeStudent(Schema):
    """One of two, and the submission that was compared."""

    member_id = fields.UUID(required=True)
    alias = fields.String(required=True)
    submission = fields.UUID(required=True)


class AlikeDocument(Schema):
    """Two programs that resemble each other."""

    language = fields.String(required=True)
    similarity = fields.Float(
        required=True, metadata=_told("Part of the shorter one's fingerprints that the other has")
    )
    shared = fields.Integer(required=True, metadata=_told("Fingerprints"))
    students = fields.List(fields.Nested(AlikeStudent), required=True)


class AlikeList(Schema):
    """Pairs, the most alike first."""

    items = fields.List(fields.Nested(AlikeDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
