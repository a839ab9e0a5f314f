"""The broker as the platform uses it: publish batches of hints, ask how many wait."""

import contextlib
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from amqp.exceptions import ChannelError
from celery import Celery
from kombu.transport.redis import Channel as RedisChannel

from core.jobs.outbox import Message

TOP_PRIORITY = 9
ANSWER_WITHIN_S = 5.0


class Broker:
    """One connection to the broker, for as long as the context lasts."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        # A broker that accepts but does not answer must not hold up what needs the database alone.
        self._connection = app.connection_for_write(transport_options=_impatient(app), heartbeat=0)
        self._producer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    def publish(self, messages: Sequence[Message]) -> None:
        """Send messages in one batch; raises when the broker cannot be reached, having sent none, some or all."""
        producer = self._open_producer()
        with producer.batch():
            for message in messages:
                producer.publish(
                    _body(message),
                    serializer="json",
                    exchange="",
                    routing_key=message.queue,
                    priority=self._priority(message.priority),
                    correlation_id=str(message.job_id),
                    headers=_headers(message),
                )

    def backlog(self, queue: str) -> int:
        """Count a queue's messages in the broker.

        The few that a worker has fetched and not begun do not count: they lie behind a job that may be long, or died
        with their worker; both deserve a new message.
        """
        producer = self._open_producer()
        try:
            return int(producer.channel.queue_declare(queue=queue, passive=True).message_count)
        except ChannelError:  # Redis forgets an empty queue; on RabbitMQ this was the end of the channel
            self._producer = None
            return 0

    def backlogs(self, queues: Sequence[str]) -> dict[str, int]:
        """Count the messages of several queues, on Redis in one round trip."""
        channel = self._open_producer().channel
        if not isinstance(channel, RedisChannel):
            return {queue: self.backlog(queue) for queue in queues}
        steps = channel.priority_steps
        with channel.conn_or_acquire() as client, client.pipeline(transaction=False) as pipe:
            for queue in queues:
                for step in steps:
                    pipe.llen(f"{queue}{channel.sep}{step}" if step else queue)
            sizes = pipe.execute()
        return {queue: sum(sizes[place * len(steps) :][: len(steps)]) for place, queue in enumerate(queues)}

    def close(self) -> None:
        """Give the connection back."""
        self._producer = None
        with contextlib.suppress(OSError):
            self._connection.release()

    def _open_producer(self) -> Any:
        if self._producer is None:
            self._connection.ensure_connection(max_retries=1, timeout=3)
            self._producer = self._app.amqp.Producer(self._connection.default_channel, auto_declare=False)
            for queue in self._app.conf.task_queues or ():  # only where one that is missing swallows messages
                queue(self._producer.channel).declare()
        return self._producer

    def _priority(self, priority: int) -> int:
        """Turn a job's priority into a message's: on Redis those of 0 go first."""
        return TOP_PRIORITY - priority if isinstance(self._producer.channel, RedisChannel) else priority


def _impatient(app: Celery) -> dict[str, float]:
    """Bound the wait for an answer, as each transport names it."""
    names = ["read_timeout", "write_timeout"] if app.conf.task_queues else ["socket_timeout"]
    return dict.fromkeys(names, ANSWER_WITHIN_S)


# Celery's message protocol, version 2, written by hand: `send_task` takes three times as long over a message that says
# nothing but a job's id.
def _body(message: Message) -> tuple[list[str], dict[str, Any], dict[str, Any]]:
    return [str(message.job_id)], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


def _headers(message: Message) -> dict[str, Any]:
    job_id = str(message.job_id)
    return {
        "lang": "py",
        "task": message.kind,
        "id": job_id,
        "root_id": job_id,
        "parent_id": None,
        "group": None,
        "argsrepr": repr((job_id,)),
        "kwargsrepr": "{}",
        "origin": "relay",
        "retries": 0,
        "eta": None,
        "expires": None,
        "timelimit": [None, None],
        "ignore_result": True,
    }
