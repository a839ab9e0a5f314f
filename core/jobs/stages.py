"""Stages: what a computation sees of its shards, each stage being the shards of one split."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Conflict, Invalid

MAX_SHARDS = 10_000
"""How many shards one stage may have."""
MAX_STAGES = 1_000
"""How many times one job may be split."""
FAILURES_TOLD = 20
"""How many failed shards an error names."""


class ShardsInvalid(Invalid):
    """The computation asks for shards that cannot be."""

    code = "shards_invalid"


class ShardsFailed(Conflict):
    """A shard did not succeed."""

    code = "shards_failed"


class ShardsChanged(Conflict):
    """The computation asks for other shards than in an earlier attempt."""

    code = "shards_changed"


class Split(BaseException):
    """The attempt ends here and its job goes on when these shards are final.

    Not an Exception, so that no computation swallows it.
    """

    def __init__(self, stage: int, kind: str, params: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(f"stage {stage}: {len(params)} shards of {kind}")
        self.stage = stage
        self.kind = kind
        self.params = params


@dataclass(frozen=True, slots=True)
class Shard:
    """What became of one shard: its result, or else its error with `code` and `message`."""

    index: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Stage:
    """The shards of one split when all of them are final."""

    total: int
    failed: int
    first_failed: Sequence[Shard]
    """The first of them, at most `FAILURES_TOLD`."""
    shards: Iterable[Shard]
    """All of them by index; may be read only as they are asked for."""

    def results(self) -> Iterator[dict[str, Any]]:
        """Return all results by index; raises `ShardsFailed` unless there are that many."""
        if self.failed:
            raise ShardsFailed(self._what_failed())
        return (shard.result or {} for shard in self.shards)

    def _what_failed(self) -> str:
        indices = ", ".join(str(shard.index) for shard in self.first_failed)
        more = ", …" if self.failed > len(self.first_failed) else ""
        error = self.first_failed[0].error or {}
        return (
            f"{self.failed} of {self.total} shards did not succeed (index {indices}{more}); "
            f"the first with {error.get('code')}: {error.get('message')}"
        )


def make_stage(shards: Sequence[Shard]) -> Stage:
    """Make a stage of shards that are all at hand."""
    failed = [shard for shard in shards if shard.error is not None]
    return Stage(len(shards), len(failed), failed[:FAILURES_TOLD], shards)


def checked_params(kind: str, params: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the params of a stage's shards; raises `ShardsInvalid` when there are too many."""
    many = list(params)
    if len(many) > MAX_SHARDS:
        raise ShardsInvalid(f"{len(many)} shards of {kind}, {MAX_SHARDS} are allowed")
    return many


def stage_hash(params_hashes: Iterable[str]) -> str:
    """Hash the hashes of the params of a stage's shards in their order."""
    return hashlib.sha256("".join(params_hashes).encode()).hexdigest()
