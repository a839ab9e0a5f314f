import json
import time
from urllib.parse import urlsplit

import httpx2

from tests.acceptance.conftest import Platform


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
