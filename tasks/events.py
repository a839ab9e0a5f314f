"""A worker's events for Flower, sent in batches: one message for each of them costs more than running an empty job."""

from typing import Any

from celery import bootsteps

FLUSH_EVERY_S = 1.0


class BatchedEvents(bootsteps.StartStopStep):  # type: ignore[misc] # Celery has no annotations
    """Lets Celery's event dispatcher fill its buffer, and empties that at intervals."""

    requires = ("celery.worker.consumer.events:Events",)

    def __init__(self, consumer: Any, **_: Any) -> None:
        super().__init__(consumer)
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        """Take the flush out of every turn of the loop; called again after each reconnection."""
        dispatcher = consumer.event_dispatcher
        if dispatcher is not None and dispatcher.enabled:
            dispatcher.on_send_buffered = None
            self._timer = consumer.timer.call_repeatedly(FLUSH_EVERY_S, dispatcher.flush, priority=10)

    def stop(self, _consumer: Any) -> None:
        """Leave the timer to nobody."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
