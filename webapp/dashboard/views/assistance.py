"""Assistance: an answer and who gave it, a segment that is a draft, an orchestration step by step."""

import json
from collections.abc import Mapping
from typing import Any

from webapp.dashboard.drawing import Drawing, Values
from webapp.segments import clause_at

SOURCES = {"model": "a model", "cheaper_model": "a cheaper model", "cache": "an earlier answer", "rules": "rules"}


def draw_answer(_params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw the words, and who was asked for them."""
    return {"result": result, "sources": SOURCES}


def draw_draft(params: Mapping[str, Any], result: Mapping[str, Any]) -> Values:
    """Draw what was asked for beside the definition, each clause below the first with whom it chooses."""
    preview, definition = result["preview"], result["definition"]
    clauses = [
        {"clause": json.dumps(clause_at(definition, one["place"]), ensure_ascii=False), "profiles": one["profiles"]}
        for one in (preview["clauses"][1:] if preview else ())
    ]
    written = json.dumps(definition, indent=2, ensure_ascii=False)
    return {**draw_answer(params, result), "asked": params["description"], "written": written, "clauses": clauses}


DRAWINGS = {
    **dict.fromkeys(
        ("assistance.complete", "assistance.summarize", "assistance.explain_job", "assistance.explain_plan"),
        Drawing("views/assistance_answer.html", draw_answer),
    ),
    "assistance.draft_segment": Drawing("views/assistance_draft.html", draw_draft),
    "assistance.orchestrate": Drawing("views/assistance_orchestration.html", draw_answer),
}
