"""Keys over HTTP: rotated by admins, while everything stays as it was; never shown."""

from collections.abc import Callable

from core.database import Database
from core.platform.access import Role
from core.platform.sealing import rotation
from tests.integration.web.conftest import KeyClient

URL = "jsons://user:a-secret-word@example.org/"


def test_a_rotation_from_its_beginning_to_its_end(client: KeyClient, web_database: Database) -> None:
    assert client.get("/api/v1/secrets").get_json() == {"keys": 0, "oldest_at": None, "retired": 0, "outdated": {}}
    client.post("/api/v1/notification-channels", json={"name": "ops", "url": URL})
    assert client.get("/api/v1/secrets").get_json()["keys"] == 1
    rotated = client.post("/api/v1/secrets/rotate")
    assert rotated.status_code == 202
    assert rotated.get_json()["outdated"] == {"notification_channels.url": 1}
    rotation.go_on(web_database.everywhere())
    found = client.get("/api/v1/secrets").get_json()
    assert (found["keys"], found["retired"], found["outdated"]) == (1, 1, {})


def test_only_admins_may(client_of: Callable[..., KeyClient]) -> None:
    operator = client_of(Role.OPERATOR)
    assert {operator.get("/api/v1/secrets").status_code, operator.post("/api/v1/secrets/rotate").status_code} == {403}
