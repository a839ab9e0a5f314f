"""Governance: hooks in a fixed order around each step, each of which allows, modifies or denies and says why.

Before the call what is asked is checked and the persona's tools are counted; personal data is taken out and the text is
fenced by the chain itself. After it the answer's form and figures are checked. Every verdict goes into the job's log,
and into the audit trail with those on whether the text may leave at all (`asking`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Denied, PenstockError
from core.workloads.assistance.asking import ALLOW, DENY, MODIFY
from core.workloads.assistance.figures import check_figures
from core.workloads.assistance.personas import Persona
from core.workloads.assistance.repairing import AnswerMisshapen

MOST_FINDINGS, LONGEST_FINDING = 50, 500


class StepDenied(Denied):
    """The step may not be made as it is asked for."""

    code = "step_denied"


@dataclass(frozen=True, slots=True)
class Step:
    """What one step is asked."""

    persona: Persona
    instruction: str
    material: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hook:
    """One rule; `judge` returns what goes on in the place of what it was given, or raises."""

    name: str
    judge: Callable[[Step, str], str]


def apply(hooks: Sequence[Hook], step: Step, said: str, tell: Callable[[str, str, str], None]) -> str:
    """Send words through hooks in their order, telling each verdict; the first that denies ends it."""
    for hook in hooks:
        try:
            after = hook.judge(step, said)
        except PenstockError as error:
            tell(hook.name, DENY, error.detail)
            raise
        tell(hook.name, ALLOW if after == said else MODIFY, "")
        said = after
    return said


def findings_of(said: str) -> list[str]:
    """Read the findings of an answer; raises `AnswerMisshapen`."""
    try:
        found = json.loads(said)["findings"]
    except (ValueError, KeyError, TypeError) as error:
        raise AnswerMisshapen('the answer is not {"findings": [...]}') from error
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise AnswerMisshapen("findings are no list of sentences")
    return [one[:LONGEST_FINDING] for one in found[:MOST_FINDINGS]]


def _no_tools(step: Step, said: str) -> str:
    if step.persona.tools:
        raise StepDenied("no persona may call tools")
    return said


def _something_to_go_by(step: Step, said: str) -> str:
    if not str(step.material.get("text", "")).strip():
        raise StepDenied("there is no text to go by")
    return said


def _form(step: Step, said: str) -> str:
    """Write findings in one form: what surrounds the JSON is cut off."""
    if step.persona.output != "findings":
        return said
    begins, ends = said.find("{"), said.rfind("}")
    return json.dumps({"findings": findings_of(said[begins : ends + 1])}, ensure_ascii=False)


def _figures(step: Step, said: str) -> str:
    return check_figures(said, {"instruction": step.instruction, **step.material})


BEFORE = (Hook("tools", _no_tools), Hook("material", _something_to_go_by))
AFTER = (Hook("form", _form), Hook("figures", _figures))
