"""The hub of one process: which sockets listen to which channels, and the latest of each chain for those who come late.

A chain is passed on without gaps: what does not join the link before it is asked for again.
"""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from core.clock import Monotonic, monotonic
from core.platform.streams.carriage import Item, Keeping
from core.platform.streams.tickets import Ticket
from core.platform.streams.topics import JOB, is_chain
from webapp.stream.messages import POLL_EVERY_S, Message, Notice
from webapp.stream.outbox import Outbox

LINKS = 1_024
"""How many links of each chain are at hand."""
ASK_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Closing:
    """How a socket is to be closed: a last word, then the code."""

    code: int
    notice: Notice


@dataclass(slots=True, eq=False)
class Listener:
    """One socket."""

    ticket: Ticket
    place: str
    transport: str
    outbox: Outbox
    closing: Closing | None = None
    gone: bool = False

    def close(self, close_code: int, kind: str, **told: object) -> None:
        """Have it closed with a last word; the first to say so is heard."""
        if self.closing is None:
            self.closing = Closing(close_code, Notice(kind, **told))
        self.outbox.news.set()


@dataclass(slots=True)
class Channel:
    """One channel somebody listens to; all links behind `base` up to `tip` are at hand."""

    listeners: set[Listener] = field(default_factory=set)
    links: deque[Message] = field(default_factory=deque)
    base: int = 0
    tip: int = 0
    passing: Message | None = None


class Hub:
    """Everything that is listened to in this process; only ever touched between two switches of greenlets."""

    def __init__(self, clock: Monotonic = monotonic) -> None:
        self.clock = clock
        self.listeners: set[Listener] = set()
        self.channels: dict[str, Channel] = {}
        self.heard_at = clock()
        """When a feeder was last heard of."""
        self.sent = 0
        self.dropped = 0
        self.new_holders: set[str] = set()
        """Of whom nobody was told yet who looks at their rights."""
        self._asked: dict[str, tuple[int, float]] = {}

    def join(self, listener: Listener) -> None:
        """Let a socket hear all of its channels from where it left off."""
        self.listeners.add(listener)
        self.new_holders.add(str(listener.ticket.holder))
        for name in listener.outbox.topics:
            channel = self.channels.get(name)
            if channel is None:
                after = 0 if name.startswith(f"{JOB}:") else listener.outbox.kept.get(name, 0)
                channel = self.channels[name] = Channel(base=after, tip=after)
                self.ask(name, after)
            channel.listeners.add(listener)
            self.catch_up(listener, name)

    def leave(self, listener: Listener) -> None:
        """Forget a socket, and what nobody else listens to."""
        self.listeners.discard(listener)
        self.dropped += listener.outbox.dropped
        for name in listener.outbox.topics:
            if (channel := self.channels.get(name)) is not None:
                channel.listeners.discard(listener)
                if not channel.listeners:
                    del self.channels[name]
                    self._asked.pop(name, None)

    def catch_up(self, listener: Listener, name: str) -> None:
        """Offer a socket what it lacks of a channel."""
        channel, outbox = self.channels[name], listener.outbox
        outbox.behind.discard(name)
        if is_chain(name) and outbox.kept[name] < channel.base:
            channel.base = channel.tip = outbox.kept[name]
            channel.links.clear()
            self.ask(name, channel.base)
        for message in channel.links:
            outbox.offer(message)
        if channel.passing is not None:
            outbox.offer(channel.passing)

    def hear(self, item: Item) -> None:
        """Pass on what came."""
        match item.keeping:
            case Keeping.ALIVE:
                self.heard_at = self.clock()
            case Keeping.LAPSED:
                self._close_lapsed(item.channel)
            case _ if (channel := self.channels.get(item.channel)) is not None:
                if item.keeping is Keeping.ANSWER:
                    self._take_answer(channel, item)
                elif not is_chain(item.channel):
                    self._pass_on_state(channel, item)
                else:
                    self._pass_on_link(channel, item)

    def ask(self, name: str, behind: int) -> None:
        """Note that what lies behind a number is to be asked for."""
        known = self._asked.get(name)
        if known is None or behind < known[0]:
            self._asked[name] = behind, float("-inf")

    def ask_for_all(self) -> None:
        """Note that news may have been missed of every channel."""
        for name, channel in self.channels.items():
            self.ask(name, channel.tip)

    def due_asks(self) -> dict[str, int]:
        """Return what is to be asked for now: what was not, and what was not answered in time."""
        now = self.clock()
        due = {name: behind for name, (behind, at) in self._asked.items() if now - at >= ASK_AGAIN_S}
        self._asked |= {name: (behind, now) for name, behind in due.items()}
        return due

    def _take_answer(self, channel: Channel, item: Item) -> None:
        """Ask on unless all that there is has come."""
        asked = self._asked.get(item.channel)
        if asked is not None and item.behind <= asked[0]:
            del self._asked[item.channel]
            if channel.tip <= item.behind:
                channel.tip = max(channel.tip, item.seq)  # what was asked for was all there is to keep
            elif channel.tip < item.seq:
                self.ask(item.channel, channel.tip)

    def _pass_on_state(self, channel: Channel, item: Item) -> None:
        self._asked.pop(item.channel, None)
        message = Message(item)
        if item.keeping is Keeping.PASSING:
            if channel.passing is not None and channel.passing.item.seq > item.seq:
                return
            channel.passing = message
        self._offer(channel.listeners, message)

    def _pass_on_link(self, channel: Channel, item: Item) -> None:
        if item.seq <= channel.tip:
            return
        if item.behind > channel.tip:
            self.ask(item.channel, channel.tip)
            return
        channel.tip, message = item.seq, Message(item)
        if item.keeping is Keeping.CHAIN:
            channel.links.append(message)
            if len(channel.links) > LINKS:
                channel.base = channel.links.popleft().item.seq
        channel.passing = message if item.keeping is Keeping.PASSING else None
        self._offer(channel.listeners, message)

    def _offer(self, listeners: Collection[Listener], message: Message) -> None:
        for listener in listeners:
            listener.outbox.offer(message)

    def _close_lapsed(self, holder: str) -> None:
        for listener in self._held_by(holder):
            listener.close(1008, "stream.lapsed", code="rights_lapsed")

    def _held_by(self, holder: str) -> Iterator[Listener]:
        return (listener for listener in self.listeners if str(listener.ticket.holder) == holder)


def polling(ticket: Ticket, cursors: dict[str, int]) -> dict[str, object]:
    """Write where the same is told to those who ask now and then."""
    urls = {topic.name: ticket.web_url + topic.polled_at(cursors.get(topic.name, 0)) for topic in ticket.topics}
    return {"mode": "poll", "url": next(iter(urls.values())), "urls": urls, "interval_s": POLL_EVERY_S}
