"""`windows.prune`: a domain forgets all but its newest windows."""

from typing import Any

from core.jobs.context import JobContext


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Forget, and tell how many went."""
    return {"pruned": context.domains.forget(params["domain"], params["keep"])}
