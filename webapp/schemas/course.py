"""The course over the wire: what there is to read and to solve."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from core.workloads.code.frontends.languages import NAMES as LANGUAGES
from webapp.schemas.values import Strict


def _told(description: str) -> dict[str, str]:
    return {"description": description}


def language_field(**options: object) -> fields.String:
    """Make the field that names a language."""
    return fields.String(validate=OneOf(LANGUAGES), **options)  # type: ignore[arg-type]  # passed on as they are


class LessonsQuery(Strict):
    """Which lessons."""

    module = fields.String(load_default=None, validate=Length(max=60), metadata=_told("Of this module"))


class ExercisesQuery(LessonsQuery):
    """Which exercises."""

    language = language_field(load_default=None, metadata=_told("Those that may be solved in it"))


class ModuleDocument(Schema):
    """A module."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    period = fields.String(required=True)
    summary = fields.String(required=True)
    language = fields.String(required=True, metadata=_told("That its lessons are about"))
    sources = fields.List(fields.String(), required=True, metadata=_told("Where its facts are from"))
    lessons = fields.List(fields.String(), required=True)
    exercises = fields.List(fields.String(), required=True, metadata=_told("The easier ones first"))
    points = fields.Float(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ModuleList(Schema):
    """All modules in their order."""

    items = fields.List(fields.Nested(ModuleDocument), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SampleDocument(Schema):
    """A program in a lesson's text, with what the text claims that it does."""

    language = fields.String(required=True)
    source = fields.String(required=True)
    stdin = fields.String(required=True)
    claimed = fields.String(required=True, metadata=_told("Its output; or, where `refused`, a part of the message"))
    refused = fields.Boolean(required=True)
    line = fields.Integer(required=True)


class LessonBrief(Schema):
    """A lesson without its text."""

    name = fields.String(required=True)
    module = fields.String(required=True)
    title = fields.String(required=True)
    words = fields.Integer(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class LessonDocument(LessonBrief):
    """A lesson."""

    text = fields.String(required=True, metadata=_told("Markdown"))
    samples = fields.List(fields.Nested(SampleDocument), required=True)
    exercises = fields.List(fields.String(), required=True, metadata=_told("Of its module"))


class LessonList(Schema):
    """Lessons in their order."""

    items = fields.List(fields.Nested(LessonBrief), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ExerciseBrief(Schema):
    """An exercise in a list."""

    name = fields.String(required=True)
    module = fields.String(required=True)
    title = fields.String(required=True)
    difficulty = fields.Integer(required=True, metadata=_told("1 to 5"))
    points = fields.Float(required=True)
    languages = fields.List(fields.String(), required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ExerciseCase(Schema):
    """A case; of a hidden one the name and what it is worth."""

    name = fields.String(required=True)
    hidden = fields.Boolean(required=True)
    points = fields.Float(required=True)
    stdin = fields.String(required=True, allow_none=True)
    expected = fields.String(required=True, allow_none=True)


class MistakeDocument(Schema):
    """What is often got wrong."""

    told = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)


class SolutionDocument(Schema):
    """A reference solution."""

    language = fields.String(required=True)
    source = fields.String(required=True)


class ExerciseDocument(ExerciseBrief):
    """An exercise."""

    statement = fields.String(required=True, metadata=_told("Markdown"))
    input = fields.String(required=True, metadata=_told("What is read"))
    output = fields.String(required=True, metadata=_told("What has to be printed"))
    comparison = fields.String(required=True)
    hints = fields.List(fields.String(), required=True)
    cases = fields.List(fields.Nested(ExerciseCase), required=True)
    mistakes = fields.List(fields.Nested(MistakeDocument), metadata=_told("For teachers (`classes:read`)"))
    solutions = fields.List(fields.Nested(SolutionDocument), metadata=_told("For teachers (`classes:read`)"))


class ExerciseList(Schema):
    """Exercises, module by module."""

    items = fields.List(fields.Nested(ExerciseBrief), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
