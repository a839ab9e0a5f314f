"""The hub and its outboxes: chains without gaps, states of which only the latest counts, queues that stay short."""

from uuid import UUID

import pytest

from core.platform.streams.carriage import Item, Keeping
from core.platform.streams.tickets import Holder, Ticket
from core.platform.streams.topics import Topic, TopicUnknown, read_topic
from webapp.stream.admission import outbox_of
from webapp.stream.hub import ASK_AGAIN_S, LINKS, Hub, Listener
from webapp.stream.messages import Message, Notice
from webapp.stream.outbox import LENGTH
from webapp.stream.serving import TOO_SLOW_S, Pace
from webapp.stream.websocket import PING_EVERY_S

TENANT = UUID(int=1)
JOB = f"job:{UUID(int=2)}"
EVENTS = f"events:{TENANT}"


class Clock:
    """A clock that tests set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(clock: Clock) -> Hub:
    return Hub(clock)


def listener(*topics: str, **after: int) -> Listener:
    named = [read_topic(name) for name in topics]
    numbers = {topic.name: after.get(topic.sort, 0) for topic in named}
    ticket = Ticket("1", Holder(TENANT, UUID(int=3)), named, numbers, "http://web")
    return Listener(ticket, "place", "websocket", outbox_of(ticket))


def link(seq: int, behind: int | None = None, channel: str = JOB, kind: str = "job.noted", subject: str = "") -> Item:
    return Item(channel, seq, seq - 1 if behind is None else behind, kind, Keeping.CHAIN, "{}", subject)


def progress(seq: int) -> Item:
    return Item(JOB, seq, seq - 1, "job.progress", Keeping.PASSING)


def taken(one: Listener) -> list[int | str]:
    told = one.outbox.take()
    return [each.item.seq if isinstance(each, Message) else "notice" for each in told]


def test_the_first_listener_has_its_channel_asked_for_until_it_is_answered(hub: Hub, clock: Clock) -> None:
    hub.join(listener(JOB))
    assert hub.due_asks() == {JOB: 0}
    assert hub.due_asks() == {}
    clock.now += ASK_AGAIN_S
    assert hub.due_asks() == {JOB: 0}
    hub.hear(link(1))
    hub.hear(Item(JOB, 1, 0, "", Keeping.ANSWER))
    clock.now += ASK_AGAIN_S
    assert hub.due_asks() == {}


def test_who_comes_later_is_told_what_is_at_hand_behind_its_number(hub: Hub) -> None:
    hub.join(listener(JOB))
    for seq in (1, 2, 3):
        hub.hear(link(seq))
    late = listener(JOB, job=1)
    hub.join(late)
    assert taken(late) == [2, 3]


def test_a_gap_is_not_passed_on_but_asked_for(hub: Hub) -> None:
    one = listener(JOB)
    hub.join(one)
    hub.due_asks()
    hub.hear(link(1))
    hub.hear(Item(JOB, 1, 0, "", Keeping.ANSWER))
    hub.hear(link(4, behind=3))
    assert taken(one) == [1]
    assert hub.due_asks() == {JOB: 1}
    for item in (link(2, behind=1), link(4, behind=2), link(4, behind=3)):
        hub.hear(item)
    assert taken(one) == [2, 4]


def test_an_answer_that_tells_of_more_has_the_rest_asked_for(hub: Hub) -> None:
    hub.join(listener("events"))
    hub.due_asks()
    hub.hear(link(5, behind=0, channel=EVENTS))
    hub.hear(Item(EVENTS, 9, 0, "", Keeping.ANSWER))
    assert hub.due_asks() == {EVENTS: 5}


def test_an_answer_without_news_settles_up_to_where_there_are_none(hub: Hub) -> None:
    one = listener(JOB)
    hub.join(one)
    hub.due_asks()
    hub.hear(Item(JOB, 7, 0, "", Keeping.ANSWER))
    hub.hear(link(8, behind=7))
    assert taken(one) == [8]


def test_a_listener_with_an_older_number_has_the_chain_told_anew(hub: Hub) -> None:
    first, older = listener("events", events=7), listener("events", events=3)
    hub.join(first)
    hub.due_asks()
    hub.hear(link(8, behind=7, channel=EVENTS))
    hub.join(older)
    assert hub.due_asks() == {EVENTS: 3}
    for seq in (5, 8):
        hub.hear(link(seq, behind=3 if seq == 5 else 5, channel=EVENTS))
    assert taken(older) == [5, 8]
    assert taken(first) == [8]


def test_only_the_latest_progress_waits(hub: Hub) -> None:
    one = listener(JOB)
    hub.join(one)
    for item in (link(1), progress(2), progress(3), link(4), progress(5)):
        hub.hear(item)
    assert taken(one) == [1, 4, 5]


def test_a_full_outbox_drops_progress_and_never_a_link(hub: Hub) -> None:
    slow = listener(JOB)
    hub.join(slow)
    hub.hear(link(1))
    hub.hear(progress(2))
    for seq in range(3, LENGTH + 20):
        hub.hear(link(seq))
    heard = taken(slow)
    assert len(heard) == LENGTH
    assert slow.outbox.behind == {JOB}
    hub.catch_up(slow, JOB)
    assert heard + taken(slow) == [1, *range(3, LENGTH + 20)]
    assert slow.outbox.dropped == 1


def test_who_is_further_behind_than_what_is_at_hand_has_it_asked_for(hub: Hub) -> None:
    slow = listener(JOB)
    hub.join(slow)
    for seq in range(1, LINKS + LENGTH + 50):  # more than are at hand
        hub.hear(link(seq))
    assert taken(slow) == list(range(1, LENGTH + 1))
    hub.due_asks()
    hub.hear(Item(JOB, LINKS + LENGTH + 49, 0, "", Keeping.ANSWER))
    hub.catch_up(slow, JOB)
    assert hub.due_asks() == {JOB: LENGTH}


def test_loose_news_that_are_dropped_are_told_of() -> None:
    hub, one = Hub(), listener("jobs")
    hub.join(one)
    for seq in range(LENGTH + 1):
        hub.hear(Item(f"jobs:{TENANT}", seq, 0, "jobs.changed", Keeping.LOOSE))
    told = one.outbox.take()
    assert isinstance(told[0], Notice)
    assert "stream.skipped" in told[0].text
    assert len(told) == 1 + LENGTH


def test_a_filter_passes_its_own_and_still_follows_the_chain(hub: Hub) -> None:
    domain = str(UUID(int=9))
    one = listener(f"domain:{domain}")
    hub.join(one)
    hub.hear(link(1, channel=EVENTS, subject="another"))
    hub.hear(link(2, channel=EVENTS, subject=domain))
    assert taken(one) == [2]
    assert one.outbox.cursors() == {f"domain:{domain}": 2}


def test_what_nobody_listens_to_is_forgotten(hub: Hub) -> None:
    one = listener(JOB, "queues")
    hub.join(one)
    hub.leave(one)
    assert hub.channels == {}
    assert hub.due_asks() == {}


def test_whose_rights_ended_is_closed_and_nobody_else(hub: Hub) -> None:
    one, other = listener("queues"), listener("queues")
    other.ticket = Ticket("2", Holder(TENANT, UUID(int=4)), one.ticket.topics, {}, "http://web")
    for each in (one, other):
        hub.join(each)
    hub.hear(Item(str(one.ticket.holder), 0, 0, "", Keeping.LAPSED))
    assert one.closing is not None
    assert one.closing.code == 1008
    assert other.closing is None


def test_a_ping_is_due_whatever_news_there_are_in_between(hub: Hub, clock: Clock) -> None:
    pace = Pace(hub, listener(JOB))
    asked = []
    for _ in range(60):  # news each second
        clock.now += 1
        pace.sent()
        asked.append(pace.is_to_ask())
    assert [second for second, due in enumerate(asked, start=1) if due] == [PING_EVERY_S, 2 * PING_EVERY_S]


def test_who_never_catches_up_is_closed(hub: Hub, clock: Clock) -> None:
    slow = listener(JOB)
    hub.join(slow)
    pace = Pace(hub, slow)
    for _ in range(int(TOO_SLOW_S) + 2):
        slow.outbox.behind.add(JOB)
        pace.sent()
        clock.now += 1
    assert slow.closing is not None
    assert (slow.closing.code, '"url": "http://web/api/v1/jobs/' in slow.closing.notice.text) == (1008, True)


@pytest.mark.parametrize(
    "name", ["", "job", "job:", "job:5", "jobs:x", "queue", "events:", "domain:x", "events:" + "x" * 100, ":", "Jobs"]
)
def test_what_is_no_topic_is_refused(name: str) -> None:
    with pytest.raises(TopicUnknown):
        read_topic(name)


def test_a_topic_is_written_as_it_was_read() -> None:
    for name in (JOB, "jobs", "queues", "events", "events:domain.changed", f"domain:{UUID(int=1)}"):
        assert read_topic(name).name == name
    assert read_topic(f"job:{UUID(int=2).hex.upper()}") == Topic("job", str(UUID(int=2)))
