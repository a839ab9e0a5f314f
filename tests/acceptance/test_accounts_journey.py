"""Accounts as an admin and a member live with them: by command line, client and API."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from penstock_client import Client, Denied, Refused, log_in

from tests.platforms import Platform
from webapp.cli._checkout import CHECKOUT, own_environ


@pytest.fixture
def penstock(platform: Platform, tmp_path: Path) -> Any:
    """Run a command against the platform as somebody whose state folder is this test's own."""

    def run(*words: str, stdin: str = "") -> Any:
        ended = subprocess.run(
            [sys.executable, "-m", "webapp.cli", *words, "--data-dir", str(platform.data_dir), "--json"],
            cwd=CHECKOUT,
            env={**os.environ, **own_environ(), "XDG_STATE_HOME": str(tmp_path)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout or "null")

    return run


def test_a_tenant_its_admin_a_key_and_a_quota(platform: Platform, penstock: Any, tmp_path: Path) -> None:
    slug, email = f"acme-{uuid.uuid4().hex[:8]}", f"{uuid.uuid4().hex[:8]}@example.org"
    assert penstock("tenants", "add", slug)["slug"] == slug
    given = penstock("members", "add", email, "--role", "admin", "--tenant", slug)["password"]
    with pytest.raises(Refused) as refused:
        log_in(platform.url, email, given)
    assert refused.value.code == "password_change_required"
    log_in(platform.url, email, given, new_password="twelve letters and more")

    penstock("login", email, "--password-stdin", stdin="twelve letters and more\n")
    assert (tmp_path / "penstock" / "logins.json").stat().st_mode & 0o077 == 0
    me = penstock("whoami")
    assert (me["name"], me["tenant"]["slug"], me["type"]) == (email, slug, "member")
    made = penstock("keys", "add", "ci", "--role", "submitter", "--scope", "jobs:submit", "--scope", "jobs:read")
    penstock("logout")
    assert penstock("whoami")["name"] == "local admin"

    penstock("quotas", "set", slug, "--jobs-per-day", "2")
    with Client(platform.url, made["key"], patience_s=0) as client:
        jobs = [client.submit("platform.echo", {"n": n}) for n in range(2)]
        assert [job.result(timeout=60) for job in jobs] == [{"n": 0}, {"n": 1}]
        with pytest.raises(Refused) as full:
            client.submit("platform.echo")
        assert full.value.code == "quota_exceeded"
        with pytest.raises(Denied):
            client.collection("members").read()
        mine = {item.id for item in client.jobs()}
    assert mine == {job.id for job in jobs}
    assert mine.isdisjoint(job.id for job in platform.client.jobs(kind="platform.echo"))
