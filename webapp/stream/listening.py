"""Listening: the greenlets of one process that hear the news, say what is wanted, and keep what its sockets hold."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gevent
import structlog
from redis import Redis, RedisError

from core.platform.streams import carriage, figures
from core.platform.streams.carriage import Item
from core.platform.streams.places import Places
from webapp.stream.admission import TRY_AGAIN_LATER, Admission
from webapp.stream.hub import Hub, Listener, polling
from webapp.stream.messages import Notice

AT_ONCE = 1_000
BLOCK_MS = 1_000
GATHER_S = 0.05
"""How long asks are gathered: after a crash everybody comes back at once."""
PAUSE_S = 0.5
RENEW_EVERY_S = 15.0
TELL_EVERY_S = 5.0
MISSED_AFTER_S = 4.0
"""After how long without a word from a feeder clients are told to poll."""
GIVE_UP_AFTER_S = 60.0
"""After how long they are sent away: nobody looks at their rights any more."""
GOING_AWAY = 1001

log = structlog.get_logger()


def _never() -> bool:
    return False


@dataclass(slots=True)
class Listening:
    """What one process does beside serving its sockets."""

    hub: Hub
    redis: Redis
    ear: Redis
    """A connection that may wait for news longer than others for an answer."""
    admission: Admission
    places: Places
    closing: Callable[[], bool] = _never
    """Tells that the process is about to stop; set by the server."""
    missed: bool = False
    """Whether clients were told to poll."""
    _heard_to: str = "$"
    _renew_at: float = 0.0
    _tell_at: float = 0.0
    _counts: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Begin."""
        self._heard_to = self._present()
        for loop in (self._hear_for_ever, self._ask_for_ever, self._keep_for_ever):
            gevent.spawn(loop)

    def _present(self) -> str:
        try:
            newest: Any = self.redis.xrevrange(carriage.NEWS, count=1)
        except RedisError:
            return "0"
        return str(newest[0][0]) if newest else "0"

    def _hear_for_ever(self) -> None:
        lost = False
        while True:
            try:
                self._hear()
                if lost:
                    lost = False
                    self.hub.ask_for_all()
            except RedisError as error:
                if not lost:
                    log.warning("stream.deaf", reason=type(error).__name__)
                lost = True
                gevent.sleep(PAUSE_S)

    def _hear(self) -> None:
        answer: Any = self.ear.xread({carriage.NEWS: self._heard_to}, count=AT_ONCE, block=BLOCK_MS)
        entries = answer[0][1] if answer else []
        if len(entries) == AT_ONCE and self._was_trimmed():
            self.hub.ask_for_all()
        for number, fields in entries:
            self._heard_to = number
            try:
                item = Item.read(fields)
            except (KeyError, ValueError):
                continue  # a stranger's entry
            self.hub.hear(item)
            gevent.sleep(0)  # the sockets' turn

    def _was_trimmed(self) -> bool:
        """Tell whether news were dropped that this process, being slow, had not heard yet."""
        oldest: Any = self.ear.xrange(carriage.NEWS, count=1)
        return bool(oldest) and _order(oldest[0][0]) > _order(self._heard_to)

    def _ask_for_ever(self) -> None:
        while True:
            gevent.sleep(GATHER_S)
            try:
                self._ask()
            except RedisError:
                gevent.sleep(PAUSE_S)

    def _ask(self) -> None:
        due, holders = self.hub.due_asks(), list(self.hub.new_holders)
        if due or holders:
            self.hub.new_holders.clear()
            carriage.want(self.redis, list(due), holders)
            carriage.ask(self.redis, due)

    def _keep_for_ever(self) -> None:
        while not self.closing():
            try:
                self._keep()
            except RedisError as error:
                log.warning("stream.places_not_renewed", reason=type(error).__name__)
            self._mind_silence()
            gevent.sleep(PAUSE_S)
        self._send_away(GOING_AWAY, "stream.closing")
        self._say_good_bye()

    def _keep(self) -> None:
        now = self.hub.clock()
        # While nobody answers, Redis may have forgotten what is wanted.
        if now >= self._renew_at or self.missed:
            self._renew_at = now + RENEW_EVERY_S
            listeners = list(self.hub.listeners)
            self.places.renew([listener.place for listener in listeners])
            # Who left meanwhile has given back what was renewed.
            self.places.give_back([one.place for one in listeners if one not in self.hub.listeners])
            holders = {str(listener.ticket.holder) for listener in listeners}
            carriage.want(self.redis, list(self.hub.channels), list(holders))
        if now >= self._tell_at:
            self._tell_at = now + TELL_EVERY_S
            figures.write(self.redis, self.places.owner, self._figures())

    def _figures(self) -> dict[str, int]:
        transports = [listener.transport for listener in self.hub.listeners]
        return {
            "websocket": transports.count("websocket"),
            "sse": transports.count("sse"),
            "channels": len(self.hub.channels),
            "sent": self.hub.sent,
            "dropped": self.hub.dropped,
            "refused": self.admission.refused,
        }

    def _mind_silence(self) -> None:
        """Tell clients to poll while no feeder is heard, and that it is over; send them away if it lasts."""
        if not self.hub.listeners:
            self.hub.heard_at = self.hub.clock()
        silent_s = self.hub.clock() - self.hub.heard_at
        if silent_s > GIVE_UP_AFTER_S:
            self._send_away(TRY_AGAIN_LATER, "stream.unavailable")
        elif silent_s > MISSED_AFTER_S and not self.missed:
            self.missed = True
            for listener in self.hub.listeners:
                listener.outbox.tell(Notice("stream.degraded", **_poll(listener)))
        elif silent_s <= MISSED_AFTER_S and self.missed:
            self.missed = False
            self.hub.ask_for_all()
            for listener in self.hub.listeners:
                listener.outbox.tell(Notice("stream.restored"))

    def _send_away(self, code: int, kind: str) -> None:
        for listener in list(self.hub.listeners):
            listener.close(code, kind, after=listener.outbox.cursors(), **_poll(listener))

    def _say_good_bye(self) -> None:
        try:
            figures.forget(self.redis, self.places.owner)
        except RedisError:
            return


def _poll(listener: Listener) -> dict[str, object]:
    return polling(listener.ticket, listener.outbox.cursors())


def _order(number: str) -> tuple[int, int]:
    time_ms, _, place = number.partition("-")
    return int(time_ms), int(place or 0)
