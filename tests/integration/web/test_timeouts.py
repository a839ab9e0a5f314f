"""How long an attempt may take: as its kind says; whoever submits may ask for less, operators for more."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from core.catalogue import Catalogue
from core.platform.access import Role


@pytest.fixture
def longest_s(catalogue: Catalogue) -> float:
    return catalogue.find("platform.echo").limits.soft_s


def test_a_submitter_may_ask_for_as_much_time_as_the_kind_has_and_no_more(
    client_of: Callable[..., FlaskClient], longest_s: float
) -> None:
    client = client_of(Role.SUBMITTER)
    inside = client.post("/api/v1/jobs", json={"kind": "platform.echo", "timeout_s": longest_s})
    outside = client.post("/api/v1/jobs", json={"kind": "platform.echo", "timeout_s": longest_s + 0.001})
    assert inside.status_code == 202
    assert (outside.status_code, outside.get_json()["code"]) == (422, "timeout_too_long")
    assert [error["pointer"] for error in outside.get_json()["errors"]] == ["/timeout_s"]


def test_of_many_jobs_the_one_that_asks_for_too_much_time_is_named(
    client_of: Callable[..., FlaskClient], longest_s: float
) -> None:
    jobs = [{"kind": "platform.echo"}, {"kind": "platform.echo", "timeout_s": longest_s + 1}]
    refused = client_of(Role.SUBMITTER).post("/api/v1/jobs/bulk", json={"jobs": jobs})
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/jobs/1/timeout_s"]


def test_an_operator_may_exceed_it(client_of: Callable[..., FlaskClient], longest_s: float) -> None:
    accepted = client_of(Role.OPERATOR).post("/api/v1/jobs", json={"kind": "platform.echo", "timeout_s": longest_s + 1})
    assert accepted.status_code == 202


def test_the_limits_of_a_kind_can_be_read(client: FlaskClient, catalogue: Catalogue) -> None:
    limits = catalogue.find("platform.fail").limits
    told = client.get("/api/v1/kinds/platform.fail").get_json()["limits"]
    assert (told["memory_mib"], told["artifact_bytes"], told["log_lines"]) == (128, 256 << 20, 10_000)
    assert set(told) == set(limits.__slots__)
