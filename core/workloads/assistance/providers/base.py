"""What every provider is asked and answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from core.errors import Transient


class ProviderFailed(Transient):
    """The provider gave no answer that can be used; what it cost is not known."""

    code = "provider_failed"


class ProviderAway(ProviderFailed):
    """The provider was not there to begin an answer, so nothing is owed for one."""

    code = "provider_away"


class ProviderBusy(ProviderAway):
    """The provider is asked too much."""

    code = "provider_busy"


class ProviderRefused(ProviderAway):
    """The provider refuses what it was asked, or who asks."""

    code = "provider_refused"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a provider is asked: words of ours, and a text of somebody's that is fenced in."""

    instruction: str
    text: str
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took, in tokens."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer. There is no place in it for calls of tools: none are offered, and none are made."""

    text: str
    usage: Usage


class Provider(Protocol):
    """Answers prompts."""

    def complete(self, model: str, prompt: Prompt, *, give_up_at: float, checkpoint: Callable[[], None]) -> Completion:
        """Answer by an instant of the monotonic clock; raises `ProviderFailed`, and what `checkpoint` raises."""

    def count(self, prompt: Prompt) -> int:
        """Return how many tokens a prompt takes at most."""
