"""Brokers and poolers of a test's own, where the machine has their programs; the reason to skip where it has not."""

import contextlib
import os
import pwd
import random
import shutil
import socket
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import make_url

from core.platform.servers.ports import free_port
from tests.waiting import eventually

RABBITMQ = os.environ.get("PENSTOCK_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672")
PASSWORD = "of this test alone"
SLOW_S = 120
"""How long RabbitMQ's own tool may take to start its virtual machine."""


@contextlib.contextmanager
def rabbitmq_vhost() -> Iterator[str]:
    """Make a virtual host on the machine's RabbitMQ for as long as a block lasts; its URL."""
    tool = shutil.which("rabbitmqctl", path=f"{os.environ['PATH']}:/usr/sbin")
    if tool is None or not _listens(make_url(RABBITMQ).port or 5672):
        pytest.skip("no RabbitMQ runs here")
    name = f"penstock_{uuid.uuid4().hex[:8]}"

    def ctl(*words: str) -> None:
        subprocess.run([tool, "-q", *words], capture_output=True, timeout=SLOW_S, check=True)

    try:
        ctl("add_vhost", name)
    except subprocess.CalledProcessError:
        pytest.skip("RabbitMQ lets this user make no virtual host")
    try:
        ctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
        yield f"{RABBITMQ}/{name}"
    finally:
        ctl("delete_vhost", name)


@contextlib.contextmanager
def redis_with_sentinel(folder: Path) -> Iterator[str]:
    """Run a Redis and a Sentinel that watches it; their URL."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    port, watch = (free_port(random.Random()) for _ in range(2))
    settings = folder / "sentinel.conf"
    settings.write_text(
        f"port {watch}\nbind 127.0.0.1\ndir {folder}\n"
        f"sentinel monitor mymaster 127.0.0.1 {port} 1\n"
        f'sentinel auth-pass mymaster "{PASSWORD}"\n'
    )
    plain = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--requirepass", PASSWORD]
    with contextlib.ExitStack() as stack:
        for argv in ([program, *plain], [program, str(settings), "--sentinel"]):
            stack.enter_context(_process(argv))
        eventually(lambda: _knows_its_master(watch))
        yield f"redis+sentinel://:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{watch}/0?master=mymaster"


@contextlib.contextmanager
def pooled(database_url: str, folder: Path, *, connections: int) -> Iterator[str]:
    """Run pgbouncer in transaction mode before a database, with so few connections that clients share them; its URL."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    server, port = make_url(database_url), free_port(random.Random())
    (folder / "users.txt").write_text(f'"{server.username}" "{server.password or ""}"\n')
    (folder / "pgbouncer.ini").write_text(
        "[databases]\n"
        f"* = host={server.host} port={server.port or 5432} connect_query='SET timezone = utc'\n"
        "[pgbouncer]\npool_mode = transaction\nlisten_addr = 127.0.0.1\nunix_socket_dir =\n"
        f"listen_port = {port}\ndefault_pool_size = {connections}\nmax_client_conn = 200\n"
        f"auth_type = {'scram-sha-256' if server.password else 'trust'}\nauth_file = {folder}/users.txt\n"
        "ignore_startup_parameters = options\n"
    )
    folder.chmod(0o755)
    as_user = ["-u", _somebody(folder)] if os.geteuid() == 0 else []
    with _process([program, *as_user, str(folder / "pgbouncer.ini")]):
        eventually(lambda: _listens(port))
        yield server.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)


def _somebody(folder: Path) -> str:
    """Name a user without rights, as pgbouncer does not run as root, and let that user in."""
    for above in [*folder.parents][:3]:
        above.chmod(above.stat().st_mode | 0o011)
    return pwd.getpwnam("nobody").pw_name


@contextlib.contextmanager
def _process(argv: list[str]) -> Iterator[None]:
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _knows_its_master(port: int) -> bool:
    try:
        with redis.Redis(port=port, decode_responses=True) as sentinel:
            return "ok" in str(sentinel.sentinel_master("mymaster").get("flags", "")) or bool(
                sentinel.sentinel_master("mymaster").get("is_master")
            )
    except redis.RedisError:
        return False


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
