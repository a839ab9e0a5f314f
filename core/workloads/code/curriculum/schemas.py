"""This file is about what the files of a course have to say."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from core.jobs.kind import Number, Params
from core.workloads.code.frontends.languages import NAMES as LANGUAGES

MOST_CASES = 40
_NAME = Regexp(r"^[a-z][a-z0-9-]{0,59}\Z", error="Names are small letters, digits and hyphens.")


def _text(**told: Any) -> fields.String:
    return fields.String(validate=Length(1, 20_000), **told)


def _language(**told: Any) -> fields.String:
    return fields.String(validate=OneOf(LANGUAGES), **told)


class ModuleFile(Params):
    """`module.toml`."""

    title = _text(required=True)
    period = _text(required=True)
    summary = _text(required=True)
    language = _language(required=True)
    sources = fields.List(_text(), required=True, validate=Length(min=1))
    lessons = fields.List(fields.String(validate=_NAME), required=True, validate=Length(min=1))


class CaseTable(Params):
    """One case."""

    name = _text(required=True)
    stdin = fields.String(load_default="", validate=Length(max=20_000))
    expected = fields.String(required=True, validate=Length(max=20_000))
    points = Number(load_default=1.0, validate=Range(min=0, max=1_000))
    hidden = fields.Boolean(load_default=False)


class SolutionTable(Params):
    """One reference solution."""

    language = _language(required=True)
    source = _text(required=True)


class MistakeTable(Params):
    """What is often got wrong."""

    told = _text(required=True)
    language = _language(load_default=None)
    source = _text(load_default=None)

    @validates_schema
    def _refuse_halves(self, data: dict[str, Any], **_: Any) -> None:
        if (data["language"] is None) != (data["source"] is None):
            raise ValidationError("A program takes a language and a source.", "source")


class ExerciseFile(Params):
    """`exercises/<name>.toml`."""

    title = _text(required=True)
    difficulty = fields.Integer(required=True, strict=True, validate=Range(1, 5))
    statement = _text(required=True)
    input = _text(required=True)
    output = _text(required=True)
    comparison = fields.String(load_default="lines", validate=OneOf(["exact", "lines", "tokens"]))
    languages = fields.List(_language(), load_default=lambda: list(LANGUAGES), validate=Length(min=1))
    cases = fields.List(fields.Nested(CaseTable), required=True, validate=Length(1, MOST_CASES))
    solutions = fields.List(fields.Nested(SolutionTable), required=True, validate=Length(min=1))
    hints = fields.List(_text(), required=True, validate=Length(min=1))
    mistakes = fields.List(fields.Nested(MistakeTable), required=True, validate=Length(min=1))

    @validates_schema
    def _refuse_useless(self, data: dict[str, Any], **_: Any) -> None:
        if all(case["hidden"] for case in data["cases"]):
            raise ValidationError("At least one case has to be visible.", "cases")
        if not any(case["hidden"] for case in data["cases"]):
            raise ValidationError("At least one case has to be hidden.", "cases")
        if len({case["name"] for case in data["cases"]}) < len(data["cases"]):
            raise ValidationError("Two cases have the same name.", "cases")
        solved = [one["language"] for one in data["solutions"]]
        if len(set(solved)) < len(solved) or not set(solved) <= set(data["languages"]):
            raise ValidationError("One solution for each language, of those that are allowed.", "solutions")
