"""Publishing as a saga: campaign, ad set and ad are created paused, one after the other, each once; or nothing is left.

Creating is not idempotent on any platform. So everything bears a reference of ours; before anything is created it is
looked for, and so it is after an answer was lost. What is found twice, as a call of ours was done late, is taken away
again. Where a step is refused for good, what there is goes, the last first.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Conflict
from core.workloads.customers.connectors.base import (
    LEVELS,
    AdObject,
    AdPlatform,
    Level,
    OutcomeUnknown,
)

TRIES = 4
Ask = Callable[[Callable[[], Any]], Any]
"""Makes a call of the platform through its line."""


class Orphaned(Conflict):
    """Something that was to be taken away is still there, or runs."""

    code = "campaign_orphaned"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published: fields by level, and the reference that all of it bears."""

    reference: str
    fields: Mapping[str, Mapping[str, Any]]

    def reference_of(self, level: Level) -> str:
        """Return what one level is found by."""
        return f"{self.reference}/{level}"


def publish(
    platform: AdPlatform,
    ask: Ask,
    publication: Publication,
    known: Mapping[str, str],
    keep: Callable[[Level, str], None],
) -> dict[str, str]:
    """Create what is not there yet and return the platform's ids by level; `keep` writes each down before the next.

    `known` are ids that an earlier attempt wrote down. Raises `PlatformRefused`, and whatever is transient.
    """
    ids: dict[str, str] = {}
    parent: str | None = None
    for level in LEVELS:
        ids[level] = _ensure(platform, ask, publication, level, parent, known.get(level))
        keep(level, ids[level])
        parent = ids[level]
    return ids


def check_published(platform: AdPlatform, ask: Ask, publication: Publication, ids: Mapping[str, str]) -> None:
    """Raise `Orphaned` unless there is each level once, and none of it runs."""
    for level in LEVELS:
        found = ask(functools.partial(platform.find, publication.reference_of(level)))
        if [one.id for one in found] != [ids[level]] or found[0].status != "paused":
            raise Orphaned(f"the {level} is there {len(found)} times, or runs")


def compensate(platform: AdPlatform, ask: Ask, publication: Publication) -> int:
    """Take away whatever bears the reference, the last level first, and return how much that was; raises `Orphaned`."""
    gone = 0
    for level in reversed(LEVELS):
        for _ in range(TRIES):
            found = ask(functools.partial(platform.find, publication.reference_of(level)))
            if not found:
                break
            gone += sum(_remove(platform, ask, one) for one in found)
        else:
            raise Orphaned(f"the {level} could not be taken away")
    return gone


def _ensure(
    platform: AdPlatform, ask: Ask, publication: Publication, level: Level, parent: str | None, known: str | None
) -> str:
    """Return the id of one level, created if it is not there; duplicates go."""
    reference = publication.reference_of(level)
    for _ in range(TRIES):
        found: list[AdObject] = list(ask(lambda: platform.find(reference)))
        if found:
            kept = next((one for one in found if one.id == known), found[0])
            for one in found:
                if one.id != kept.id:
                    _remove(platform, ask, one)
            return kept.id
        try:
            return str(ask(lambda: platform.create(level, reference, publication.fields[level], parent)))
        except OutcomeUnknown:
            continue  # it is looked for before it is created again
    raise OutcomeUnknown(f"the platform did not answer {TRIES} times")


def _remove(platform: AdPlatform, ask: Ask, one: AdObject) -> bool:
    """Pause what runs and take it away; tell whether that was answered."""
    try:
        if one.status == "active":
            ask(lambda: platform.pause(one.id))
        ask(lambda: platform.delete(one.id))
    except OutcomeUnknown:
        return False
    return True
