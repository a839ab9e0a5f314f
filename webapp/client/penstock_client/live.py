"""Topics as they happen: server-sent events with a ticket, and asking now and then where those are not to be had."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from penstock_client.transport import API, CONNECT_WITHIN_S, STREAM_SILENT_S, Transport

POLL_FOR_S = 10.0
"""How long is polled before another stream is asked for."""
_ABOUT_THE_STREAM = "stream."


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a topic tells: an event of a job or of the bus by its number, or how things stand."""

    topic: str
    seq: int
    type: str
    data: Any


@dataclass(slots=True)
class Live:
    """Topics that are listened to, and the last number of each: where a broken stream goes on."""

    transport: Transport
    topics: Sequence[str]
    after: dict[str, int]
    _stood: dict[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Generator[News, None, None]:
        """Yield news for ever; what is numbered comes once and in order, whatever breaks in between."""
        while True:
            ticket = self._ticket()
            opened = yield from self._streamed(ticket["sse_url"])
            yield from self._polled(ticket["poll"], ticket["interval_s"], for_s=0.0 if opened else POLL_FOR_S)

    def _ticket(self) -> dict[str, Any]:
        body = json.dumps({"topics": list(self.topics), "after": self.after}).encode()
        told: dict[str, Any] = self.transport.send("POST", "/streams/tickets", body=body).json()
        self.after |= told["after"]
        return told

    def _streamed(self, url: str) -> Generator[News, None, bool]:
        """Yield what a stream tells until it ends, at once where there is none; return whether there was one."""
        opened = False
        timeout = httpx2.Timeout(STREAM_SILENT_S, connect=CONNECT_WITHIN_S)
        try:
            # The ticket is all that the stream asks for: the key stays with the platform that gave it.
            with httpx2.stream("GET", url, timeout=timeout, trust_env=False) as answer:
                opened = answer.is_success
                if opened:
                    yield from filter(None, map(self._heard, httpx2.EventSource(answer)))
        except httpx2.TransportError:
            pass  # it goes on behind the last number
        return opened

    def _heard(self, message: httpx2.ServerSentEvent) -> News | None:
        if not message.data or message.event.startswith(_ABOUT_THE_STREAM):
            return None
        told: Any = message.json()
        news = News(told["topic"], told["seq"], told["type"], told["data"])
        # All that is heard of the bus is told as `events`.
        names = {"events", "domain"} if news.topic == "events" else {news.topic}
        return self._noted(news, [topic for topic in self.after if {topic, topic.partition(":")[0]} & names])

    def _polled(self, urls: Mapping[str, str], every_s: float, *, for_s: float) -> Iterator[News]:
        """Ask now and then, once at least."""
        give_up_at = self.transport.clock() + for_s
        while True:
            for topic, url in urls.items():
                numbered = [topic] if topic in self.after else []
                for news in self._asked(topic, url):
                    if self._noted(news, numbered):
                        yield news
            if self.transport.clock() >= give_up_at:
                return
            self.transport.sleep(every_s)

    def _asked(self, topic: str, url: str) -> Iterator[News]:
        address = httpx2.URL(url)
        path, query = address.path.removeprefix(API), dict(address.params)
        match topic.partition(":")[0]:
            case "job":
                query["cursor"] = str(self.after[topic])
                items = self.transport.send("GET", path, params=query).json()["items"]
                yield from (News(topic, item["seq"], item["type"], item) for item in items)
            case "events" | "domain":
                items = list(self._newer(path, query, self.after[topic]))
                yield from (News("events", item["seq"], item["topic"], item) for item in reversed(items))
            case sort:
                items = self.transport.send("GET", path, params=query).json()["items"]
                if self._stood.get(topic) != items:
                    self._stood[topic] = items
                    yield News(topic, 0, "jobs.changed" if sort == "jobs" else f"{topic}.state", {"items": items})

    def _newer(self, path: str, query: dict[str, Any], than: int) -> Iterator[dict[str, Any]]:
        """Yield the events of the bus behind a number, newest first."""
        while True:
            page = self.transport.send("GET", path, params=query).json()
            for item in page["items"]:
                if item["seq"] <= than:
                    return
                yield item
            if page["next_cursor"] is None:
                return
            query = {**query, "cursor": page["next_cursor"]}

    def _noted(self, news: News, topics: Sequence[str]) -> News | None:
        """Note the number of what is news of these topics; None where it was told before."""
        if topics and news.seq <= min(self.after[topic] for topic in topics):
            return None
        self.after |= dict.fromkeys(topics, news.seq)
        return news
