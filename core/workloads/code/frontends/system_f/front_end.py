"""System F as one of the languages spoken here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.workloads.code.frontends.base import FrontEnd, Translation
from core.workloads.code.frontends.finishing import finish
from core.workloads.code.frontends.functional.linking import link
from core.workloads.code.frontends.system_f.printing import show_term, show_type
from core.workloads.code.frontends.system_f.syntax import Abbreviation, Binding, Statement
from core.workloads.code.frontends.system_f.unit import Phases, analyze, translate
from core.workloads.code.frontends.words.frames import PREFIX

_TOO_LARGE = "the Engine's store has 2,000 words: use fewer definitions that are no functions"


@dataclass(frozen=True, slots=True)
class SystemFFrontEnd:
    """Translates System F and System Fω as `docs/code.md` describes them."""

    name: str = "system-f"
    title: str = "System F in the syntax of TAPL, with records, packages, fix; Fω by `option omega;`"
    uncaught: int | None = None

    def check(self, source: str) -> Translation:
        """Find errors, types and symbols; make no program."""
        phases = analyze(source)
        return Translation(None, phases.diagnostics, symbols=_symbols(phases))

    def translate(self, source: str, show: Collection[str] = ()) -> Translation:
        """Make a program, and show the phases asked for."""
        phases = translate(source)
        shown: dict[str, Any] = {}
        if "tokens" in show:
            shown["tokens"] = [
                {"kind": one.kind, "text": one.text, "line": one.at.line, "column": one.at.column}
                for one in phases.tokens
            ]
        if "ast" in show:
            shown["ast"] = [_statement(one) for one in phases.statements]
        if phases.module is None or phases.failed:
            return Translation(None, phases.diagnostics, shown)
        program, refusal = finish(phases.module, link, PREFIX, shown if "ir" in show else {}, _TOO_LARGE)
        return Translation(program, [*phases.diagnostics, *([refusal] if refusal else [])], shown, _symbols(phases))


def _statement(one: Statement) -> dict[str, Any]:
    match one:
        case Abbreviation(at, name, type_):
            return {"node": "type", "name": name, "text": show_type(type_), "line": at.line, "column": at.column}
        case Binding(at, name, term):
            return {"node": "binding", "name": name, "text": show_term(term), "line": at.line, "column": at.column}
        case _:
            return {"node": "term", "text": show_term(one.term), "line": one.at.line, "column": one.at.column}


def _symbols(phases: Phases) -> list[dict[str, Any]]:
    if phases.checked is None:
        return []
    found = []
    for one, type_ in zip(phases.statements, phases.checked.types, strict=True):
        if isinstance(one, Binding) and type_ is not None:
            place = {"line": one.at.line, "column": one.at.column}
            found.append({"name": one.name, "kind": "value", "type": show_type(type_), **place})
        elif isinstance(one, Abbreviation):
            kind = phases.checked.kinds.get(one.name, "?")
            found.append({"name": one.name, "kind": "type", "type": kind, "line": one.at.line, "column": one.at.column})
    return found


FRONT_END: FrontEnd = SystemFFrontEnd()
