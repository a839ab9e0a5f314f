"""Asking: whether a text may leave for a model is judged before each call, and every verdict is in the audit trail.

The call itself is the one effect that assistance has outside; this is the gate before it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.jobs.context import JobContext
from core.platform.audit.entries import DENIED, DONE
from core.workloads.assistance import chain, setup
from core.workloads.assistance.setup import Policy

ALLOW, MODIFY, HOLD, DENY = "allow", "modify", "hold", "deny"
CALL_DENIED, CALL_HELD = "call_denied", "call_held"
PURPOSE = "profiling"
"""The consent that a person gives to having words made about them."""
ACTION = "assistance.governance"

Consents = Callable[[Session, UUID, int], bool]
"""Tells of a tenant's profile whether it consents to `PURPOSE`."""


def nobody_agreed(_session: Session, _tenant_id: UUID, _profile: int) -> bool:
    """Say no for everybody, where nobody keeps consents."""
    return False


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks for one job, and keeps what hooks say of it."""

    params: Mapping[str, Any]
    context: JobContext
    consents: Consents = nobody_agreed
    by: str = "job"
    """Who speaks: the job itself, or the persona whose step it is."""
    verdicts: list[dict[str, str]] = field(default_factory=list)

    def tell(self, hook: str, verdict: str, reason: str) -> None:
        """Keep a verdict, in the job's log at once."""
        self.verdicts.append({"by": self.by, "hook": hook, "verdict": verdict, "reason": reason})
        self.context.log("governance", persona=self.by, hook=hook, verdict=verdict, reason=reason)

    def ask(
        self,
        asked: str,
        text: str,
        by_rules: Callable[[], str],
        check: Callable[[str], str] = str,
        *,
        first: str = "model",
        **bounds: Any,
    ) -> dict[str, Any]:
        """Have a text answered, by rules where a hook does not let it out; every verdict goes into the audit trail."""
        ours = setup.chain().of(self.context.tenant_id, self.context.submitted_by, first)
        in_the_way = self._judged() if ours.links else None
        params = {**self.params, **bounds}
        told = chain.answer(ours, asked, text, by_rules, params, self.context.checkpoint, check, in_the_way)
        if self.verdicts:
            outcome = DENIED if in_the_way else DONE
            self.context.audit(ACTION, outcome, {"source": told["source"], "verdicts": list(self.verdicts)})
            self.verdicts.clear()
        return told

    def _judged(self) -> str | None:
        """Send the call through the hooks in their order; the code of the first that does not allow it."""
        policy = setup.policy()
        for hook, judge in (("consent", self._consent), ("data_class", self._data_class)):
            verdict, reason = judge(policy)
            self.tell(hook, verdict, reason)
            if verdict != ALLOW:
                return CALL_HELD if verdict == HOLD else CALL_DENIED
        return None

    def _consent(self, _policy: Policy) -> tuple[str, str]:
        """Let words about a person out only where that person agreed."""
        subject = self.params.get("subject")
        if subject is None:
            return ALLOW, "about nobody in particular"
        with self.context.transaction() as session:
            agreed = self.consents(session, self.context.tenant_id, subject)
        return (ALLOW, f"consent to {PURPOSE} holds") if agreed else (DENY, f"no consent to {PURPOSE} holds")

    def _data_class(self, policy: Policy) -> tuple[str, str]:
        """Let out what may be let out; what is held waits for somebody who may reveal it."""
        data_class = self.params["data_class"]
        if data_class in policy.free:
            return ALLOW, f"{data_class} may leave"
        if data_class not in policy.held:
            return DENY, f"{data_class} may not leave"
        if self.params["released"]:
            return ALLOW, f"{data_class}, released by whoever submitted it"
        return HOLD, f"{data_class} waits for somebody who may release it"
