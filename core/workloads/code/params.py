"""This file is about what goes into jobs with programs: source, input, target, limits, and what is to be shown."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from core.jobs.kind import LONGEST_SECRET, Number, Params, Secret
from core.workloads.code.curriculum.reading import curriculum
from core.workloads.code.frontends.languages import NAMES as LANGUAGES
from core.workloads.code.targets.base import NAMES as TARGETS

EMITTED = ("tokens", "ast", "ir", "assembly", "machine_code", "trace")
MOST_SOURCE = 1 << 20
"""Characters; a source of over 64 KiB gets a diagnostic, one of over this is refused at once."""
MOST_INPUT = 1 << 18
MOST_CASES = 200
ANSWER_KEY = re.compile(r"[0-9a-f]{64}")


class LimitsParams(Params):
    """What one run may use."""

    steps = fields.Integer(
        load_default=20_000_000,
        strict=True,
        validate=Range(min=1, max=200_000_000),
        metadata={"description": "Cards that may be executed (Engine only)"},
    )
    wall_s = Number(
        load_default=10.0,
        validate=Range(min=0.1, max=60),
        metadata={"description": "Seconds by the clock that the run may take"},
    )
    memory_mib = fields.Integer(
        load_default=256, strict=True, validate=Range(min=16, max=512), metadata={"description": "Memory, MiB"}
    )
    output_bytes = fields.Integer(
        load_default=1 << 16,
        strict=True,
        validate=Range(min=1, max=1 << 18),
        metadata={"description": "Bytes of stdout and stderr together"},
    )


class TraceParams(Params):
    """Which part of a run is traced."""

    from_step = fields.Integer(
        load_default=0,
        strict=True,
        validate=Range(min=0, max=2_000_000),
        metadata={"description": "Cards executed before the trace begins"},
    )
    steps = fields.Integer(
        load_default=2_000,
        strict=True,
        validate=Range(min=1, max=5_000),
        metadata={"description": "Cards that are traced at most"},
    )
    break_lines = fields.List(
        fields.Integer(strict=True, validate=Range(min=1)),
        load_default=list,
        validate=Length(max=100),
        metadata={"description": "Breakpoints: the trace begins where one of these source lines is next"},
    )


def language() -> fields.String:
    """Make the field that names a language."""
    return fields.String(
        required=True,
        validate=OneOf(LANGUAGES),
        metadata={"description": "Language; GET /languages tells which are here"},
    )


def source() -> fields.String:
    """Make the field that holds a source text."""
    return fields.String(
        required=True,
        validate=Length(max=MOST_SOURCE),
        metadata={"description": "Source text; 64 KiB at most, more gets a diagnostic"},
    )


def stdin() -> fields.String:
    """Make the field that holds an input."""
    return fields.String(
        load_default="", validate=Length(max=MOST_INPUT), metadata={"description": "What the program can read"}
    )


def target() -> fields.String:
    """Make the field that names a target."""
    return fields.String(
        load_default="engine",
        validate=OneOf(TARGETS),
        metadata={"description": "The Engine's emulation, or the host's own toolchain in a sandbox"},
    )


def limits() -> fields.Nested:
    """Make the field with the limits of each run."""
    return fields.Nested(
        LimitsParams, load_default=lambda: LimitsParams().load({}), metadata={"description": "Limits of each run"}
    )


class RunParams(Params):
    """Params of `code.run`."""

    language = language()
    source = source()
    stdin = stdin()
    target = target()
    limits = limits()
    emit = fields.List(
        fields.String(validate=OneOf(EMITTED)),
        load_default=list,
        validate=Length(max=20),
        metadata={"description": "What of the translation and the run is to be shown"},
    )
    trace = fields.Nested(
        TraceParams,
        load_default=lambda: TraceParams().load({}),
        metadata={"description": "Which part of the run is traced, if `emit` asks for the trace"},
    )


class CheckParams(Params):
    """Params of `code.check`."""

    language = language()
    source = source()


class CaseParams(Params):
    """One test case."""

    name = fields.String(load_default="", validate=Length(max=200), metadata={"description": "What the case is called"})
    stdin = stdin()
    expected = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(max=MOST_INPUT),
        metadata={"description": "What must be printed; null: what the reference solution prints"},
    )
    points = Number(
        load_default=1.0, validate=Range(min=0, max=1e6), metadata={"description": "What passing it is worth"}
    )
    hidden = fields.Boolean(
        load_default=False, metadata={"description": "Whether nobody may see what goes in and comes out"}
    )


class ReferenceParams(Params):
    """A solution whose outputs are right."""

    language = language()
    source = source()


class GradeParams(Params):
    """Params of `code.grade`."""

    language = language()
    source = fields.String(
        validate=Length(max=MOST_SOURCE),
        metadata={"description": "Source text; 64 KiB at most, more gets a diagnostic; or `sealed_source`"},
    )
    sealed_source = Secret(
        metadata={"description": f"The source in place of `source`, kept sealed; {LONGEST_SECRET} characters at most"}
    )
    target = target()
    limits = limits()
    exercise = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(max=60),
        metadata={"description": "An exercise of the course, whose cases are taken in place of `cases`"},
    )
    cases = fields.List(
        fields.Nested(CaseParams),
        load_default=list,
        validate=Length(max=MOST_CASES),
        metadata={"description": "Test cases, one at least unless an exercise is named"},
    )
    reference = fields.Nested(
        ReferenceParams, load_default=None, allow_none=True, metadata={"description": "A solution known to be right"}
    )
    comparison = fields.String(
        load_default="lines",
        validate=OneOf(["exact", "lines", "tokens"]),
        metadata={
            "description": "exact; lines: spaces at ends of lines and of the text are free; tokens: all spaces are"
        },
    )
    answer_key = Secret(
        metadata={"description": "256 bits in hexadecimal; what is told case by case is encrypted with it, as `sealed`"}
    )

    @validates_schema
    def _refuse_sources(self, data: dict[str, Any], **_: Any) -> None:
        if ("source" in data) == ("sealed_source" in data):
            raise ValidationError("Give the source, either plainly or sealed.", "source")
        if not ANSWER_KEY.fullmatch(data.get("answer_key", 64 * "0")):
            raise ValidationError("64 hexadecimal digits.", "answer_key")

    @validates_schema
    def _refuse_missing_cases(self, data: dict[str, Any], **_: Any) -> None:
        if data["exercise"] is None and not data["cases"]:
            raise ValidationError("Give cases, or name an exercise.", "cases")
        if data["exercise"] is None:
            return
        if data["cases"]:
            raise ValidationError("The exercise has cases of its own.", "cases")
        exercise = curriculum().exercises.get(data["exercise"])
        if exercise is None:
            raise ValidationError("There is no such exercise.", "exercise")
        if data["language"] not in exercise.languages:
            raise ValidationError(f"The exercise takes {', '.join(exercise.languages)}.", "language")

    @validates_schema
    def _refuse_missing_answers(self, data: dict[str, Any], **_: Any) -> None:
        if data["reference"] is not None:
            return
        missing = {
            place: {"expected": ["Give the expected output, or a reference solution."]}
            for place, case in enumerate(data["cases"])
            if case["expected"] is None
        }
        if missing:
            raise ValidationError({"cases": missing})


class SideParams(Params):
    """One of the two programs that are compared."""

    language = language()
    source = source()
    target = target()


class CompareParams(Params):
    """Params of `code.compare`."""

    first = fields.Nested(SideParams, required=True, metadata={"description": "One program"})
    second = fields.Nested(
        SideParams,
        load_default=None,
        allow_none=True,
        metadata={"description": "The other; null: the same on the other target"},
    )
    inputs = fields.List(
        fields.String(validate=Length(max=MOST_INPUT)),
        load_default=lambda: [""],
        validate=Length(min=1, max=MOST_CASES),
        metadata={"description": "What each is given to read, run by run"},
    )
    limits = limits()
