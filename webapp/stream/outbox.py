"""The outbox of one socket: bounded, so that a slow reader costs little; what must not be lost is caught up with."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gevent.event import Event

from core.platform.streams.carriage import Keeping
from core.platform.streams.topics import Topic, is_chain
from webapp.stream.messages import Message, Notice

LENGTH = 256


@dataclass(slots=True)
class Outbox:
    """What waits to be sent, and the number of the last link of each chain that did or does."""

    topics: Mapping[str, Sequence[Topic]]
    """By channel."""
    kept: dict[str, int]
    news: Event = field(default_factory=Event)
    behind: set[str] = field(default_factory=set)
    """Chains that are to be caught up with once there is room."""
    dropped: int = 0
    _waiting: deque[Message] = field(default_factory=deque)
    _notices: list[Notice] = field(default_factory=list)
    _skipped: set[str] = field(default_factory=set)

    def offer(self, message: Message) -> None:
        """Take a message, or as little of it as there is room for."""
        item = message.item
        match item.keeping:
            case Keeping.CHAIN:
                self._offer_link(message)
            case Keeping.PASSING if item.channel not in self.behind:
                self._offer_passing(message)
            case Keeping.LOOSE if not self._is_full:
                self._waiting.append(message)
            case Keeping.LOOSE:
                self._skipped.add(item.channel)
                self.dropped += 1
        self.news.set()

    def tell(self, notice: Notice) -> None:
        """Say something about the stream; said before all that waits."""
        self._notices.append(notice)
        self.news.set()

    def take(self) -> list[Message | Notice]:
        """Return all that is to be sent now."""
        self._notices += [Notice("stream.skipped", topic=channel.partition(":")[0]) for channel in self._skipped]
        taken: list[Message | Notice] = [*self._notices, *self._waiting]
        self._notices.clear()
        self._skipped.clear()
        self._waiting.clear()
        return taken

    def cursors(self) -> dict[str, int]:
        """Return by topic behind which number a client would have to go on."""
        return {
            topic.name: self.kept[channel]
            for channel, topics in self.topics.items()
            if is_chain(channel)
            for topic in topics
        }

    @property
    def _is_full(self) -> bool:
        return len(self._waiting) >= LENGTH

    def _offer_link(self, message: Message) -> None:
        item = message.item
        if item.channel in self.behind or item.seq <= self.kept[item.channel]:
            return
        if any(topic.admits(item.type, item.subject) for topic in self.topics[item.channel]):
            if self._is_full and not self._make_room():
                self.behind.add(item.channel)
                return
            self._waiting.append(message)
        self.kept[item.channel] = item.seq

    def _offer_passing(self, message: Message) -> None:
        for place, waiting in enumerate(self._waiting):
            if waiting.item.keeping is Keeping.PASSING and waiting.item.channel == message.item.channel:
                # At the end, not in its place: what came in between is not to be told after it.
                del self._waiting[place]
                break
        if self._is_full:
            self.dropped += 1
        else:
            self._waiting.append(message)

    def _make_room(self) -> bool:
        """Drop the oldest message that may be."""
        for place, waiting in enumerate(self._waiting):
            if waiting.item.keeping is not Keeping.CHAIN:
                if waiting.item.keeping is Keeping.LOOSE:
                    self._skipped.add(waiting.item.channel)
                del self._waiting[place]
                self.dropped += 1
                return True
        return False
