"""Asking a chain as a job does."""

from typing import Any

from core.workloads.assistance.chain import Chain, answer


def ask(chain: Chain, text: str = "The breaker tripped.", **params: Any) -> dict[str, Any]:
    """Ask about a text; rules would say `by rules`."""
    given = {"max_tokens": 200, "deadline_s": 30.0, "budget_usd": None, **params}
    return answer(chain, "Why?", text, lambda: "by rules", given, lambda: None)
