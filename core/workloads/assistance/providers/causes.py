"""What the codes of failed jobs mean, and what to try: what rules know of them."""

from collections.abc import Mapping
from typing import NamedTuple


class Cause(NamedTuple):
    """Why, and what helps."""

    why: str
    advice: str


CAUSES: Mapping[str, Cause] = {
    "memory_limit": Cause(
        "it needed more memory than one attempt may hold",
        "Give it less data at a time, or split it into several jobs; `penstock kinds KIND` tells the limit.",
    ),
    "time_limit": Cause(
        "it took longer than one attempt may", "Ask for less, or have an operator allow a longer `timeout_s`."
    ),
    "output_limit": Cause("its artifacts were larger than allowed", "Ask for fewer or smaller outputs."),
    "result_too_large": Cause("its result was larger than allowed", "Ask for less detail."),
    "worker_lost": Cause(
        "the worker that computed it died, each time it was tried",
        "Look for a crash or for memory beyond the limit in the log of the job; then retry it.",
    ),
    "params_invalid": Cause(
        "its params do not fit what the kind takes now", "Compare them with the schema of the kind and submit it anew."
    ),
    "dependency_failed": Cause(
        "a job that it waited for did not succeed", "Find the parent that failed, retry that, then this one."
    ),
    "shards_failed": Cause("parts of it failed", "Look at its children that failed; a retry tries only those again."),
    "database_unavailable": Cause("the database could not be reached", "Retry it: that passes."),
    "unexpected_error": Cause(
        "its computation met something that nobody foresaw",
        "Read the traceback in its log; the input is to be checked.",
    ),
}


def explain(kind: str, code: str, message: str, attempt: int, max_attempts: int) -> str:
    """Say why a job failed and what to try."""
    cause = CAUSES.get(code)
    why = f"because {cause.why}" if cause else f"with the code {code}"
    tried = f"It was tried {attempt} of {max_attempts} times." if attempt else "It was never begun."
    said = f"The error says: {message}" if message else "The error says nothing more."
    advice = (
        cause.advice if cause else "The documentation of the kind tells its codes; what is transient may be retried."
    )
    return f"The {kind} job failed {why}. {tried} {said} {advice}"
