"""Files of events: good rows land, bad ones are set aside with their reasons, and sent again nothing changes."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.ids import uuid7
from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.customers import importing
from core.workloads.customers.wire import EVENT_BYTES

Transact = Callable[[], AbstractContextManager[Session]]
AT = "2026-11-01T09:00:00Z"


class Loader:
    """Imports files as the job does."""

    def __init__(self, tenant_id: UUID, transact: Transact) -> None:
        self.tenant_id, self.transact = tenant_id, transact
        self.set_aside: list[dict[str, Any]] = []

    def load(self, content: str, form: str) -> tuple[int, int, int]:
        """Return how many events were accepted, known and rejected."""
        name = str(uuid7())
        recorder = MemoryRecorder(tenant_id=self.tenant_id, transact=lambda _tenant: self.transact())
        recorder.inputs[name] = io.BytesIO(content.encode())
        params = {"artifact": name, "format": form, "source": "shop"}
        told = importing.compute(params, JobContext(uuid7(), 1, 7, recorder))
        kept = recorder.artifacts.get("rejected.jsonl", (b"", ""))[0]
        self.set_aside = [json.loads(line) for line in kept.splitlines()]
        return told["accepted"], told["duplicates"], told["rejected"]

    def kept(self) -> list[Any]:
        query = "SELECT id, lifecycle, events, purchases, revenue, traits FROM customer_profiles ORDER BY id"
        with self.transact() as session:
            return list(session.execute(text(query)).all())


@pytest.fixture
def loader(tenant_id: UUID, transact: Transact) -> Loader:
    return Loader(tenant_id, transact)


def line(number: int, size: int = 0) -> str:
    """Write an event as one line, filled up to so many bytes."""
    event = {"type": "track", "event": "Seen", "messageId": f"m{number}", "userId": f"u{number}", "timestamp": AT}
    event["properties"] = {"x": ""}  # type: ignore[assignment]  # whatever JSON can say
    bare = len(json.dumps(event, separators=(",", ":")))
    event["properties"] = {"x": "y" * max(0, size - bare)}  # type: ignore[assignment]  # the same
    return json.dumps(event, separators=(",", ":"))


def test_good_lines_land_beside_bad_ones_and_again_nothing_changes(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lines are a transaction, so that a bad one shares it with good ones."""
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    wrong = ["{", '{"type": "dance"}', line(7, EVENT_BYTES + 1)]
    content = "\n".join([line(1), wrong[0], line(2), line(1), wrong[1], line(3, EVENT_BYTES), wrong[2]])
    assert loader.load(content, "jsonl") == (3, 1, 3)
    assert [(one["index"], one.get("message_id")) for one in loader.set_aside] == [(1, None), (4, None), (6, "m7")]
    assert all(one["reason"] for one in loader.set_aside)
    before = loader.kept()
    assert len(before) == 3
    assert loader.load(content, "jsonl") == (0, 4, 3)
    assert loader.kept() == before


def test_rows_of_csv_that_nobody_can_read_are_set_aside(loader: Loader) -> None:
    rows = ["userId,email,event,revenue,timestamp", f"u1,a@x.io,Bought,3.5,{AT}", f"u2,{'x' * 200_000},,,{AT}"]
    content = "\n".join([*rows, f"u3,c@x.io,Bought,4,{AT}", f"null,,Seen,,{AT}"])
    assert loader.load(content, "csv") == (2, 0, 2)
    assert [one["index"] for one in loader.set_aside] == [1, 3]
    before = loader.kept()
    assert [(row.lifecycle, row.revenue) for row in before] == [("customer", 3.5), ("customer", 4.0)]
    assert loader.load(content, "csv") == (0, 2, 2)
    assert loader.kept() == before
