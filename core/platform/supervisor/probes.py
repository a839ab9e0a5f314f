"""How a process shows that it is ready: an HTTP answer, an open port, a file."""

import http.client
import socket
from contextlib import closing, suppress

# A probe is repeated many times a second by a loop that must not wait long for a process that is still starting.
PATIENCE_S = 0.25


def http_answers(port: int, path: str) -> bool:
    """Tell whether a GET on the loopback is answered with 200."""
    with (
        suppress(OSError, http.client.HTTPException),
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection,
    ):
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    return False


def port_answers(port: int) -> bool:
    """Tell whether somebody listens on the loopback."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S):
        return True
    return False
