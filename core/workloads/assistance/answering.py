"""The computations: what is asked, what rules would say, and the chain that decides who answers."""

from collections.abc import Callable
from typing import Any

from core.jobs.context import JobContext
from core.workloads.assistance.asking import Asker, Consents, nobody_agreed
from core.workloads.assistance.figures import check_figures
from core.workloads.assistance.providers import causes, plans, rules

_PLAIN = "Answer in plain words. Say nothing that the text does not say, and make no call of any tool."


def complete(params: dict[str, Any], context: JobContext, consents: Consents = nobody_agreed) -> dict[str, Any]:
    """Follow an instruction about a text."""
    instruction, text = params["instruction"], params["text"]
    return _answered(Asker(params, context, consents), instruction, text, rules.answer(instruction, text))


def summarize(params: dict[str, Any], context: JobContext, consents: Consents = nobody_agreed) -> dict[str, Any]:
    """Say a text in fewer sentences."""
    count, text = params["sentences"], params["text"]
    asked = f"Summarize the text in {count} sentences."
    return _answered(Asker(params, context, consents), asked, text, rules.summarize(text, count))


def explain_job(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say why a job failed and what to try."""
    error = params["error"]
    said = causes.explain(params["kind"], error["code"], error["message"], params["attempt"], params["max_attempts"])
    return _answered(Asker(params, context), "Say why this job failed, and what to try.", said, said)


def explain_plan(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say a pump plan in words; an answer with a number that is not in the plan is withheld."""
    plan = params["plan"]
    said = plans.explain(plan)
    instruction = "Say in plain words what this plan of pumps does and why. Keep every number as it stands."
    return _answered(Asker(params, context), instruction, said, said, lambda answer: check_figures(answer, plan))


def _answered(
    asker: Asker, instruction: str, text: str, ruled: str, check: Callable[[str], str] = str
) -> dict[str, Any]:
    asker.context.checkpoint()
    return asker.ask(f"{instruction}\n{_PLAIN}", text, lambda: ruled, check)
