"""Bodies and addresses that must be refused, and never crash anything."""

import gzip
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

DEEP = b'{"kind": "platform.echo", "params": {"a": ' + b"[" * 62 + b"]" * 62 + b"}}"
TOO_DEEP = b'{"kind": "platform.echo", "params": {"a": ' + b"[" * 63 + b"]" * 63 + b"}}"


def echo(params: str) -> bytes:
    return f'{{"kind": "platform.echo", "params": {params}}}'.encode()


@pytest.mark.parametrize(
    "body",
    [
        echo('{"a": "\\ud83d\\ude00"}'),
        echo('{"a": "\\\\u0000"}'),
        echo('{"a": 1e22, "b": -0.0, "c": 123456789012345678901234567890}'),
        echo('{"a": "' + "é😀" * 100 + '"}'),
        DEEP,
    ],
    ids=["surrogate pair", "escaped backslash", "large numbers", "unicode", "64 levels"],
)
def test_what_is_unusual_but_right_is_accepted_and_comes_back(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/jobs", data=body, content_type="application/json")
    assert answer.status_code == 202, answer.text
    read = client.get(f"/api/v1/jobs/{answer.get_json()['id']}")
    assert read.get_json()["params"] == json.loads(body)["params"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        echo('{"a": "\\u0000"}'),
        echo('{"\\u0000": 1}'),
        echo('{"a": "\\ud800"}'),
        echo('{"a": ["\\udc00"]}'),
        echo('{"a": 1, "a": 2}'),
        echo('{"a": NaN}'),
        echo('{"a": -Infinity}'),
        echo('{"a": 1e400}'),
        echo('{"a": ' + "9" * 5000 + "}"),
        TOO_DEEP,
        echo('{"a": ' + "[" * 30_000 + "]" * 30_000 + "}"),
        b'{"kind": "platform.echo\\u0000"}',
    ],
)
def test_what_is_not_json_that_can_be_kept_is_malformed(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/jobs", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "body_malformed"), answer.text


@pytest.mark.parametrize("packed", [gzip.compress(echo("{}")), gzip.compress(b" " * (64 << 20))], ids=["small", "bomb"])
def test_packed_bodies_are_never_unpacked(client: FlaskClient, packed: bytes) -> None:
    headers = {"Content-Encoding": "gzip"}
    answer = client.post("/api/v1/jobs", data=packed, content_type="application/json", headers=headers)
    assert answer.status_code == (400 if len(packed) <= 64 << 10 else 413), answer.text


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"7", b"{}"])
def test_json_of_another_shape_is_unprocessable(client: FlaskClient, body: bytes) -> None:
    assert client.post("/api/v1/jobs", data=body, content_type="application/json").status_code == 422


def test_another_media_type_is_unsupported(client: FlaskClient) -> None:
    refused = client.post("/api/v1/jobs", data=echo("{}"), content_type="text/plain")
    assert (refused.status_code, refused.get_json()["code"]) == (415, "media_type_unsupported")
    assert (
        client.post("/api/v1/jobs", data=echo("{}"), content_type="application/json; charset=utf-8").status_code == 202
    )


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/jobs?q=%00",
        "/api/v1/jobs?tag=a%00b",
        "/api/v1/kinds/a%00",
        "/api/v1/jobs/01920000-0000-7000-8000-000000000000/artifacts/a%00b",
        "/api/v1/docs/operations/%00",
    ],
)
def test_a_nul_in_an_address_is_malformed(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/api/v1/jobs?q=%ED%A0%80", "/api/v1/jobs?q=%FF%FE", "/api/v1/jobs?q=%25_%5C", "/api/v1/jobs?tag=%F0%9F%98%80"],
)
def test_odd_words_in_a_search_find_nothing(client: FlaskClient, address: str) -> None:
    assert client.get(address).get_json() == {"items": [], "next_cursor": None}


def test_a_body_may_be_as_large_as_the_limit_and_not_a_byte_more(client: FlaskClient) -> None:
    limit = 64 << 10
    body = echo('{"a": "')[:-1]
    full = body + b"x" * (limit - len(body) - 3) + b'"}}'
    assert len(full) == limit
    streamed: dict[str, Any] = {
        "environ_overrides": {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    }
    for content, status in [(full, 202), (full[:-3] + b'x"}}', 413), (full[:-3] + b"x" * limit + b'"}}', 413)]:
        answer = client.post("/api/v1/jobs", data=content, content_type="application/json")
        assert (answer.status_code, "problem" in answer.content_type) == (status, status == 413)
        body_stream = io.BytesIO(content)
        again = client.post("/api/v1/jobs", input_stream=body_stream, content_type="application/json", **streamed)
        assert again.status_code == status


def test_cancelling_takes_no_body_or_an_empty_one(client: FlaskClient) -> None:
    job_id = client.post("/api/v1/jobs", json={"kind": "platform.echo"}).get_json()["id"]
    address = f"/api/v1/jobs/{job_id}/cancel"
    refused = client.post(address, json={"force": True})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/force")
    assert client.post(address, json={}).status_code == 200
