"""Golden sets of personas, put to a running platform: each case is a step, judged by what it has to say."""

from collections.abc import Iterator
from typing import Any

from penstock_client import Client

from core.workloads.assistance import personas
from core.workloads.assistance.personas import Golden, Persona

STEP = "assistance.step"
WITHIN_S = 300.0


def evaluated(client: Client, persona_id: str | None) -> Iterator[dict[str, Any]]:
    """Yield what came of each case of one persona, or of all; raises `PersonaMissing`."""
    chosen = personas.everyone() if persona_id is None else [personas.find(persona_id)]
    jobs = [(one, case, client.submit(STEP, _params(one, case))) for one in chosen for case in one.golden]
    for persona, case, job in jobs:
        told = job.result(WITHIN_S)
        said = told["text"]
        lacking = [word for word in case.holds if word not in said]
        wrong = [word for word in case.lacks if word in said]
        yield {
            "persona": persona.id,
            "version": persona.version,
            "instruction": case.instruction,
            "source": told["source"],
            "model": told["model"],
            "cost_usd": told["cost_usd"],
            "passed": not (lacking or wrong),
            "lacking": lacking,
            "wrong": wrong,
        }


def _params(persona: Persona, case: Golden) -> dict[str, Any]:
    return {
        "persona": persona.id,
        "version": persona.version,
        "instruction": case.instruction,
        "material": dict(case.material),
    }
