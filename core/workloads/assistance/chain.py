"""The chain of those who may answer: what is known already, a model, a cheaper one, rules; the last always does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog

from core.canonical import fingerprint
from core.clock import Clock, Monotonic, monotonic, utc_now
from core.errors import Denied, PenstockError
from core.platform.breakers.breaker import BreakerOpen, Breakers
from core.platform.cache.entry import Entry
from core.platform.cache.hot import HotTier
from core.workloads.assistance.budget import CHEAPER_AT, WARN_AT, Budget, Grant
from core.workloads.assistance.fencing import check_answer, redacted
from core.workloads.assistance.pricing import UNITS_PER_USD, price_of, written_usd
from core.workloads.assistance.providers.base import Prompt, Provider, ProviderAway, ProviderFailed, Usage

CACHED_S = 3600.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Link:
    """One model that may be asked."""

    source: str
    model: str
    provider: Provider


@dataclass(frozen=True, slots=True)
class Chain:
    """Who may answer, in order, and what is shared between answers."""

    links: Sequence[Link]
    budget: Budget
    breakers: Breakers
    secrets: Sequence[str] = ()
    known: HotTier = field(default_factory=lambda: HotTier(16 << 20))
    clock: Clock = utc_now
    monotonic: Monotonic = monotonic

    def of(self, tenant_id: UUID, principal_id: UUID | None, first: str = "model") -> "Chain":
        """Return it as a principal's budget binds it; who asks the cheaper model first does not ask the other."""
        links = [link for link in self.links if first in {"model", link.source}] or self.links
        return replace(self, links=links, budget=self.budget.of(tenant_id, principal_id))


class BudgetSpent(ProviderAway):
    """What may be spent does not suffice for the call."""

    code = "budget_spent"


@dataclass(slots=True)
class _Trial:
    """What was tried for one job."""

    chain: Chain
    checkpoint: Callable[[], None]
    give_up_at: float
    left_units: int | None
    check: Callable[[str], str]
    tried: list[dict[str, Any]] = field(default_factory=list)
    spent: int = 0

    def note(self, source: str, model: str | None, outcome: str, usage: Usage, units: int = 0) -> None:
        self.spent += units
        asked = usage.input + usage.cache_write + usage.cache_read
        self.tried.append(
            {
                "source": source,
                "model": model,
                "outcome": outcome,
                "input_tokens": asked,
                "output_tokens": usage.output,
                "cost_usd": written_usd(units),
            }
        )


def answer(
    chain: Chain,
    instruction: str,
    text: str,
    by_rules: Callable[[], str],
    params: dict[str, Any],
    checkpoint: Callable[[], None],
    check: Callable[[str], str] = str,
    in_the_way: str | None = None,
) -> dict[str, Any]:
    """Answer, whatever fails; `params` bound what it may take (`max_tokens`, `deadline_s`, `budget_usd`).

    `check` returns a model's answer, or raises `Denied` where it is not to be said. Where something is `in_the_way`, as
    a code, no model is asked, and what one said before is not told either.
    """
    private = redacted(text)
    prompt = Prompt(instruction, private.text, params["max_tokens"])
    cap = params.get("budget_usd")
    left = None if cap is None else int(Decimal(cap) * UNITS_PER_USD)
    trial = _Trial(chain, checkpoint, chain.monotonic() + params["deadline_s"], left, check)
    for link in _due(trial, in_the_way):
        known = f"{link.model}:{fingerprint([instruction, private.text, prompt.max_tokens])}"
        kept = chain.known.get(known, chain.clock().timestamp())
        if kept is not None and kept.value is not None:
            trial.note("cache", link.model, "answered", Usage())
            return _result(private.restored(kept.value.decode()), "cache", link.model, "asked before", trial)
        said = _ask(trial, link, prompt)
        if said is not None:
            until = chain.clock().timestamp() + CACHED_S
            chain.known.put(known, Entry(said.encode(), until, until))
            return _result(private.restored(said), link.source, link.model, _why(trial), trial)
    why = _why(trial) if chain.links else "no model is set up"
    trial.note("rules", None, "answered", Usage())
    return _result(by_rules(), "rules", None, why, trial)


def _due(trial: _Trial, in_the_way: str | None) -> Iterator[Link]:
    """Yield the links that the budget leaves: beyond nine tenths of a cap the dear one is passed over."""
    chain = trial.chain
    if in_the_way is not None:
        for link in chain.links:
            trial.note(link.source, link.model, in_the_way, Usage())
        return
    share = chain.budget.taken_share(chain.clock()) if chain.links else 0.0
    if share >= WARN_AT:
        log.warning("assistance.budget", taken_share=round(share, 3))
    for link in chain.links:
        if share >= CHEAPER_AT and link.source == "model":
            trial.note(link.source, link.model, BudgetSpent.code, Usage())
        else:
            yield link


def _ask(trial: _Trial, link: Link, prompt: Prompt) -> str | None:
    """Ask one model; None, with the reason noted, where it does not answer or its answer may not leave."""
    try:
        price = price_of(link.model, trial.chain.clock().date())
        most = price.units(Usage(link.provider.count(prompt), prompt.max_tokens))
        grant = _reserve(trial, most)
        with (
            _released_unless_begun(trial, grant),
            trial.chain.breakers.guarding(f"provider:{link.model}", ProviderFailed),
        ):
            completion = link.provider.complete(
                link.model, prompt, give_up_at=trial.give_up_at, checkpoint=trial.checkpoint
            )
    except PenstockError as error:
        is_begun = isinstance(error, ProviderFailed) and not isinstance(error, ProviderAway)
        trial.note(link.source, link.model, error.code, Usage(), most if is_begun else 0)
        return None
    units = price.units(completion.usage)
    trial.chain.budget.settle(grant, units)
    try:
        said = trial.check(check_answer(completion.text, trial.chain.secrets))
    except Denied as error:
        trial.note(link.source, link.model, error.code, completion.usage, units)
        return None
    trial.note(link.source, link.model, "answered", completion.usage, units)
    return said


def _reserve(trial: _Trial, most: int) -> Grant:
    """Set aside what a call costs at most; raises `BudgetSpent`."""
    if trial.left_units is not None and trial.spent + most > trial.left_units:
        raise BudgetSpent("the job's budget does not suffice")
    grant = trial.chain.budget.reserve(most, trial.chain.clock())
    if not grant.granted:
        raise BudgetSpent("what is left to spend does not suffice")
    return grant


@contextmanager
def _released_unless_begun(trial: _Trial, grant: Grant) -> Iterator[None]:
    """Give back what was set aside for a call that was not made; of one that broke off all of it counts as spent."""
    try:
        yield
    except (ProviderAway, BreakerOpen):
        trial.chain.budget.settle(grant, 0)
        raise


def _why(trial: _Trial) -> str:
    failed = [f"{one['model']}: {one['outcome']}" for one in trial.tried if one["outcome"] != "answered"]
    return "; ".join(failed) if failed else "first in the chain"


def _result(text: str, source: str, model: str | None, reason: str, trial: _Trial) -> dict[str, Any]:
    cost = written_usd(trial.spent)
    return {
        "text": text,
        "source": source,
        "reason": reason,
        "model": model,
        "cost_usd": cost,
        "tried": trial.tried,
    }
