"""Anthropic's Messages API, streamed."""

from collections.abc import Callable
from dataclasses import dataclass

from core.workloads.assistance.fencing import fenced
from core.workloads.assistance.providers.base import Completion, Prompt, ProviderFailed, Usage
from core.workloads.assistance.providers.wire import Wire, counted, most_tokens, reading

URL = "https://api.anthropic.com"
VERSION = "2023-06-01"


@dataclass(frozen=True, slots=True)
class Anthropic:
    """Asks Anthropic."""

    wire: Wire

    @classmethod
    def at(cls, url: str, key: str) -> "Anthropic":
        """Ask at an address with a key."""
        return cls(Wire(url or URL, {"x-api-key": key, "anthropic-version": VERSION}))

    def complete(self, model: str, prompt: Prompt, *, give_up_at: float, checkpoint: Callable[[], None]) -> Completion:
        """Answer by an instant of the monotonic clock; raises `ProviderFailed`, and what `checkpoint` raises."""
        body = {
            "model": model,
            "max_tokens": prompt.max_tokens,
            "stream": True,
            "system": prompt.instruction,
            "messages": [{"role": "user", "content": fenced(prompt.text)}],
        }
        parts: list[str] = []
        told: dict[str, int] = {}
        ended = False
        with reading():
            for event in self.wire.events("/v1/messages", body, give_up_at=give_up_at, checkpoint=checkpoint):
                kind = event.get("type")
                if kind == "error":
                    raise ProviderFailed("the answer broke off with an error")
                if kind == "message_start":
                    told |= _usage(event["message"].get("usage"))
                elif kind == "content_block_delta" and event["delta"].get("type") == "text_delta":
                    parts.append(event["delta"]["text"])
                elif kind == "message_delta":
                    told |= _usage(event.get("usage"))
                ended = ended or kind == "message_stop"
        if not ended or not parts:
            raise ProviderFailed("the answer broke off" if not ended else "there is no text in the answer")
        return Completion("".join(parts), Usage(**told))

    def count(self, prompt: Prompt) -> int:
        """Return how many tokens a prompt takes at most."""
        return most_tokens(prompt)


def _usage(usage: object) -> dict[str, int]:
    names = {
        "input": "input_tokens",
        "output": "output_tokens",
        "cache_write": "cache_creation_input_tokens",
        "cache_read": "cache_read_input_tokens",
    }
    found = {ours: counted(usage, theirs) for ours, theirs in names.items()}
    return {name: value for name, value in found.items() if value}
