"""Many jobs in few requests: submissions cut into bodies, and actions that go on until no page is left."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

BULK_JOBS = 5000
BULK_BYTES = 4 << 20
BULK_IDS = 10_000


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """How many jobs were meant, how many were changed, or would be, and how many were left alone by reason."""

    matched: int
    changed: int
    skipped: Mapping[str, int]
    dry_run: bool

    @property
    def document(self) -> dict[str, Any]:
        """Return it as the API writes it."""
        skipped = dict(self.skipped)
        return {"matched": self.matched, "changed": self.changed, "skipped": skipped, "dry_run": self.dry_run}


def chunks(bodies: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Cut submissions into requests that the platform takes."""
    chunk: list[bytes] = []
    size = 0
    for body in bodies:
        if chunk and (len(chunk) == BULK_JOBS or size + len(body) > BULK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(body)
        size += len(body) + 1
    if chunk:
        yield chunk


def selections(
    ids: Iterable[Any] | None, filters: Mapping[str, Any], *, everything: bool
) -> Iterator[Mapping[str, Any]]:
    """Write which jobs are meant, as many ids at a time as the platform takes."""
    if ids is None:
        yield {"filter": {name: value for name, value in filters.items() if value is not None}, "all": everything}
        return
    given = filter(lambda value: value is not None, filters.values())
    if everything or next(given, None) is not None:
        raise ValueError("either ids or filters say which jobs are meant")
    named = iter(ids)
    while some := [str(job_id) for job_id in islice(named, BULK_IDS)]:
        yield {"ids": some}


def act(
    ask: Callable[[Mapping[str, Any]], Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]], *, dry_run: bool
) -> BulkOutcome:
    """Ask for one action on all wanted jobs, page after page, and add up what became of them."""
    counts, skipped = Counter[str](), Counter[str]()
    for selection in wanted:
        cursor: Mapping[str, Any] | None = {}
        while cursor is not None:
            answer = ask({**selection, "dry_run": dry_run, **cursor})
            counts.update({name: answer[name] for name in ("matched", "changed")})
            skipped.update(answer["skipped"])
            cursor = {"cursor": answer["next_cursor"]} if answer["next_cursor"] else None
    return BulkOutcome(counts["matched"], counts["changed"], skipped, dry_run)
