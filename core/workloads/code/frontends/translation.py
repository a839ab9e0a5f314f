"""This file is about translating any source without ever failing: what a front end cannot take becomes a diagnostic."""

from collections.abc import Collection
from dataclasses import replace

from core.workloads.code.engine import validation
from core.workloads.code.frontends import sources
from core.workloads.code.frontends.base import Diagnostic, FrontEnd, Phase, Translation

_TOO_DEEP = Diagnostic(
    Phase.PARSE, "the program is nested too deeply", 1, 1, hint="take it apart: fewer brackets within brackets"
)


def translate(front_end: FrontEnd, source: str, show: Collection[str] = ()) -> Translation:
    """Translate; an error in the program, or a program that the Engine cannot hold, comes back as diagnostics."""
    text = sources.normalize(source)
    refusal = sources.refuse(text)
    if refusal is not None:
        return Translation(diagnostics=[refusal])
    try:
        translated = front_end.translate(text, show)
    except RecursionError:
        return Translation(diagnostics=[_TOO_DEEP])
    return _hung(translated)


def check(front_end: FrontEnd, source: str) -> Translation:
    """Check only; the same holds."""
    text = sources.normalize(source)
    refusal = sources.refuse(text)
    if refusal is not None:
        return Translation(diagnostics=[refusal])
    try:
        return front_end.check(text)
    except RecursionError:
        return Translation(diagnostics=[_TOO_DEEP])


def _hung(translated: Translation) -> Translation:
    """Tell where a chain cannot be hung into the Engine, most of all where it is too long."""
    if translated.program is None or translated.failed:
        return replace(translated, program=None)
    for number, fault in validation.faults(translated.program):
        cards = translated.program.cards
        card = cards[min(number, len(cards) - 1)] if cards else None
        line, column = (card.line or 1, card.column or 1) if card else (1, 1)
        diagnostic = Diagnostic(Phase.CODEGEN, fault, line, column, hint="the program is too large for the Engine")
        return replace(translated, program=None, diagnostics=[*translated.diagnostics, diagnostic])
    return translated
