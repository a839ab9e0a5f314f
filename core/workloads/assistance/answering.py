"""The computations: what is asked, what rules would say, and the chain that decides who answers."""

from typing import Any

from core.jobs.context import JobContext
from core.workloads.assistance import chain, setup
from core.workloads.assistance.providers import causes, rules

_PLAIN = "Answer in plain words. Say nothing that the text does not say, and make no call of any tool."


def complete(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Follow an instruction about a text."""
    instruction, text = params["instruction"], params["text"]
    return _answered(params, context, instruction, text, rules.answer(instruction, text))


def summarize(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say a text in fewer sentences."""
    count, text = params["sentences"], params["text"]
    return _answered(params, context, f"Summarize the text in {count} sentences.", text, rules.summarize(text, count))


def explain_job(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Say why a job failed and what to try."""
    error = params["error"]
    said = causes.explain(params["kind"], error["code"], error["message"], params["attempt"], params["max_attempts"])
    return _answered(params, context, "Say why this job failed, and what to try.", said, said)


def _answered(params: dict[str, Any], context: JobContext, instruction: str, text: str, ruled: str) -> dict[str, Any]:
    context.checkpoint()
    return chain.answer(setup.chain(), f"{instruction}\n{_PLAIN}", text, lambda: ruled, params, context.checkpoint)
