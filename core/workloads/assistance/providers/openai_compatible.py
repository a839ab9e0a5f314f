"""The chat completions that OpenAI and many local servers speak, streamed."""

from collections.abc import Callable
from dataclasses import dataclass

from core.workloads.assistance.fencing import fenced
from core.workloads.assistance.providers.base import Completion, Prompt, ProviderFailed, Usage
from core.workloads.assistance.providers.wire import Wire, counted, most_tokens, reading


@dataclass(frozen=True, slots=True)
class OpenAiCompatible:
    """Asks any server that speaks like OpenAI's."""

    wire: Wire

    @classmethod
    def at(cls, url: str, key: str) -> "OpenAiCompatible":
        """Ask at an address, with a key if it takes one."""
        return cls(Wire(url, {"authorization": f"Bearer {key}"} if key else {}))

    def complete(self, model: str, prompt: Prompt, *, give_up_at: float, checkpoint: Callable[[], None]) -> Completion:
        """Answer by an instant of the monotonic clock; raises `ProviderFailed`, and what `checkpoint` raises."""
        body = {
            "model": model,
            "max_tokens": prompt.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
            "messages": [
                {"role": "system", "content": prompt.instruction},
                {"role": "user", "content": fenced(prompt.text)},
            ],
        }
        parts: list[str] = []
        usage: Usage | None = None
        ended = False
        with reading():
            for event in self.wire.events("/v1/chat/completions", body, give_up_at=give_up_at, checkpoint=checkpoint):
                if "error" in event:
                    raise ProviderFailed("the answer broke off with an error")
                for choice in event.get("choices") or ():
                    parts.append((choice.get("delta") or {}).get("content") or "")
                    ended = ended or choice.get("finish_reason") is not None
                if event.get("usage"):
                    told = event["usage"]
                    usage = Usage(counted(told, "prompt_tokens"), counted(told, "completion_tokens"))
        text = "".join(parts)
        if not ended or usage is None or not text:
            raise ProviderFailed("there is no text in the answer" if ended and usage else "the answer broke off")
        return Completion(text, usage)

    def count(self, prompt: Prompt) -> int:
        """Return how many tokens a prompt takes at most."""
        return most_tokens(prompt)
