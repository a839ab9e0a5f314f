"""Secrets in params over HTTP: taken, and never given back."""

from collections.abc import Callable

import pytest

from core.redaction import PLACEHOLDER
from tests.integration.web.conftest import KeyClient

SECRET = "correct horse battery staple"
BODY = {"kind": "platform.sign", "params": {"text": "hello", "key": SECRET}}


def test_no_answer_tells_it(client: KeyClient) -> None:
    made = client.post("/api/v1/jobs", json=BODY, headers={"Idempotency-Key": "a"})
    assert made.status_code == 202
    assert made.get_json()["params"] == {"text": "hello", "key": PLACEHOLDER}
    home = made.headers["Location"]
    schedule = client.post("/api/v1/schedules", json={**BODY, "every_s": 3600})
    graph = client.post("/api/v1/workflows", json={"jobs": {"a": BODY}})
    many = client.post("/api/v1/jobs/bulk", json={"jobs": [BODY, BODY]})
    assert (schedule.status_code, graph.status_code, many.status_code) == (201, 202, 202)
    answers = [
        *(made, schedule, graph, many, client.get(home), client.get("/api/v1/jobs"), client.get(f"{home}/events")),
        *(client.get("/api/v1/schedules"), client.get(schedule.headers["Location"]), client.get("/api/v1/workflows")),
        *(client.get(graph.headers["Location"]), client.post(f"{home}/cancel"), client.get("/api/v1/audit")),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 400] == []
    assert [answer.text for answer in answers if SECRET in answer.text] == []


def test_the_same_key_and_body_are_one_job_and_another_secret_is_a_conflict(client: KeyClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first, again = (client.post("/api/v1/jobs", json=BODY, headers=headers) for _ in range(2))
    assert first.get_json()["id"] == again.get_json()["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    other = {**BODY, "params": {"text": "hello", "key": "another one"}}
    assert client.post("/api/v1/jobs", json=other, headers=headers).get_json()["code"] == "idempotency_conflict"


@pytest.mark.parametrize("change", [{"text": 7}, {"colour": "red"}, {"text": "x" * 100_001}])
def test_a_refusal_does_not_repeat_it(client: KeyClient, change: dict[str, object]) -> None:
    answer = client.post("/api/v1/jobs", json={**BODY, "params": {**BODY["params"], **change}})  # type: ignore[dict-item]  # a mapping
    assert answer.status_code in {413, 422}
    assert SECRET not in answer.text


def test_the_schema_says_that_it_is_one(client: KeyClient, client_of: Callable[..., KeyClient]) -> None:
    schema = client.get("/api/v1/kinds/platform.sign").get_json()["params_schema"]
    assert schema["properties"]["key"]["format"] == "secret"
    assert schema["properties"]["key"]["writeOnly"] is True
