"""A relay killed in the midst of a delivery: whoever comes next makes it, under the same id."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from penstock_client import verify_signature

from tests.acceptance.faults.rig import Rig
from tests.waiting import eventually

SECOND_LOOK = "UPDATE webhook_deliveries SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL RETURNING id"


@contextmanager
def listening(secret: str, ids: list[str], answering: threading.Event) -> Iterator[str]:
    """Keep the ids of deliveries, and answer only once that is allowed."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ids.append(verify_signature(secret, dict(self.headers), body))
            answering.wait(60)
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        answering.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_delivery_outlives_its_courier(rig: Rig) -> None:
    secret = rig.http.get("/webhooks/secret").json()["secret"]
    ids: list[str] = []
    answering = threading.Event()
    with listening(secret, ids, answering) as url:
        job_id = rig.submit("platform.echo", {}, callback_url=url)
        eventually(lambda: ids)
        former = rig.kill("relay")
        answering.set()
        rig.await_return("relay", former)
        assert len(rig.query(SECOND_LOOK)) == 1  # the lease of the dead, shortened
        eventually(lambda: rig.query("SELECT FROM webhook_deliveries WHERE delivered_at IS NOT NULL"))
    assert len(ids) == 2
    assert len(set(ids)) == 1
    (told,) = rig.http.get(f"/jobs/{job_id}/deliveries").json()["items"]
    assert (told["id"], told["state"], told["attempts"]) == (ids[0], "delivered", 2)
