import json
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2

from core.platform.passes import LIFE, PassOffice
from core.platform.servers.credentials import load_credentials
from core.platform.servers.folder import DataFolder
from tests.platforms import Platform


def test_flower_shows_nothing_without_its_login(platform: Platform) -> None:
    flower = urlsplit(json.loads((platform.data_dir / "run" / "endpoint.json").read_text())["flower_url"])
    address = f"http://{flower.hostname}:{flower.port}"
    for path in ("/", "/workers", "/tasks", "/broker", "/metrics", "/api/workers", "/api/tasks", "/api/queues/length"):
        assert httpx2.get(address + path, timeout=30).status_code == 401, path
        assert httpx2.get(address + path, auth=("penstock", "wrong"), timeout=30).status_code == 401, path
    mine = (str(flower.username), str(flower.password))
    assert httpx2.get(f"{address}/metrics", auth=mine, timeout=30).status_code == 200


def test_a_pass_of_the_dashboard_leads_into_flower_once_and_no_other_does(platform: Platform) -> None:
    flower = urlsplit(json.loads((platform.data_dir / "run" / "endpoint.json").read_text())["flower_url"])
    address = f"http://{flower.hostname}:{flower.port}"
    secret = load_credentials(DataFolder(platform.data_dir)).secret_key
    now, back = datetime.now(UTC), f"{platform.url}/dashboard/admin/flower"
    good = PassOffice.of(secret).issue("member 1", back, now=now)
    late = PassOffice.of(secret).issue("member 1", back, now=now - LIFE)
    forged = PassOffice.of("another secret").issue("member 1", back, now=now)
    with httpx2.Client(base_url=address, timeout=30) as browser:
        for refused in ("", "nonsense", late, forged):
            assert browser.get("/enter", params={"pass": refused}).status_code == 403, refused
            assert browser.get("/workers").status_code == 401
        assert browser.get("/enter", params={"pass": good}).status_code == 302
        assert browser.get("/workers").status_code == 200
        assert browser.get("/api/workers").status_code == 200
        assert browser.get("/enter", params={"pass": good}).status_code == 403
    assert httpx2.get(f"{address}/enter", params={"pass": good}, timeout=30).status_code == 403


def test_flower_shows_tasks_named_by_their_kind(platform: Platform) -> None:
    """Workers tell of their tasks only while Flower asks, which it does again and again."""
    flower = urlsplit(json.loads((platform.data_dir / "run" / "endpoint.json").read_text())["flower_url"])
    address = f"http://{flower.hostname}:{flower.port}/api/tasks"
    give_up_at = time.monotonic() + 90
    while True:
        platform.client.submit("platform.echo", {}).result(timeout=60)
        shown = httpx2.get(address, auth=(str(flower.username), str(flower.password)), timeout=30)
        assert shown.status_code == 200
        if "platform.echo" in {task["name"] for task in shown.json().values()}:
            return
        assert time.monotonic() < give_up_at, shown.text
