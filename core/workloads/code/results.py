"""This file is about what comes out of jobs with programs."""

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.workloads.code.frontends.base import Phase, Severity
from core.workloads.code.verdicts import Verdict


def _told(description: str) -> dict[str, str]:
    return {"description": description}


def verdict() -> fields.String:
    """Make the field that says how it went."""
    return fields.String(
        required=True, validate=OneOf([one.value for one in Verdict]), metadata=_told("How it went, the gravest first")
    )


class DiagnosticResult(Schema):
    """What is wrong with a source text, and where."""

    phase = fields.String(required=True, validate=OneOf([one.value for one in Phase]))
    severity = fields.String(required=True, validate=OneOf([one.value for one in Severity]))
    line = fields.Integer(required=True, metadata=_told("From 1"))
    column = fields.Integer(required=True, metadata=_told("From 1"))
    end_line = fields.Integer(required=True)
    end_column = fields.Integer(required=True, metadata=_told("Behind the last character"))
    message = fields.String(required=True, metadata=_told("What is wrong"))
    hint = fields.String(required=True, metadata=_told("How to mend it; may be empty"))


def diagnostics() -> fields.List[Any]:
    """Make the field with diagnostics."""
    return fields.List(fields.Nested(DiagnosticResult), required=True)


class CardResult(Schema):
    """One card as it is punched."""

    card = fields.Integer(required=True, metadata=_told("Its number in the chain"))
    digits = fields.String(required=True, metadata=_told("13 digit columns, or 64 with a number card"))
    image = fields.String(required=True, metadata=_told("Its holes, ten places a column, in hexadecimal"))
    line = fields.Integer(required=True, metadata=_told("Source line; 0: of no line"))


class RecentResult(Schema):
    """One of the last cards before a trap."""

    card = fields.Integer(required=True)
    text = fields.String(required=True)
    line = fields.Integer(required=True)


class TrapResult(Schema):
    """Why the Engine stopped where nobody asked it to."""

    kind = fields.String(required=True, metadata=_told("overflow, div_zero, store_bounds, …"))
    message = fields.String(required=True)
    card = fields.Integer(required=True, metadata=_told("Number of the card that could not be executed"))
    line = fields.Integer(required=True, metadata=_told("Where it came from"))
    column = fields.Integer(required=True)
    registers = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    recent = fields.List(fields.Nested(RecentResult), required=True, metadata=_told("The last 16 cards, oldest first"))


class TruncatedResult(Schema):
    """What was cut."""

    stdout = fields.Boolean(required=True)
    stderr = fields.Boolean(required=True)
    assembly = fields.Boolean()
    machine_code = fields.Boolean()


class SandboxResult(Schema):
    """What held the run."""

    layers = fields.List(fields.String(), required=True)


class RunResult(Schema):
    """Result of `code.run`."""

    verdict = verdict()
    phase = fields.String(required=True, metadata=_told("How far it came: lex, parse, semantic, ir, codegen or run"))
    limit_hit = fields.String(
        required=True, allow_none=True, metadata=_told("steps, wall, cpu, memory, output, processes or disk")
    )
    stdout = fields.String(required=True)
    stderr = fields.String(required=True)
    exit_code = fields.Integer(
        required=True,
        allow_none=True,
        metadata=_told("As a host would say it, 1 for an error that nothing caught; null: something else ended it"),
    )
    trap = fields.Nested(TrapResult, required=True, allow_none=True)
    diagnostics = diagnostics()
    tokens = fields.List(fields.Raw(), required=True, allow_none=True)
    ast = fields.Raw(required=True, allow_none=True)
    ir = fields.Raw(required=True, allow_none=True)
    assembly = fields.String(required=True, allow_none=True, metadata=_told("The chain as the assembler reads it"))
    machine_code = fields.List(fields.Nested(CardResult), required=True, allow_none=True)
    trace = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    punched = fields.List(fields.String(), required=True, metadata=_told("Numbers that were punched on cards"))
    bell = fields.Integer(required=True, metadata=_told("How often the bell rang"))
    cards_executed = fields.Integer(required=True)
    engine_seconds = fields.Integer(required=True, metadata=_told("How long the Engine would have taken"))
    cpu_ms = fields.Float(required=True)
    wall_ms = fields.Float(required=True)
    peak_memory_kib = fields.Integer(required=True)
    truncated = fields.Nested(TruncatedResult, required=True)
    sandbox = fields.Nested(SandboxResult, required=True)


class SymbolResult(Schema):
    """A name that the source defines."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    type = fields.String(required=True)
    line = fields.Integer(required=True)
    column = fields.Integer(required=True)


class CheckResult(Schema):
    """Result of `code.check`."""

    verdict = verdict()
    diagnostics = diagnostics()
    symbols = fields.List(fields.Nested(SymbolResult), required=True)


class DifferenceResult(Schema):
    """Where two outputs first differ."""

    line = fields.Integer(required=True, metadata=_told("From 1"))
    expected = fields.String(required=True, allow_none=True, metadata=_told("null: there is no such line"))
    found = fields.String(required=True, allow_none=True)


class CaseResult(Schema):
    """How a test case went; of a hidden one nothing that was read or printed."""

    name = fields.String(required=True)
    hidden = fields.Boolean(required=True)
    verdict = verdict()
    points = fields.Float(required=True)
    points_possible = fields.Float(required=True)
    limit_hit = fields.String(required=True, allow_none=True)
    difference = fields.Nested(DifferenceResult, required=True, allow_none=True)
    stderr = fields.String(required=True, allow_none=True)
    trap = fields.Nested(TrapResult, required=True, allow_none=True)
    cards_executed = fields.Integer(required=True)
    engine_seconds = fields.Integer(required=True)


class NotesResult(Schema):
    """What is noticed in a program besides what it prints."""

    lines = fields.Integer(required=True, metadata=_told("With something on them"))
    longest_line = fields.Integer(required=True, metadata=_told("Characters"))
    nesting = fields.Integer(required=True, metadata=_told("How deep brackets or indentation go"))
    ways_through = fields.Integer(required=True, metadata=_told("McCabe's number: one, and one for each decision"))
    cards = fields.Integer(required=True, allow_none=True, metadata=_told("Of all cases; null: not on the Engine"))
    reference_cards = fields.Integer(
        required=True,
        allow_none=True,
        metadata=_told("Of the exercise's solution in this language; null: there is none"),
    )
    remarks = fields.List(fields.String(), required=True, metadata=_told("What might be done better"))


class GradeResult(Schema):
    """Result of `code.grade`; where `answer_key` was given, `sealed` holds what is told besides verdict and points."""

    verdict = verdict()
    points = fields.Float(required=True)
    points_possible = fields.Float(required=True)
    passed = fields.Integer(required=True)
    cases = fields.List(fields.Nested(CaseResult), required=True)
    diagnostics = diagnostics()
    notes = fields.Nested(NotesResult, required=True, allow_none=True, metadata=_told("Style and cost"))
    sealed = fields.String(
        required=True, allow_none=True, metadata=_told("Cases, diagnostics and notes, encrypted with `answer_key`")
    )
    cpu_ms = fields.Float(required=True)


class SideResult(Schema):
    """How one of two programs went on one input."""

    verdict = verdict()
    exit_code = fields.Integer(required=True, allow_none=True)
    stdout = fields.String(required=True)
    diagnostics = diagnostics()


class PairResult(Schema):
    """How both went on one input."""

    same = fields.Boolean(required=True)
    first = fields.Nested(SideResult, required=True)
    second = fields.Nested(SideResult, required=True)
    difference = fields.Nested(DifferenceResult, required=True, allow_none=True)


class CompareResult(Schema):
    """Result of `code.compare`."""

    same = fields.Boolean(required=True)
    runs = fields.List(fields.Nested(PairResult), required=True)
    cpu_ms = fields.Float(required=True)
