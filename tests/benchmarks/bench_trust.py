"""`penstock bench trust`: what audit and sealing cost, as ratios in one run: turns of both sides, medians, CPU time."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import text

from core import migration
from core.config import Settings
from core.crypto import Keyring, decrypt, derived_master_key, encrypt
from core.database import Database, connect
from core.jobs import submission
from core.platform.access import Principal, Role
from core.platform.audit import chain, entries
from core.platform.audit.entries import DONE, Entry
from core.platform.audit.verification import verify
from core.platform.keys import make_key, remember_key
from core.platform.servers.embedded import Urls, running
from core.platform.tenants import ensure_tenant
from webapp.app import create_app
from webapp.process import EXTENSION, WebProcess

BODY = {"kind": "platform.echo", "params": {"hello": "world"}}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=300, help="in each turn (default 300)")
    parser.add_argument("--turns", type=int, default=5, help="of each side (default 5)")
    parser.add_argument("--entries", type=int, default=10_000, help="chained and verified (default 10,000)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), environ={}) as urls:
        migration.upgrade(urls.database)
        rows = [*submissions(urls, Path(folder), given.requests, given.turns), *sealing(), *trail(urls, given.entries)]
    sys.stdout.write("| figure | measured |\n| --- | --- |\n")
    sys.stdout.writelines(f"| {name} | {figure} |\n" for name, figure in rows)


def submissions(urls: Urls, folder: Path, requests: int, turns: int) -> list[tuple[str, str]]:
    """Compare submissions with and without an entry in the trail: CPU of the web process, in turns."""
    settings = Settings(
        *(urls.database, urls.redis, f"file://{folder}/artifacts", folder, 0, "json", "ERROR"),
        *(1 << 20, 1 << 20, 30.0, 30, 4),
        secret_key="a key for a benchmark, of no worth elsewhere",
    )
    app = create_app(settings)
    process: WebProcess = app.extensions[EXTENSION]
    client, key = app.test_client(), make_key()
    with process.database.everywhere().transaction() as session:
        remember_key(session, key, tenant_id=ensure_tenant(session, "local"), name="bench", role=Role.ADMIN)
    headers = {"Authorization": f"Bearer {key}"}
    sides: dict[str, list[float]] = {}
    for turn in range(turns + 1):
        for name, side in (("without", untold(process)), ("with", nullcontext())):
            with side:
                took = _cpu_ms(lambda: _post(client, headers), requests)
            if turn:
                sides.setdefault(name, []).append(took)
    process.database.engine.dispose()
    added = [one - other for one, other in zip(sides["with"], sides["without"], strict=True)]
    ratios = [one / other for one, other in zip(sides["with"], sides["without"], strict=True)]
    return [
        ("submission without an entry, CPU of the web process", f"{statistics.median(sides['without']):.2f} ms"),
        (
            "an entry of the audit trail adds",
            f"{statistics.median(added):.2f} ms ({min(added):.2f} to {max(added):.2f})",
        ),
        ("with to without", f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"),
    ]


@contextmanager
def untold(process: WebProcess) -> Iterator[None]:
    """Have submissions recorded without an entry, and nothing spent on one."""
    at_once = submission.submit_at_once

    def without_entry(*words: Any, told: object, **named: Any) -> dict[str, Any]:
        return at_once(*words, **named)

    with ExitStack() as stack:
        stack.enter_context(patch.object(submission, "submit_at_once", without_entry))
        for name in ("tell", "foretell"):
            stack.enter_context(patch.object(type(process.auditor), name, lambda *_: None))
        yield


def sealing() -> list[tuple[str, str]]:
    """Compare sealing a short value with Fernet, the recipe of the same library."""
    key, fernet, value = bytes(32), Fernet(Fernet.generate_key()), b"ada@example.org"
    ours, theirs = encrypt(key, value, b"place"), fernet.encrypt(value)
    sealed = _cpu_ms(lambda: decrypt(key, encrypt(key, value, b"place"), b"place"), 5_000) * 1000
    peer = _cpu_ms(lambda: fernet.decrypt(fernet.encrypt(value)), 2_000) * 1000
    return [
        ("sealing and opening 15 bytes; Fernet", f"{sealed:.1f} µs; {peer:.1f} µs ({sealed / peer:.2f} ×)"),
        ("their size; Fernet", f"{len(ours)}; {len(theirs)} bytes"),
    ]


def trail(urls: Urls, count: int) -> list[tuple[str, str]]:
    """Chain and verify a trail: what it takes of this process and by the clock."""

    database: Database = connect(urls.database, keyring=Keyring([derived_master_key("bench" * 8)]))
    tenant_id = uuid4()
    who = Principal(uuid4(), tenant_id, Role.ADMIN, "bench")
    with database.transaction() as session:
        for _ in range(count):
            entries.append(session, Entry(tenant_id, "POST /jobs", DONE, "/api/v1/jobs", who, 202))
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    chain.chain_all(database)
    chained_s, chained_cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    began_s, checked = time.perf_counter(), 0
    where: dict[str, object] = {}
    while True:
        with database.transaction() as session:
            found = verify(session, tenant_id, **where)  # type: ignore[arg-type]  # its own answers
        checked += found.checked
        if found.complete:
            break
        where = {"after_seq": found.seq, "after_hash": found.hash}
    verified_s = time.perf_counter() - began_s
    with database.statements() as session:
        size = session.scalar(text("SELECT pg_total_relation_size('audit_entries')"))
    database.engine.dispose()
    assert found.flaw is None, found.flaw
    return [
        ("chaining, entries a second; CPU each", f"{count / chained_s:,.0f}; {chained_cpu_s / count * 1e6:.0f} µs"),
        ("verifying, entries a second", f"{checked / verified_s:,.0f}"),
        ("an entry takes, indexes and all", f"{int(size or 0) / count:,.0f} bytes"),
    ]


def _post(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/jobs", json=BODY, headers=headers)
    assert answer.status_code == 202, answer.text


def _cpu_ms(deed: Callable[[], object], times: int) -> float:
    began_s = time.process_time()
    for _ in range(times):
        deed()
    return (time.process_time() - began_s) / times * 1000


if __name__ == "__main__":
    main()
