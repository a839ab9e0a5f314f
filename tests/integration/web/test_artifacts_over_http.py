"""Uploading and downloading artifacts."""

import hashlib
import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from core.database import Database
from core.platform.access import Role

CONTENT = bytes(range(256)) * 4
LIMIT = 128 << 10


@pytest.fixture
def address(client: FlaskClient, submit: Callable[..., UUID], web_database: Database) -> str:
    """The address of an artifact that a job left: an upload given to it."""
    job_id = submit()
    uploaded = client.post("/api/v1/artifacts?name=plot (1).png", data=CONTENT, content_type="image/png").get_json()
    with web_database.transaction() as session:
        session.execute(
            text("UPDATE artifacts SET job_id = :job_id WHERE id = :id"),
            {"job_id": job_id, "id": uploaded["artifact_id"]},
        )
    listed = client.get(f"/api/v1/jobs/{job_id}/artifacts").get_json()["items"]
    assert [(each["name"], each["bytes"]) for each in listed] == [("plot (1).png", len(CONTENT))]
    return str(listed[0]["url"])


def test_an_upload_is_stored_under_its_hash(client: FlaskClient) -> None:
    answer = client.post("/api/v1/artifacts?name=a.csv", data=CONTENT, content_type="text/csv; charset=utf-8")
    assert answer.status_code == 201
    stored = answer.get_json()
    assert UUID(stored.pop("artifact_id"))
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert stored == {"bytes": len(CONTENT), "sha256": sha256, "content_type": "text/csv; charset=utf-8"}


def test_a_download_is_whole_typed_and_never_shown_inline(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.data, answer.content_type) == (200, CONTENT, "image/png")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plot (1).png"'
    assert client.head(address).content_length == len(CONTENT)


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("0-9", 0, 10), ("1000-", 1000, 1024), ("-5", 1019, 1024), ("1023-5000", 1023, 1024)]
)
def test_ranges_are_served(client: FlaskClient, address: str, wanted: str, start: int, end: int) -> None:
    answer = client.get(address, headers={"Range": f"bytes={wanted}"})
    assert (answer.status_code, answer.data) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/1024"


@pytest.mark.parametrize("header", ["lines=0-1", "bytes=0-1,4-5", "bytes=5-2", "nonsense"])
def test_what_is_not_one_range_of_bytes_is_ignored(client: FlaskClient, address: str, header: str) -> None:
    answer = client.get(address, headers={"Range": header})
    assert (answer.status_code, answer.data) == (200, CONTENT)


def test_a_range_beyond_the_end_is_not_satisfiable(client: FlaskClient, address: str) -> None:
    refused = client.get(address, headers={"Range": "bytes=1024-"})
    assert (refused.status_code, refused.content_type) == (416, "application/problem+json")
    assert refused.headers["Content-Range"] == "bytes */1024"


def test_bytes_that_a_client_has_are_not_sent_again(client: FlaskClient, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    changed = client.get(address, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert (changed.status_code, changed.data) == (200, CONTENT)


@pytest.mark.parametrize(("beyond", "status"), [(0, 201), (1, 413)])
def test_an_upload_has_its_limit(client: FlaskClient, beyond: int, status: int) -> None:
    content = b"x" * (LIMIT + beyond)
    assert client.post("/api/v1/artifacts?name=a", data=content).status_code == status
    streamed = client.post(
        "/api/v1/artifacts?name=a",
        input_stream=io.BytesIO(content),
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert streamed.status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [("a", 201), ("a" * 200, 201), ("a" * 201, 422), ("", 422), ("../a", 422), (".a", 422), ("a/b", 422), ("%22", 422)],
)
def test_an_artifacts_name_has_its_range(client: FlaskClient, name: str, status: int) -> None:
    assert client.post(f"/api/v1/artifacts?name={name}", data=b"1").status_code == status


def test_an_upload_needs_a_name_a_media_type_and_a_permission(
    client: FlaskClient, client_of: Callable[..., FlaskClient]
) -> None:
    assert client.post("/api/v1/artifacts", data=b"1").get_json()["errors"][0]["pointer"] == "/name"
    assert client.post("/api/v1/artifacts?name=a", data=b"1", content_type="nonsense").status_code == 422
    assert client_of(Role.VIEWER).post("/api/v1/artifacts?name=a", data=b"1").status_code == 403


def test_a_missing_artifact_is_missing(client: FlaskClient, submit: Callable[..., UUID]) -> None:
    answer = client.get(f"/api/v1/jobs/{submit()}/artifacts/none")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "artifact_missing")
