"""The saga on a platform in memory that loses answers and refuses by chance: each part once and at rest, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.customers.campaigns import saga, states
from core.workloads.customers.campaigns.saga import Publication
from core.workloads.customers.connectors.base import (
    LEVELS,
    AdObject,
    AdPlatform,
    Level,
    OutcomeUnknown,
    PlatformAway,
    PlatformRefused,
)

PUBLICATION = Publication("ours-v1", {level: {} for level in LEVELS})


@dataclass
class Memory:
    """A platform whose calls meet these fates, one after the other; then all is well."""

    fates: list[str] = field(default_factory=list)
    kept: dict[str, AdObject] = field(default_factory=dict)
    made: int = 0

    def _call(self, deed: Callable[[], Any]) -> Any:
        fate = self.fates.pop(0) if self.fates else "ok"
        if fate == "away":
            raise PlatformAway
        if fate == "lost":
            raise OutcomeUnknown
        if fate == "refused":
            raise PlatformRefused
        answer = deed()
        if fate == "unanswered":
            raise OutcomeUnknown
        return answer

    def create(self, level: Level, reference: str, fields: Mapping[str, Any], parent: str | None = None) -> str:
        def make() -> str:
            self.made += 1
            one = AdObject(f"{level}-{self.made}", level, reference, "paused", parent, None, fields)
            self.kept[one.id] = one
            return one.id

        return str(self._call(make))

    def find(self, reference: str) -> Sequence[AdObject]:
        found = self._call(lambda: [one for one in self.kept.values() if one.reference == reference])
        return cast("Sequence[AdObject]", found)

    def pause(self, object_id: str) -> None:
        self._call(lambda: self.kept.update({object_id: replace(self.kept[object_id], status="paused")}))

    def delete(self, object_id: str) -> None:
        self._call(lambda: self.kept.pop(object_id, None))


def ask(deed: Callable[[], Any]) -> Any:
    return deed()


def attempt(platform: Memory, known: dict[str, str]) -> str:
    """Do as a job's attempt does."""
    at = cast("AdPlatform", platform)
    try:
        ids = saga.publish(at, ask, PUBLICATION, known, known.__setitem__)
        saga.check_published(at, ask, PUBLICATION, ids)
    except (PlatformRefused, saga.Orphaned):
        known.clear()
        saga.compensate(at, ask, PUBLICATION)
        return "failed"
    return "published"


FATES = st.lists(st.sampled_from(("ok", "ok", "away", "lost", "unanswered", "refused")), max_size=25)


@given(FATES)
def test_in_the_end_each_part_is_there_once_or_none_is(fates: list[str]) -> None:
    platform, known, ended = Memory(list(fates)), dict[str, str](), ""
    while not ended:
        try:
            ended = attempt(platform, known)
        except (PlatformAway, OutcomeUnknown, PlatformRefused):
            continue  # as another attempt does, with what the one before wrote down
    levels = [one.level for one in platform.kept.values()]
    if ended == "published":
        assert sorted(levels) == sorted(LEVELS)
        assert set(known.values()) == set(platform.kept)
        assert {one.status for one in platform.kept.values()} == {"paused"}
    else:
        assert levels == []


@given(FATES, st.integers(0, 12))
def test_a_crash_at_any_call_is_gone_on_with(fates: list[str], crash_at: int) -> None:
    class Killed(BaseException):
        pass

    calls = 0

    def dying(deed: Callable[[], Any]) -> Any:
        nonlocal calls
        calls += 1
        answer = deed()
        if calls == crash_at:
            raise Killed
        return answer

    platform, known = Memory([fate for fate in fates if fate != "refused"]), dict[str, str]()
    while True:
        try:
            saga.publish(cast("AdPlatform", platform), dying, PUBLICATION, known, known.__setitem__)
            break
        except (Killed, PlatformAway, OutcomeUnknown):
            continue
    assert sorted(one.level for one in platform.kept.values()) == sorted(LEVELS)


def test_a_part_created_late_is_found_out() -> None:
    platform, known = Memory(), dict[str, str]()
    assert attempt(platform, known) == "published"
    platform.create("ad", PUBLICATION.reference_of("ad"), {})
    with pytest.raises(saga.Orphaned):
        saga.check_published(cast("AdPlatform", platform), ask, PUBLICATION, known)
    assert attempt(platform, known) == "published"
    assert len(platform.kept) == 3


def test_compensation_leaves_nothing_running() -> None:
    platform = Memory()
    attempt(platform, {})
    for one in list(platform.kept.values()):
        platform.kept[one.id] = replace(one, status="active")
    platform.fates = ["ok", "unanswered", "ok", "lost"]
    assert saga.compensate(cast("AdPlatform", platform), ask, PUBLICATION) == 3
    assert platform.kept == {}


@given(st.lists(st.integers(0, 99), max_size=40))
def test_nothing_is_published_that_was_not_approved_since_it_was_changed(choices: list[int]) -> None:
    path = ["draft"]
    for choice in choices:
        following = sorted(states.TRANSITIONS[path[-1]])
        if not following:
            break
        path.append(following[choice % len(following)])
    if "published" in path:
        since = path[: path.index("published")]
        last_draft = len(since) - since[::-1].index("draft")
        assert since[last_draft:] == ["submitted", "approved", "publishing"]
