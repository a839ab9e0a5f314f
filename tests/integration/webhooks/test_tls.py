"""Deliveries over TLS: to a receiver whose certificate is trusted and names it, and to no other."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.clock import utc_now
from core.platform.addresses import Border
from core.platform.webhooks.sending import Attempt, Sender
from tests.integration.webhooks.conftest import HERE

GOT: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        GOT.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiving(certificate: Path) -> Iterator[int]:
    """Receive over TLS with a certificate and its key, both in one file; gives the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who refuses the certificate hangs up
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def certify(tmp_path: Path) -> Callable[..., Path]:
    """Make a certificate that signs itself, for these names and this long; return the file with it and its key."""

    def make(*names: str, ended_ago: timedelta = -timedelta(days=1)) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
        now = utc_now()
        alternatives: list[x509.GeneralName] = [x509.IPAddress(ip_address("127.0.0.1"))] if "ip" in names else []
        alternatives += [x509.DNSName(each) for each in names if each != "ip"]
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now - ended_ago)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.pem"
        pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        plain = serialization.NoEncryption()
        path.write_bytes(key.private_bytes(pem, private, plain) + built.public_bytes(pem))
        return path

    return make


def send(url: str, trusted: Path | None) -> Attempt:
    trust = ssl.create_default_context(cafile=trusted)
    border = Border(HERE, resolve=lambda *_: ["127.0.0.1"])
    return Sender(border, 30.0, certificates=trust).send(url, b"{}", {"content-type": "application/json"})


@pytest.fixture(autouse=True)
def _nothing_got() -> None:
    GOT.clear()


def test_a_delivery_arrives_at_a_receiver_that_is_trusted(certify: Callable[..., Path]) -> None:
    certificate = certify("receiver.example", "ip")
    with receiving(certificate) as port:
        assert send(f"https://receiver.example:{port}/hook", certificate).succeeded
        assert send(f"https://127.0.0.1:{port}/hook", certificate).succeeded
    assert GOT == [b"{}", b"{}"]


def test_nothing_is_told_to_one_that_nobody_vouches_for(certify: Callable[..., Path]) -> None:
    with receiving(certify("receiver.example")) as port:
        attempt = send(f"https://receiver.example:{port}/hook", certify("receiver.example"))
    assert attempt.error is not None
    assert "certificate" in attempt.error.lower()
    assert GOT == []


def test_nor_to_one_of_another_name(certify: Callable[..., Path]) -> None:
    certificate = certify("somebody.example")
    with receiving(certificate) as port:
        attempt = send(f"https://receiver.example:{port}/hook", certificate)
    assert attempt.error is not None
    assert "receiver.example" in attempt.error
    assert GOT == []


def test_nor_to_one_whose_certificate_has_expired(certify: Callable[..., Path]) -> None:
    certificate = certify("receiver.example", ended_ago=timedelta(minutes=1))
    with receiving(certificate) as port:
        attempt = send(f"https://receiver.example:{port}/hook", certificate)
    assert attempt.error is not None
    assert "expired" in attempt.error
    assert GOT == []


def test_a_receiver_that_does_not_speak_tls_is_told_as_such(certify: Callable[..., Path]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    attempt = send(f"https://receiver.example:{server.server_port}/hook", None)
    server.shutdown()
    thread.join()
    server.server_close()
    assert (attempt.status, attempt.succeeded) == (None, False)
    assert GOT == []
