"""What jobs of every strategy leave out, and what strict ones fail by: updates that are unlike or not finite."""

from typing import Any
from uuid import UUID

import pytest

from core.jobs.context import JobContext, MemoryRecorder
from core.workloads.federated import aggregating
from core.workloads.federated.kinds import AGGREGATE
from core.workloads.federated.layout import UpdateUnlike
from core.workloads.federated.strategy_settings import STRATEGIES

FAULTY = {"krum", "multi_krum", "bulyan"}
"""Strategies that bear so many attackers as they are told of."""

each_strategy = pytest.mark.parametrize("name", STRATEGIES)


@each_strategy
def test_a_job_leaves_out_and_names_what_is_unlike_or_not_finite(name: str) -> None:
    result = aggregate(name, [[1.0, 2.0]] * 9 + [[[1.0], [2.0]], [1.0, None]])
    assert result["counted"] == 9
    refused = {one["client"]: (one["code"], one["reason"]) for one in result["refused"]}
    assert {client: code for client, (code, _) in refused.items()} == {"c9": "unlike", "c10": "not_finite"}
    assert all("'w'" in reason for _, reason in refused.values())


@each_strategy
def test_a_strict_job_fails_by_the_field_of_the_update_that_is_unlike(name: str) -> None:
    with pytest.raises(UpdateUnlike, match="'w'") as caught:
        aggregate(name, [[1.0, 2.0]] * 8 + [[1.0, 2.0, 3.0]], strict=True)
    assert [error.pointer for error in caught.value.errors] == ["/params/updates/8/update"]


def aggregate(name: str, many: list[Any], **params: Any) -> dict[str, Any]:
    """Run `federated.aggregate` on updates that are written out."""
    facts = {"weight": 2.0, "loss": 0.5, "staleness": 0}
    updates = [{"client": f"c{place}", **facts, "update": {"arrays": {"w": one}}} for place, one in enumerate(many)]
    trusted = {"trusted": {"arrays": {"w": [1.0, 2.0]}}} if name == "fltrust" else {}
    asked = {"strategy": name, "form": "change", "updates": updates, **trusted, **params}
    given = AGGREGATE.params().load({**asked, "settings": {"faults": 1} if name in FAULTY else {}})
    return aggregating.compute(given, JobContext(UUID(int=1), 1, 7, MemoryRecorder()))
