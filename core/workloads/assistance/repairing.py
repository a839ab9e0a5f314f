"""Repairing: an answer in the wrong form is asked for once more, in plainer words; then rules answer."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from core.errors import Denied

Told = dict[str, Any]


class AnswerMisshapen(Denied):
    """The answer has not the form that was asked for."""

    code = "answer_misshapen"


def asked_again(ask: Callable[[str], Told], asked: str, repair: str) -> Told:
    """Ask, and once more with `repair` where models answered only in the wrong form; says whether as `repaired`."""
    told = ask(asked)
    misshapen = any(one["outcome"] == AnswerMisshapen.code for one in told["tried"])
    if misshapen and told["source"] == "rules":
        again = ask(f"{asked}\n{repair}")
        told = {**again, "tried": told["tried"] + again["tried"], "cost_usd": sum_usd([told, again])}
    return {**told, "repaired": misshapen}


def sum_usd(told: Sequence[Told]) -> str:
    """Add up what answers cost, to the last digit."""
    return f"{sum((Decimal(one['cost_usd']) for one in told), Decimal(0)):f}"
