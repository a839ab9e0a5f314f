"""Orchestrations: small graphs of persona steps, each a job of its own, so that any worker computes any step.

Draft, critique, revise; or a draft before several reviewers at once, whose findings are merged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.jobs.context import JobContext
from core.workloads.assistance import governance, personas
from core.workloads.assistance.asking import Asker, Consents, nobody_agreed
from core.workloads.assistance.governance import Step
from core.workloads.assistance.providers import steps
from core.workloads.assistance.repairing import asked_again, sum_usd

STEP = "assistance.step"
_REPAIR = 'Answer with nothing but JSON of this form: {"findings": ["one sentence", "another"]}.'
_DIGITS = Decimal("0.0000000001")


def compute_step(params: dict[str, Any], context: JobContext, consents: Consents = nobody_agreed) -> dict[str, Any]:
    """Do one persona's step; what a model says in the wrong form it is asked for once more, then rules answer."""
    context.checkpoint()
    persona = personas.find(params["persona"], params["version"])
    step = Step(persona, params["instruction"], _merged(params["material"]))
    asker = Asker(params, context, consents, by=persona.id)
    asked = f"{persona.instruction}\n{params['instruction']}"
    governance.apply(governance.BEFORE, step, asked, asker.tell)
    told = asked_again(lambda words: _ask(asker, step, words), asked, _REPAIR)
    findings = governance.findings_of(told["text"]) if persona.output == "findings" else []
    return {**told, "persona": persona.id, "version": persona.version, "findings": findings}


def orchestrate(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Have a draft made and mended by the findings of one critic or of several reviewers."""
    reviewers = params["reviewers"] or ["critic"]
    last = "merger" if params["reviewers"] else "reviser"
    share = _share(params["budget_usd"], 1 + params["rounds"] * (len(reviewers) + 1))
    material: dict[str, Any] = {"text": params["text"]}
    done = [*_steps(context, params, share, ["drafter"], material)]
    text = done[-1]["text"]
    for _ in range(params["rounds"]):
        material = {"text": params["text"], "draft": text}
        reviews = [*_steps(context, params, share, reviewers, material)]
        done += reviews
        findings = _all_of(review["findings"] for review in reviews)
        if not findings:
            break
        done += _steps(context, params, share, [last], {**material, "findings": findings})
        text = done[-1]["text"]
    told = ("persona", "version", "source", "reason", "model", "cost_usd", "findings", "repaired", "text")
    return {
        "text": text,
        "steps": [{name: one[name] for name in told} for one in done],
        "agreed": not findings if params["rounds"] else True,
        "cost_usd": sum_usd(done),
    }


def _steps(
    context: JobContext, params: Mapping[str, Any], share: str | None, names: list[str], material: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Have these personas work on the same material at once."""
    passed = {name: params[name] for name in ("instruction", "deadline_s", "data_class", "subject", "released")}
    common = {**passed, "material": dict(material), "budget_usd": share}
    return context.map(STEP, [{"persona": name, **common} for name in names])


def _ask(asker: Asker, step: Step, asked: str) -> dict[str, Any]:
    persona = step.persona
    return asker.ask(
        asked,
        _written(step.material),
        lambda: steps.answer(persona.id, step.instruction, step.material),
        lambda said: governance.apply(governance.AFTER, step, said, asker.tell),
        first=persona.tier,
        max_tokens=min(asker.params["max_tokens"], persona.max_tokens),
    )


def _merged(material: Mapping[str, Any]) -> dict[str, Any]:
    """Make one list of what several reviewers found, as jobs of a workflow hand it on."""
    rest = {name: value for name, value in material.items() if name not in {"findings", "reviews"}}
    if rest.keys() == material.keys():
        return rest
    return {**rest, "findings": _all_of([material.get("findings", []), *material.get("reviews", [])])}


def _all_of(findings: Iterable[Sequence[str]]) -> list[str]:
    return sorted({finding for one in findings for finding in one})


def _written(material: Mapping[str, Any]) -> str:
    parts = [f"{name}:\n{value if isinstance(value, str) else chr(10).join(value)}" for name, value in material.items()]
    return "\n\n".join(parts)


def _share(budget_usd: str | None, parts: int) -> str | None:
    """Divide a budget evenly among all steps that there may be, so that together they never pass it."""
    if budget_usd is None:
        return None
    return f"{(Decimal(budget_usd) / parts).quantize(_DIGITS, rounding='ROUND_FLOOR'):f}"
